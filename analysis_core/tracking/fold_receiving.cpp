// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/fold.h"
#include "wire/thresholds.h"

namespace tcpteardown::folding {

// An ACK beyond all that was captured proves that the capture missed segments: an ACK is sent
// only for what arrived. What further IP fragments brought, which have no TCP header, was not missed. One
// number more may be an unseen FIN and is left open.
void note_unseen(Endpoint& y, const Segment& s) {
  const std::int32_t beyond = distance(y.snd_nxt, s.ack);
  if (y.rest_in_fragments && beyond <= threshold::kLongestPacket) {
    y.rest_in_fragments = false;
    y.bytes += static_cast<std::uint64_t>(distance(y.data_end, s.ack));
    y.snd_nxt = y.data_end = s.ack;
    return;
  }
  if (beyond == 1) {
    if (!y.fin.sent()) {
      y.peer_acked_one_beyond = true;
      y.one_beyond = moment(s);
      y.one_beyond_ack = s.ack;
    }
    return;
  }
  if (beyond > threshold::kUnseenByAck || y.fin.sent()) return;
  for (Hole& hole : y.holes) {
    if (hole.start != hole.end) continue;
    hole = {y.snd_nxt, s.ack, true};
    break;
  }
  const auto missed = static_cast<std::uint64_t>(beyond);
  y.missed_bytes += missed;
  y.bytes += static_cast<std::uint64_t>(distance(y.data_end, s.ack));
  y.snd_nxt = y.data_end = s.ack;
}

void acknowledge_holes(Endpoint& y, Seq ack) {
  for (Hole& hole : y.holes) {
    if (hole.start == hole.end || hole.acknowledged || after(hole.end, ack)) continue;
    hole.acknowledged = true;
    y.missed_bytes += static_cast<std::uint64_t>(distance(hole.start, hole.end));
  }
}

bool fold_ack(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  Endpoint& y = c.side(other(side));
  if (is_strange_ack(c, side, s)) return false;
  y.keep_alives = {};
  if (y.has_seq && after(s.ack, y.snd_nxt)) {
    infer_ack_by_answer(c, side, s.time_ns);
    note_unseen(y, s);
  }
  if (y.has_seq && y.peer_acked_one_beyond && at_or_after(y.snd_nxt, y.one_beyond_ack)) {
    y.peer_acked_one_beyond = false;
  }
  const bool grew = !x.has_ack || after(s.ack, x.rcv_nxt);
  // The first one in a capture that begins in the middle is progress only beyond what was repeated.
  const bool progress = x.has_ack ? grew : y.resends.count == 0 || after(s.ack, y.resend_seq);
  const bool heard =
      s.options.has_timestamps && y.has_ack_stamp && !newer_stamp(y.ack_stamp, s.options.ts_echo);
  if (grew || heard) x.deaf_resends = {};
  if (grew) {
    note_delivered(c, other(side), x.has_ack ? x.rcv_nxt : y.first_seq, s.ack);
    x.has_ack_stamp = s.options.has_timestamps;
    x.ack_stamp = s.options.ts_value;
    if (!x.has_ack) x.first_ack = s.ack;
    x.ack_step = x.has_ack ? static_cast<std::uint32_t>(distance(x.rcv_nxt, s.ack)) : 0;
    x.has_ack = true;
    x.rcv_nxt = s.ack;
    x.ack_advanced = moment(s);
    if (progress) y.resends = y.later_resends = {};
    acknowledge_holes(y, s.ack);
  }
  if (y.fin.sent() && !y.fin.is_acked() && after(x.rcv_nxt, y.fin.seq)) {
    y.fin.acked = moment(s);
    return true;
  }
  return false;
}

// Where the window ends. What is acknowledged while that stands still was not read: it takes up the room
// (RFC 9293 §3.8.6.2.2).
void note_edge(Endpoint& x, const Endpoint& y, const Segment& s) {
  if (!s.flags.ack || s.flags.syn) return;
  const bool scales = x.has_window_scale && y.has_window_scale;
  const unsigned shift = scales && x.window_scale <= 14 ? x.window_scale : 0U;
  const Seq edge = s.ack + (static_cast<std::uint32_t>(s.window) << shift);
  // A window is told in units of its scale: an edge that moves by less has not moved.
  if (x.has_edge && at_or_before(edge, x.edge + (1U << shift))) return;
  x.has_edge = true;
  x.edge = edge;
  x.edge_ack = s.ack;
}

void fold_window(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  Endpoint& y = c.side(other(side));
  x.window_raw = s.window;
  note_edge(x, y, s);
  const bool closed = s.window == 0 && s.flags.ack && !s.flags.syn && !s.flags.fin;
  if (closed && !x.zero_window) x.zero_window_since = moment(s);
  if (!closed && x.zero_window) {
    y.probes_until_open = y.window_probes;
    y.opened = moment(s);
  }
  if (!closed) y.window_probes = {};
  x.zero_window = closed;
  for (std::size_t i = 0; i < s.options.sack_blocks && i < s.options.sack.size(); ++i) {
    const Seq edge = s.options.sack[i][1];
    if (x.has_ack) note_delivered(c, other(side), s.options.sack[i][0], edge);
    if (!x.has_ack || !after(edge, x.rcv_nxt)) continue;  // D-SACK, RFC 2883
    x.sack_edge = x.has_sack ? later_of(x.sack_edge, edge) : edge;
    x.has_sack = true;
  }
}

}  // namespace tcpteardown::folding
