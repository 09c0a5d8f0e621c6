// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "variants.h"

// A script or recording in which several things are changed at once, all of them chosen by a seed: a time
// becomes exactly that of a threshold, a frame takes another one's number or hop limit, a RST comes between.
// Those that are kept each tell two rules apart that nothing else does; tests/mutants/run --search finds
// them.
namespace tcpteardown::test {

struct Recipe {
  std::string base;  // below the checkout: tests/scripts/… or captures/…
  std::uint64_t seed = 0;
};

struct Retold {
  std::string changes;  // "frame 4: at the same time, frame 2: TTL of frame 7"
  std::vector<Event> events;
};

// Points into the exchange's bytes.
[[nodiscard]] Retold retell(const Exchange& base, std::uint64_t seed);

// Those of tests/captures/answers/recipes.tsv.
[[nodiscard]] std::vector<Recipe> kept_recipes(const std::string& root);

}  // namespace tcpteardown::test
