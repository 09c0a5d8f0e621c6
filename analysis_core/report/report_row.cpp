// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/report_row.h"

#include "verdict/judge.h"
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
  return {.id = ruling.row->id,
          .severity = ruling.severity,
          .loss = ruling.loss,
          .ended = ruling.decisive_frame != 0,
          .first_frame = connection.first.frame,
          .lost = lost_bytes(ruling.loss, t.a_loss.unacked + t.b_loss.unacked,
                             t.a_loss.unread_max + t.b_loss.unread_max)};
}

}  // namespace tcpteardown
