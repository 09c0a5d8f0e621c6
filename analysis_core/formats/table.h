// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tcpteardown {

enum class Align : std::uint8_t { left, right };
using Cells = std::vector<std::string>;

inline constexpr std::size_t kNoWidth = static_cast<std::size_t>(-1);

// Columns as wide as their widest cell, two spaces in front of each, no blanks at line ends. A row of one
// cell is a line of its own. The last column goes on below itself where it would pass `width`.
void append_table(std::string& out, const std::vector<Cells>& rows, std::span<const Align> aligns,
                  std::size_t width = kNoWidth);

[[nodiscard]] std::string digits(std::uint64_t value);  // never grouped: frames and streams, to filter by
// Nothing is "-": a column of zeros hides the numbers that matter.
[[nodiscard]] std::string grouped_or_dash(std::uint64_t value);

}  // namespace tcpteardown
