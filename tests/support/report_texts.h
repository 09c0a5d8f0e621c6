// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

// What a report says in words. Whoever tests words asks here, so that only this place knows where they are
// kept.
namespace tcpteardown::test {

struct Text {
  std::string kind;    // summary, explanation, advice, or the kind of a finding
  std::string frames;  // "31", "17 29"; empty: the text names its frames itself
  std::string text;    // one sentence or clause
};

// All of them in the order in which they are shown, one sentence each.
[[nodiscard]] std::vector<Text> texts_of(const Report& report);

// A paragraph's sentences. A full stop or question mark with a blank behind it ends one.
[[nodiscard]] std::vector<std::string> sentences_of(std::string_view paragraph);

}  // namespace tcpteardown::test
