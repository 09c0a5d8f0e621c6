// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

// Pages that hold what is said and judged of every script today, so that a diff shows each change. The target
// bless rewrites them; tests/catalogue compares.
namespace tcpteardown::test {

struct Golden {
  std::string path;  // below tests/catalogue
  std::string text;
};

// sentences/<folder>.golden: each connection's main fields and all of its texts, one item a line.
[[nodiscard]] std::vector<Golden> sentence_goldens(const std::string& scripts);

// overlaps.golden: every row of the catalogue that holds for each connection, in order; the first is the
// verdict.
[[nodiscard]] std::vector<Golden> overlap_goldens(const std::string& scripts);

[[nodiscard]] std::vector<Golden> all_goldens(const std::string& scripts);

// The files of that kind that are there, sorted.
[[nodiscard]] std::vector<std::string> goldens_below(const std::string& folder);

// The first line in which they differ, as "line 7: is … was …"; empty if there is none.
[[nodiscard]] std::string first_difference(const std::string& now, const std::string& stored);

}  // namespace tcpteardown::test
