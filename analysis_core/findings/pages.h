// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "verdict/verdict.h"

// The page of each verdict in VERDICTS.md and `tcpteardown explain`, which knows no connection.
namespace tcpteardown {

struct Page {
  VerdictId id = {};
  std::string_view meaning;
  std::string_view ladder;  // how it looks on the wire, as one would draw it: see formats/markdown_ladder.cpp
  std::string_view applications;
  std::string_view confused_with;
  std::string_view harmless_form = {};  // of rows that have one
};

[[nodiscard]] std::span<const Page> pages_of_setup();
[[nodiscard]] std::span<const Page> pages_of_graceful();
[[nodiscard]] std::span<const Page> pages_of_half_closed();
[[nodiscard]] std::span<const Page> pages_of_abort();
[[nodiscard]] std::span<const Page> pages_of_reactive();
[[nodiscard]] std::span<const Page> pages_of_timeout();
[[nodiscard]] std::span<const Page> pages_of_the_rest();  // interference, open, inconclusive

// Every row of the catalogue has one (tests/catalogue checks it).
[[nodiscard]] const Page& page_of(VerdictId id);

}  // namespace tcpteardown
