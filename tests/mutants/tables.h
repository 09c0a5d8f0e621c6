// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "mutant.h"
#include "verdict/limits.h"
#include "verdict/verdict.h"

// Mutations of the two large tables, which are constants: each row of the catalogue and of the limits gets
// another value in one column, goes, or changes places with the next.
namespace tcpteardown::mutant {

inline constexpr int kFirstOfCatalogue = 80'000;
inline constexpr int kFirstOfLimits = 90'000;
inline constexpr int kPerRow = 10;

struct Change {
  int number;
  std::string row;
  std::string what;
};

// The value that the next row with another one has.
template <typename Row, typename Value>
Value next_other(const std::vector<Row>& rows, std::size_t at, Value Row::*column) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const Value value = rows[(at + i) % rows.size()].*column;
    if (value != rows[at].*column) return value;
  }
  return rows[at].*column;
}

template <typename Row, typename Value>
void change_column(std::vector<Row>& rows, std::size_t at, Value Row::*column) {
  rows[at].*column = next_other(rows, at, column);
}

template <typename Row>
void swap_with_next(std::vector<Row>& rows, std::size_t at) {
  if (at + 1 < rows.size()) std::swap(rows[at], rows[at + 1]);
}

// Empty: there is no such change.
inline std::string change_row(std::vector<Verdict>& rows, std::size_t at, int kind) {
  switch (kind) {
    case 0: change_column(rows, at, &Verdict::severity); return "another severity";
    case 1: change_column(rows, at, &Verdict::initiator); return "another initiator";
    case 2: change_column(rows, at, &Verdict::decisive); return "another decisive frame";
    case 3: change_column(rows, at, &Verdict::errnos); return "other errnos";
    case 4: change_column(rows, at, &Verdict::retry); return "another retry";
    case 5: change_column(rows, at, &Verdict::family); return "another family";
    case 6:
      if (rows[at].harmless == nullptr) return "";
      rows[at].harmless = nullptr;
      return "no harmless form";
    case 7:
      if (at + 2 >= rows.size()) return "";  // the last row holds always
      swap_with_next(rows, at);
      return "behind the next row";
    default: return "";
  }
}

inline std::string change_row(std::vector<Limit>& rows, std::size_t at, int kind) {
  switch (kind) {
    case 0: rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(at)); return "removed";
    case 1: change_column(rows, at, &Limit::at_most); return "another confidence";
    case 2:
      if (rows[at].applies_to.scope == Applies::To::all) return "";
      rows[at].applies_to.scope = Applies::To::all;
      return "for all verdicts";
    case 3:
      if (at + 1 >= rows.size()) return "";
      swap_with_next(rows, at);
      return "behind the next row";
    default: return "";
  }
}

template <int first, typename Row, typename Rows>
const std::vector<Row>& changed(const Rows& all) {
  static std::vector<Row> kept;
  static int made_for = -1;
  if (made_for == active) return kept;
  made_for = active;
  kept.assign(all.begin(), all.end());
  const int row = (active - first) / kPerRow;
  if (active >= first && row < static_cast<int>(kept.size())) {
    change_row(kept, static_cast<std::size_t>(row), (active - first) % kPerRow);
  }
  return kept;
}

template <typename Rows>
const std::vector<Verdict>& catalogue_rows(const Rows& rows) {
  return changed<kFirstOfCatalogue, Verdict>(rows);
}

template <typename Rows>
const std::vector<Limit>& limit_rows(const Rows& rows) {
  return changed<kFirstOfLimits, Limit>(rows);
}

template <typename Row, typename Name>
void list_changes(const std::vector<Row>& rows, int first, const Name& name, std::vector<Change>& changes) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (int kind = 0; kind < kPerRow; ++kind) {
      std::vector<Row> copy = rows;
      const std::string what = change_row(copy, i, kind);
      if (what.empty()) continue;
      changes.push_back({first + kPerRow * static_cast<int>(i) + kind, name(rows[i]), what});
    }
  }
}

}  // namespace tcpteardown::mutant
