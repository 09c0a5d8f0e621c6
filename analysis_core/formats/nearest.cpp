// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/nearest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "verdict/verdict.h"

namespace tcpteardown {
namespace {

// Optimal string alignment distance: two letters that changed places count once.
std::size_t distance(std::string_view x, std::string_view y) {
  std::vector<std::size_t> before(y.size() + 1);
  std::vector<std::size_t> last(y.size() + 1);
  std::vector<std::size_t> now(y.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= x.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= y.size(); ++j) {
      const std::size_t changed = last[j - 1] + (x[i - 1] == y[j - 1] ? 0U : 1U);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, changed});
      const bool crossed = i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1];
      if (crossed) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(now);
  }
  return last.back();
}

constexpr std::size_t kLongest = 40;  // no known word is longer

// Half remembered: it begins like that, and there is more.
bool is_start(std::string_view word, std::string_view known) {
  constexpr std::size_t kLeast = 4;
  return word.size() >= kLeast && known.starts_with(word);
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  std::string_view best;
  if (word.empty() || word.size() > kLongest) return best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 4) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t apart = is_start(word, candidate) ? 1 : distance(word, candidate);
    if (apart >= least) continue;
    least = apart;
    best = candidate;
  }
  return best;
}

std::string_view nearest_verdict(std::string_view slug) {
  std::vector<std::string_view> slugs;
  for (const Verdict& verdict : catalogue()) slugs.push_back(verdict.slug);
  return nearest(slug, slugs);
}

}  // namespace tcpteardown
