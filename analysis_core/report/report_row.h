// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "evidence/teardown.h"
#include "report/symptom.h"
#include "tracking/connection.h"
#include "tracking/connection_table.h"
#include "tracking/moment.h"
#include "verdict/judge.h"
#include "verdict/verdict.h"
#include "wire/flow_key.h"

namespace tcpteardown {

// Unacknowledged bytes are lost where loss is certain. Bytes that were acknowledged but perhaps
// never read, and all of them where loss is only possible, may be lost.
struct LostBytes {
  std::uint64_t certain = 0;
  std::uint64_t possible = 0;
};

[[nodiscard]] LostBytes lost_bytes(Loss loss, std::uint64_t unacked, std::uint64_t unread);

// What tables of many connections count, sort and choose by. A report takes ten times as long to make, so it
// is made only of the connections that are shown.
struct ReportRow {
  VerdictId id = {};
  Severity severity = Severity::none;
  Loss loss = Loss::none;
  Initiator initiator = Initiator::unknown;
  SeenSymptom seen;
  TcpEndpoint client;
  TcpEndpoint server;
  std::optional<std::uint32_t> stream;  // tcp.stream
  Moment first;
  Moment last;
  Moment decisive;  // not seen: nothing ended it
  LostBytes lost;

  [[nodiscard]] bool ended() const { return decisive.seen(); }
};

[[nodiscard]] ReportRow make_report_row(const Connection& connection, CaptureEnd end,
                                        const Settings& settings = {});

}  // namespace tcpteardown
