// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/table.h"

#include <algorithm>

#include "findings/phrasing.h"
#include "formats/output_format.h"

namespace tcpteardown {
namespace {

// Less room than this is no column; the line gets longer instead (our choice).
constexpr std::size_t kLeastColumn = 30;

// Cells are ASCII but for file names and the micro sign; a code point takes a column.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string padded(const std::string& cell, Align align, std::size_t width) {
  const std::size_t used = columns(cell);
  const std::string blanks(width > used ? width - used : 0, ' ');
  return align == Align::left ? cell + blanks : blanks + cell;
}

std::vector<std::size_t> widths_of(const std::vector<Cells>& rows, std::size_t count) {
  std::vector<std::size_t> widths(count);
  for (const Cells& row : rows) {
    if (row.size() != count) continue;
    for (std::size_t i = 0; i < count; ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  return widths;
}

// The last cell in lines, the first of them behind `line`.
void append_wrapped(std::string& line, const std::string& cell, std::size_t width) {
  const std::size_t indent = line.size();
  if (width == kNoWidth || indent + kLeastColumn > width) {
    line += cell;
    return;
  }
  std::string lines = wrapped(cell, width, std::string(indent, ' '));
  if (!lines.empty()) lines.pop_back();  // its line end
  line += lines.substr(std::min(indent, lines.size()));
}

}  // namespace

void append_table(std::string& out, const std::vector<Cells>& rows, std::span<const Align> aligns,
                  std::size_t width) {
  const std::vector<std::size_t> widths = widths_of(rows, aligns.size());
  for (const Cells& row : rows) {
    std::string line;
    if (row.size() != aligns.size()) {
      for (const std::string& cell : row) line += cell;
    } else {
      for (std::size_t i = 0; i + 1 < row.size(); ++i) line += "  " + padded(row[i], aligns[i], widths[i]);
      line += "  ";
      if (aligns.back() == Align::right) {
        line += padded(row.back(), Align::right, widths.back());
      } else {
        append_wrapped(line, row.back(), width);
      }
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
}

std::string digits(std::uint64_t value) {
  std::string out;
  append_unsigned(out, value);
  return out;
}

std::string grouped_or_dash(std::uint64_t value) { return value == 0 ? "-" : grouped(value); }

}  // namespace tcpteardown
