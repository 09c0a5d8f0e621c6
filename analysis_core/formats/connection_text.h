// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "formats/output.h"
#include "report/report.h"

namespace tcpteardown {

// Text that is safe to print: what a packet or file name brought may not steer the terminal.
[[nodiscard]] std::string printable(std::string_view text);

// All that is said about one connection, for people: the answer first, then its findings by kind,
// each with its frames, then what to do next, and the drawing if the report has one. Lines of at most as many
// columns that the layout says; the drawing takes what it needs.
[[nodiscard]] std::string connection_text(const Report& report, const TextLayout& layout = {});

inline constexpr std::size_t kTextWidth = 110;  // where there is no terminal

}  // namespace tcpteardown
