// SPDX-License-Identifier: GPL-2.0-or-later
#include "recipes.h"

#include <array>
#include <cstddef>
#include <sstream>

#include "goldens.h"
#include "recipe_changes.h"

namespace tcpteardown::test {
namespace {

using namespace changes;

using Change = std::string (*)(Events&, std::size_t, Dice&);
constexpr std::array<Change, 24> kChanges{
    exact_time,   exact_time,    exact_time,    exact_time,     alone_at_time, stretch,
    ends_later,   missing_range, first_or_last, sender_missing, moved,         repeated,
    repeated,     other_kind,    inserted,      inserted,       icmp_error,    like_another,
    like_another, other_size,    other_text,    numbers_jump,   other_header,  other_header};

std::string change_something(Events& events, Dice& dice) {
  const std::size_t at = dice.throw_below(events.size());
  const std::size_t kind = dice.throw_below(kChanges.size() * 8);
  // Rare ones.
  if (kind == 0) return "frame 1: " + new_connection(events, at, dice);
  if (kind == 1) return frame_name(at) + ": " + as_sent_by_peer(events, at, dice);
  const std::string what = kChanges.at(kind % kChanges.size())(events, at, dice);
  return what.empty() ? "" : frame_name(at) + ": " + what;
}

}  // namespace

Retold retell(const Exchange& base, std::uint64_t seed) {
  Retold told{.changes = "", .events = base.events};
  Dice dice{seed * 0x100000001b3 + 0xcbf29ce484222325};  // seeds that follow each other throw others
  const std::size_t count = 1 + dice.throw_below(5);
  for (std::size_t i = 0; i < count && !told.events.empty(); ++i) {
    const std::string what = change_something(told.events, dice);
    if (!what.empty()) told.changes += (told.changes.empty() ? "" : ", ") + what;
  }
  return told;
}

std::vector<Recipe> kept_recipes(const std::string& root) {
  std::istringstream lines{content_of(root + "/tests/captures/answers/recipes.tsv")};
  std::vector<Recipe> recipes;
  std::string line;
  std::getline(lines, line);  // the heading
  while (std::getline(lines, line)) {
    std::istringstream cells{line};
    Recipe& recipe = recipes.emplace_back();
    cells >> recipe.base >> recipe.seed;
  }
  return recipes;
}

}  // namespace tcpteardown::test
