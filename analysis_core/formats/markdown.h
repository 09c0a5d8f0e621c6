// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "verdict/verdict.h"

namespace tcpteardown {

// The page of one verdict in Markdown that also reads well in a terminal; ends with a line end.
[[nodiscard]] std::string verdict_page(const Verdict& verdict);
// VERDICTS.md: an introduction, all verdicts in a table, their pages, and how to tell a forged RST.
[[nodiscard]] std::string verdicts_markdown();

// The exchange of a page as a drawing; `notation` is described in markdown_ladder.cpp.
[[nodiscard]] std::string draw_ladder(std::string_view notation);

}  // namespace tcpteardown
