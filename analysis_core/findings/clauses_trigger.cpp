// SPDX-License-Identifier: GPL-2.0-or-later
#include "findings/clauses.h"
#include "findings/phrasing.h"

// The segment that a RST without ACK answers.
namespace tcpteardown {

std::string trigger_frame(const Story& s) { return in_frame(s.rst().trigger.at.frame); }

std::string trigger_what(const Story& s) {
  const Trigger& g = s.rst().trigger;
  if (g.syn) return "the SYN";
  switch (g.kind) {
    case SegmentKind::keep_alive: return "the keep-alive probe";
    case SegmentKind::window_probe: return "the window probe";
    case SegmentKind::retransmission:
      return g.length == 0 ? "the repeated segment" : "the repeated " + byte_count(g.length);
    case SegmentKind::pure_ack: return "the ACK";
    case SegmentKind::syn:
    case SegmentKind::syn_ack:
    case SegmentKind::data:
    case SegmentKind::fin:
    case SegmentKind::reset: break;
  }
  if (g.length == 0) return g.fin ? "the FIN" : "the segment";
  return "the " + byte_count(g.length) + (g.fin ? " and the FIN" : "");
}

}  // namespace tcpteardown
