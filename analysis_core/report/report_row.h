// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "evidence/teardown.h"
#include "tracking/connection.h"
#include "tracking/connection_table.h"
#include "verdict/verdict.h"
#include "wire/segment.h"

namespace tcpteardown {

// Unacknowledged bytes are lost where loss is certain. Bytes that were acknowledged but perhaps
// never read, and all of them where loss is only possible, may be lost.
struct LostBytes {
  std::uint64_t certain = 0;
  std::uint64_t possible = 0;
};

[[nodiscard]] LostBytes lost_bytes(Loss loss, std::uint64_t unacked, std::uint64_t unread);

// What tables of many connections count and sort by. A report takes ten times as long to make, so it is
// made only of the connections that are shown.
struct ReportRow {
  VerdictId id = {};
  Severity severity = Severity::none;
  Loss loss = Loss::none;
  bool ended = false;
  FrameNumber first_frame = 0;
  LostBytes lost;
};

[[nodiscard]] ReportRow make_report_row(const Connection& connection, CaptureEnd end,
                                        const Settings& settings = {});
}  // namespace tcpteardown
