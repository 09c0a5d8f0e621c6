// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/report_row.h"

#include "verdict/outcome.h"
#include "verdict/questions.h"

namespace tcpteardown {

LostBytes lost_bytes(Loss loss, std::uint64_t unacked, std::uint64_t unread) {
  switch (loss) {
    case Loss::certain: return {unacked, unread};
    case Loss::possible: return {0, unacked + unread};
    case Loss::none: return {};
  }
  return {};
}

ReportRow make_report_row(const Connection& connection, CaptureEnd end, const Settings& settings) {
  const Teardown t = gather(connection, end, settings);
  const Ruling ruling = rule(t);
  ReportRow row{.id = ruling.row->id,
                .severity = ruling.severity,
                .loss = ruling.loss,
                .initiator = outcome::initiator(t, ruling.row->initiator),
                .seen = find_symptom(t, ruling),
                .client = connection.address(t.client),
                .server = connection.address(t.server()),
                .stream = {},
                .first = connection.first,
                .last = connection.last,
                .decisive = ruling.decisive,
                .lost = lost_bytes(ruling.loss, t.a_loss.unacked + t.b_loss.unacked,
                                   t.a_loss.unread_max + t.b_loss.unread_max)};
  if (connection.has_stream) row.stream = connection.stream;
  return row;
}

}  // namespace tcpteardown
