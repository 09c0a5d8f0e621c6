// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tracking/fold.h"

namespace tcpteardown::folding {
namespace {

// The peer's data that was captured before this FIN though its ACK field covers it. Nothing comes behind a
// FIN: an ACK of more is of other numbers, as where a firewall changes those of one side.
void take_overtaken_half_close(const Connection& c, Side closer, Endpoint& speaker, Seq fin) {
  for (const RecentSegment& r : c.recent[static_cast<std::size_t>(other(closer))]) {
    if (r.kind != SegmentKind::data || !r.flags.ack || r.ack != fin + 1) continue;
    const bool earlier = !speaker.sent_after_peer_fin || before(r.seq, speaker.after_fin_start);
    if (earlier) {
      speaker.after_fin_start = r.seq;
      speaker.after_fin_first = r.at;
    }
    if (later(r.at, speaker.after_fin_last)) speaker.after_fin_last = r.at;
    speaker.sent_after_peer_fin = true;
  }
}

// The latest data of that side up to `end` that is still remembered.
Moment recent_data(const Connection& c, Side side, Seq end) {
  Moment latest;
  for (const RecentSegment& r : c.recent[static_cast<std::size_t>(side)]) {
    const bool fits = r.kind == SegmentKind::data && at_or_before(r.seq + r.length, end);
    if (fits && later(r.at, latest)) latest = r.at;
  }
  return latest;
}

// The data before the FIN's own segment.
Moment own_data(const Connection& c, Side side, const Segment& s) {
  const Endpoint& x = c.side(side);
  if (x.last_data.frame != s.frame) return x.last_data;
  if (x.burst_segments == 1) return x.before_burst;
  const Moment recent = recent_data(c, side, s.seq);
  return recent.seen() ? recent : x.burst_start;
}

// The peer's latest data that the FIN acknowledges. What it does not, crossed it and was no activity to
// the one who closed, also where the capture was taken at the peer and shows it first. Its first
// transmission counts, and not one that repeats it.
Moment seen_of_peer(const Connection& c, Side side, const Segment& s) {
  const Endpoint& y = c.side(other(side));
  if (!y.last_data.seen() || !s.flags.ack || at_or_before(y.data_end, s.ack)) return y.last_data;
  const Moment recent = recent_data(c, other(side), s.ack);
  if (recent.seen()) return recent;
  if (s.ack == y.burst_seq) return y.before_burst;
  return after(s.ack, y.burst_seq) ? y.burst_start : Moment{};
}

std::int64_t idle_before(const Connection& c, Side side, const Segment& s) {
  const Fin& peer_fin = c.side(other(side)).fin;
  const bool answers = peer_fin.sent() && s.flags.ack && after(s.ack, peer_fin.seq);
  Moment last = c.handshake_done;
  for (const Moment& m :
       {own_data(c, side, s), seen_of_peer(c, side, s), answers ? peer_fin.first : Moment{}}) {
    if (later(m, last)) last = m;
  }
  return last.seen() && s.time_ns >= last.time_ns ? s.time_ns - last.time_ns : -1;
}

// A FIN ahead of data that never came, and now one where the receiver stands: the first was none.
bool stood_ahead(const Fin& fin, const Endpoint& receiver, Seq seq) {
  return fin.sent() && !fin.is_acked() && before(seq, fin.seq) && receiver.has_ack &&
         (receiver.rcv_nxt == seq || receiver.rcv_nxt == seq + 1);
}

void forget_ahead(Endpoint& x, Seq seq) {
  const std::int32_t ahead = distance(seq, x.data_end);
  if (ahead > 0) x.bytes -= std::min(x.bytes, static_cast<std::uint64_t>(ahead));
  if (ahead > 0) x.data_end = seq;
  x.snd_nxt = seq;
  x.fin = {};
  for (Hole& hole : x.holes) {
    if (at_or_after(hole.end, seq)) hole = {};
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
  if (stood_ahead(fin, y, seq)) forget_ahead(x, seq);
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
    fin.idle_ns = idle_before(c, side, s);
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
