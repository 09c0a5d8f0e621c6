// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/report_row.h"
#include "tracking/connection_table.h"

namespace tcpteardown {

// How often a verdict was given with one severity. A verdict has several: a harmless form is a chat, and what
// lost data for certain an error.
struct VerdictRow {
  std::string_view verdict;
  std::string_view severity;
  std::uint64_t connections = 0;
  LostBytes lost;
};

// Counts connections by verdict and severity. A connection that is counted again is first taken back.
class VerdictTally {
 public:
  void count(ConnectionIndex connection, const VerdictRow& one);
  // The worst first; of equal ones the more frequent.
  [[nodiscard]] std::vector<VerdictRow> rows() const;
  [[nodiscard]] std::uint64_t connections() const { return connections_; }

 private:
  struct Counted {
    bool counted = false;
    std::size_t row = 0;
    LostBytes lost;
  };

  std::size_t row_of(const VerdictRow& one);

  std::vector<VerdictRow> rows_;
  std::vector<Counted> of_;  // by ConnectionIndex
  std::uint64_t connections_ = 0;
};

// " 12.5 %", of one width, so that it sorts as numbers do.
[[nodiscard]] std::string share_of(std::uint64_t part, std::uint64_t whole);

}  // namespace tcpteardown
