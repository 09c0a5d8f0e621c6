// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "verdict/judge.h"

// The words of each verdict: what decides is in verdict/, what is said about it is here.
namespace tcpteardown {

// Texts with places to fill in, written {like_this}; the places are listed in report/places.h.
struct Words {
  std::string_view slug;
  std::string_view sentence;  // one line: who did what in which frame, and was anything lost
  std::string_view account;   // the expert's answer: what the frames show, and the runner-up
  std::string_view advice;    // what to check next
  // The page of the verdict in VERDICTS.md and `tcpteardown explain`, without places
  std::string_view meaning;
  std::string_view ladder;  // how it looks on the wire, as one would draw it
  std::string_view applications;
  std::string_view confused_with;
};

// The words of a verdict; every slug of the catalogue has some (tests/catalogue checks it).
[[nodiscard]] const Words* find_words(std::string_view slug);
[[nodiscard]] std::span<const Words> all_words();

// The three texts of a report, filled in.
[[nodiscard]] std::string make_summary(const Judgement& judgement);
[[nodiscard]] std::string make_explanation(const Judgement& judgement);
[[nodiscard]] std::string make_advice(const Judgement& judgement);

}  // namespace tcpteardown
