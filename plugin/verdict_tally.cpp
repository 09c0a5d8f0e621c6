// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict_tally.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <tuple>

#include "formats/tally.h"

namespace tcpteardown {

std::size_t VerdictTally::row_of(const VerdictRow& one) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].verdict == one.verdict && rows_[i].severity == one.severity) return i;
  }
  rows_.push_back({.verdict = one.verdict, .severity = one.severity, .connections = 0, .lost = {}});
  return rows_.size() - 1;
}

void VerdictTally::count(ConnectionIndex connection, const VerdictRow& one) {
  if (of_.size() <= connection) of_.resize(connection + std::size_t{1});
  Counted& counted = of_[connection];
  if (counted.counted) {
    VerdictRow& before = rows_[counted.row];
    --before.connections;
    before.lost.certain -= counted.lost.certain;
    before.lost.possible -= counted.lost.possible;
  } else {
    ++connections_;
  }
  counted = {true, row_of(one), one.lost};
  VerdictRow& row = rows_[counted.row];
  ++row.connections;
  row.lost.certain += one.lost.certain;
  row.lost.possible += one.lost.possible;
}

std::vector<VerdictRow> VerdictTally::rows() const {
  std::vector<VerdictRow> sorted = rows_;
  std::erase_if(sorted, [](const VerdictRow& row) { return row.connections == 0; });
  const auto key = [](const VerdictRow& row) {
    return std::tuple(badness(row.severity), ~row.connections, row.verdict);
  };
  std::sort(sorted.begin(), sorted.end(),
            [&key](const VerdictRow& x, const VerdictRow& y) { return key(x) < key(y); });
  return sorted;
}

// Text, because Wireshark 4.0 shows every floating number with six decimals.
std::string share_of(std::uint64_t part, std::uint64_t whole) {
  std::array<char, 16> text{};
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  static_cast<void>(std::snprintf(text.data(), text.size(), "%5.1f %%", percent));
  return text.data();
}

}  // namespace tcpteardown
