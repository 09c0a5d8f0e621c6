// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tracking/fold.h"
#include "wire/thresholds.h"

// Segments that carry the connection's addresses and ports and do not belong to it, and bytes that are no
// data.
namespace tcpteardown::folding {
namespace {

bool is_far(std::int32_t apart) {
  return apart > threshold::kOtherConnection || apart < -threshold::kOtherConnection;
}

// From now on its numbers lie where the strangers stood: rewritten on the way since, or after a long gap.
void move_to(Endpoint& x, Endpoint& peer) {
  x.snd_nxt = x.data_end = x.first_seq = x.strange.end;
  x.fin = {};
  x.fin_claim = {};
  x.holes = {};
  x.resends = x.later_resends = {};
  x.acked_unseen = true;
  x.strange.moved = true;
  peer.has_ack = peer.has_sack = peer.has_edge = false;
}

}  // namespace

// A wrong checksum, where its sender's others are right: no host takes it (RFC 9293 §3.1), and the capture
// was not made before a network card filled them in.
bool is_damaged(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  if (s.checksum == Checksum::right && x.good_checksums < 0xffff) ++x.good_checksums;
  if (s.checksum != Checksum::wrong) return false;
  if (x.bad_checksums < 0xffff) ++x.bad_checksums;
  if (x.good_checksums < threshold::kOfHandshakeOnly || x.bad_checksums > x.good_checksums) return false;
  if (!c.damaged.seen()) c.damaged = moment(s);
  if (c.damaged_count < 0xffff) ++c.damaged_count;
  return true;
}

// The SYN of this connection once more, behind the ACK with which its sender ended the handshake: no system
// repeats it then, so it was late on the way. Whoever opens anew draws another number and stamp.
bool is_late_syn(const Connection& c, Side side, const Segment& s) {
  const Endpoint& x = c.side(side);
  if (!s.flags.syn || s.flags.ack || s.flags.rst || !x.has_iss || x.iss != s.seq) return false;
  if (!c.handshake_acked || !x.first_plain.seen() || x.syn_count == 0) return false;
  if (s.time_ns - c.last.time_ns > threshold::kLaterConnection) return false;
  if (x.offers_timestamps || s.options.has_timestamps) {
    return s.options.has_timestamps && s.options.ts_value == x.stamps.first_value;
  }
  return !s.has_ip_id || s.ip_id == x.syn_ip_id;
}

// Numbers far from all that this side sent. Where it goes on from there, they are its numbers now.
bool is_stranger(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  Strange& strange = x.strange;
  if (s.flags.syn || !x.has_seq) return false;
  const Seq end = s.seq + s.payload_length + (s.flags.fin ? 1U : 0U);
  if (!is_far(distance(x.snd_nxt, s.seq))) {
    if (!strange.moved) strange.in_a_row = 0;
    return false;
  }
  const bool goes_on = strange.in_a_row > 0 && !is_far(distance(strange.end, s.seq));
  if (goes_on) {
    move_to(x, c.side(other(side)));
    strange.in_a_row = 0;
    return false;
  }
  if (!strange.at.seen()) strange.at = moment(s);
  strange.in_a_row = 1;
  strange.end = end;
  return true;
}

// An ACK field far from all that the peer sent: of another connection, or not rewritten where the peer's
// numbers were. RFC 9293 §3.10.7.4: an ACK lies within a window of SND.UNA or SND.NXT.
bool is_strange_ack(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  Endpoint& y = c.side(other(side));
  if (!y.has_seq || s.flags.syn || !is_far(distance(y.snd_nxt, s.ack))) return false;
  if (x.has_ack && !is_far(distance(x.rcv_nxt, s.ack))) return false;
  if (y.strange.in_a_row > 0 && !is_far(distance(y.strange.end, s.ack))) {
    move_to(y, x);
    return false;
  }
  const std::int32_t beyond = distance(y.snd_nxt, s.ack);
  const bool all_unseen = y.data_segments == 0 && !y.fin.sent() && beyond > 0;
  if (all_unseen && beyond <= threshold::kUnseenByAck) return false;
  if (!x.strange_ack.seen()) x.strange_ack = moment(s);
  return true;
}

// What came in the client's name before the SYN-ACK, and acknowledges other numbers than its own: an older
// connection's.
void forget_before_syn_ack(Connection& c, Side client, const Segment& syn_ack) {
  Endpoint& y = c.side(client);
  const bool of_older = y.has_ack && y.syn_bytes == 0 && is_far(distance(syn_ack.seq, y.rcv_nxt));
  if (c.side(other(client)).synack_count > 0 || !of_older) return;
  Endpoint fresh;
  fresh.has_iss = fresh.has_seq = true;
  fresh.iss = y.iss;
  fresh.first_seq = fresh.snd_nxt = fresh.data_end = y.iss + 1;
  fresh.syn = y.syn;
  fresh.last_syn = y.last_syn;
  fresh.syn_count = y.syn_count;
  fresh.mss = y.mss;
  fresh.has_window_scale = y.has_window_scale;
  fresh.window_scale = y.window_scale;
  fresh.offers_timestamps = y.offers_timestamps;
  fresh.syn_window = y.syn_window;
  fresh.syn_ip_id = y.syn_ip_id;
  fresh.is_mptcp = y.is_mptcp;
  fresh.is_mptcp_join = y.is_mptcp_join;
  y = fresh;
  y.strange.at = c.last;
  c.handshake_acked = false;
  c.handshake_done = {};
}

}  // namespace tcpteardown::folding
