// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/fold.h"

namespace tcpteardown::folding {
namespace {

// The peer's data that was captured before this FIN though its ACK field covers it.
void take_overtaken_half_close(const Connection& c, Side closer, Endpoint& speaker, Seq fin) {
  for (const RecentSegment& r : c.recent[static_cast<std::size_t>(other(closer))]) {
    if (r.kind != SegmentKind::data || !r.flags.ack || !after(r.ack, fin)) continue;
    const bool earlier = !speaker.sent_after_peer_fin || before(r.seq, speaker.after_fin_start);
    if (earlier) {
      speaker.after_fin_start = r.seq;
      speaker.after_fin_first = r.at;
    }
    if (later(r.at, speaker.after_fin_last)) speaker.after_fin_last = r.at;
    speaker.sent_after_peer_fin = true;
  }
}

}  // namespace

// The FIN occupies the number behind the payload; a copy may start elsewhere in the stream and
// is still the same FIN (RFC 9293 §3.4).
Event fold_fin(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  Endpoint& y = c.side(other(side));
  Fin& fin = x.fin;
  const Seq seq = s.seq + s.payload_length + (s.flags.syn ? 1U : 0U);
  const Moment now = moment(s);
  if (fin.sent() && (seq == fin.seq || fin.is_acked() || before(seq, fin.seq))) {
    if (fin.retransmissions < 0xffff) ++fin.retransmissions;
    fin.last_interval_ns = now.time_ns - fin.last.time_ns;
    fin.last = now;
    return Event::fin_retransmitted;
  }
  const bool advanced = fin.sent();
  fin.seq = seq;
  if (!advanced) fin.first = now;
  fin.last = now;
  if (!advanced) {
    // Data in the FIN's own segment was noted as activity just before.
    if (c.last_activity.frame != s.frame) note_activity(c, now);
    fin.idle_ns = c.quiet_before_ns;
  }
  fin.ack_field = s.ack;
  fin.has_ack_field = s.flags.ack;
  if (y.has_ack && after(y.rcv_nxt, seq)) fin.acked = now;  // captured out of order
  if (x.peer_acked_one_beyond && y.has_ack && y.rcv_nxt == seq + 1) fin.acked = x.one_beyond;
  x.peer_acked_one_beyond = false;
  if (!advanced) take_overtaken_half_close(c, side, y, seq);
  x.snd_nxt = later_of(x.snd_nxt, seq + 1);
  return Event::fin;
}

}  // namespace tcpteardown::folding
