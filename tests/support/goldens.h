// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "evidence/teardown.h"
#include "tracking/connection_table.h"

// Pages that hold what is said and judged of every script and capture today, so that a diff shows each
// change. The target bless rewrites them; tests/catalogue and tests/captures compare.
namespace tcpteardown::test {

struct Golden {
  std::string path;  // below tests/
  std::string text;
};

// catalogue/sentences/<folder>.golden: each connection's main fields and all of its texts, one item a line.
[[nodiscard]] std::vector<Golden> sentence_goldens(const std::string& root);

// catalogue/overlaps.golden: every row of the catalogue that holds for each connection, in order; the first
// is the verdict.
[[nodiscard]] std::vector<Golden> overlap_goldens(const std::string& root);

// captures/answers/<folder>.tsv: every judged field of every connection of all captures and scripts, one
// connection a line, one field a column.
[[nodiscard]] std::vector<Golden> answer_goldens(const std::string& root);

// A capture or script, and the page that has its answers: lab/graceful, real, scripts/abort-crossed.
struct AnswerFile {
  std::string path;
  std::string folder;
};
[[nodiscard]] std::vector<AnswerFile> answer_files(const std::string& root);

// Its lines.
[[nodiscard]] std::string answers_of(const std::string& name, const ConnectionTable& table,
                                     const Settings& settings = {});

// The line of one connection, all sentences that are said of it, and both.
[[nodiscard]] std::string answer_of(const Connection& connection, CaptureEnd end);
[[nodiscard]] std::string words_of(const Connection& connection, CaptureEnd end);
[[nodiscard]] std::string answer_in_words(const Connection& connection, CaptureEnd end);

// captures/answers/recipes.tsv: what is answered to each kept recipe (recipes.h), one line: what is changed,
// the verdicts, and sums over every judged field and sentence. Recipes are kept in that page; bless writes
// the rest of it.
[[nodiscard]] std::vector<Golden> recipe_goldens(const std::string& root);

// captures/answers/variants.tsv: each script in all its variants (variants.h), one line: how many, which
// verdicts, and a sum over every judged field of all of them.
[[nodiscard]] std::vector<Golden> variant_goldens(const std::string& root);

// The files of these kinds that are there, sorted; their paths as above.
[[nodiscard]] std::vector<std::string> stored_goldens(const std::string& root);

[[nodiscard]] std::string content_of(const std::string& path);

// The first line in which they differ, as "line 7: is … was …"; empty if there is none.
[[nodiscard]] std::string first_difference(const std::string& now, const std::string& stored);

}  // namespace tcpteardown::test
