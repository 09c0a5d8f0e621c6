// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <cstdint>

#include "report/report_row.h"

namespace tcpteardown {

// How bad a connection's end was beside others, and which connection it is: the least is the worst.
struct Badness {
  int severity = 0;
  int loss = 0;
  std::uint64_t lost = 0;
  std::uint64_t perhaps_lost = 0;
  FrameNumber first_frame = 0;
  std::uint32_t place = 0;  // among all connections

  friend auto operator<=>(const Badness&, const Badness&) = default;
};

[[nodiscard]] inline Badness badness_of(const ReportRow& row, std::uint32_t place) {
  return {.severity = -static_cast<int>(row.severity),
          .loss = -static_cast<int>(row.loss),
          .lost = ~row.lost.certain,
          .perhaps_lost = ~row.lost.possible,
          .first_frame = row.first.frame,
          .place = place};
}

[[nodiscard]] inline bool is_worth_a_look(const ReportRow& row) { return row.severity >= Severity::warn; }

}  // namespace tcpteardown
