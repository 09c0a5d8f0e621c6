// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/fold.h"
#include "wire/thresholds.h"

namespace tcpteardown::folding {
namespace {

// An ACK of the peer's SYN covers ISS+1, and up to all the data that the SYN carried (RFC 7413).
bool acknowledges_syn(const Endpoint& peer, Seq ack) {
  return in_window(ack, peer.iss + 1, peer.syn_bytes + 1);
}

void start_sequence(Endpoint& x, const Segment& s) {
  x.has_iss = true;
  x.iss = s.seq;
  x.has_seq = true;
  x.first_seq = s.seq + 1;
  x.snd_nxt = s.seq + 1;
  x.data_end = s.seq + 1;
}

void read_syn_options(Endpoint& x, const Segment& s) {
  x.mss = s.options.mss.value_or(0);
  x.has_window_scale = s.options.window_scale.has_value();
  x.window_scale = s.options.window_scale.value_or(0);
  x.offers_timestamps = s.options.has_timestamps;
  x.is_mptcp = x.is_mptcp || s.options.mptcp != MptcpOption::none;
  x.is_mptcp_join = x.is_mptcp_join || s.options.mptcp == MptcpOption::join;
}

void count_syn(Endpoint& x, const Segment& s) {
  std::uint16_t& count = s.flags.ack ? x.synack_count : x.syn_count;
  if (count < 0xffff) ++count;
  if (!x.syn.seen()) {
    x.syn = moment(s);
    x.syn_ip_id = s.ip_id;
  }
  x.last_syn = moment(s);
}

// The SYN-ACK was taken for one that does not fit, and the third step shows that its receiver took it.
void take_syn_ack(Connection& c, Endpoint& server, Seq number, Seq expects) {
  server.has_iss = server.has_seq = true;
  server.iss = number;
  server.first_seq = server.snd_nxt = server.data_end = number + 1;
  server.synack_count = 1;
  server.segments = 1;
  server.syn = server.last_syn = server.last_segment = server.ack_advanced = c.bad_syn_ack;
  server.has_ack = true;
  server.rcv_nxt = expects;
  c.bad_syn_ack = {};
}

void note_bad_syn_ack(Connection& c, Endpoint& server, const Segment& s) {
  if (c.bad_syn_ack.seen()) return;
  c.bad_syn_ack = moment(s);
  c.bad_syn_ack_seq = s.seq;
  c.bad_syn_ack_ack = s.ack;
  read_syn_options(server, s);
}

}  // namespace

void note_pending(Connection& c, Side side, const Segment& s) {
  c.pending = {};
  c.pending.at = moment(s);
  c.pending.sender = side;
  c.pending.seq = s.seq;
  c.pending.is_syn_ack = s.flags.ack;
  c.pending.options = s.options;
}

// A firewall may give one side numbers of its own (Cisco ASA, random sequence numbers): it changes that
// side's SEQ fields on their way out, and the other side's ACK fields on their way back. Captured where they
// come in, all of these are off by the same, and who takes a SYN-ACK that fits no SYN of its own tells by how
// much.
void learn_numbers(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  Endpoint& y = c.side(other(side));
  if (!s.flags.ack || s.flags.rst) return;
  if (s.flags.syn) {  // captured behind the third step
    const bool taken = !x.has_seq && y.syn_count > 0 && y.has_ack && y.rcv_nxt == s.seq + 1;
    if (taken && !acknowledges_syn(y, s.ack)) x.ack_shift = s.ack.raw - y.iss.raw - 1U;
    return;
  }
  const bool third_step = x.syn_count > 0 && !c.handshake_acked && s.seq == x.iss + 1 && x.syn_bytes == 0;
  if (!third_step) return;
  if (!y.has_seq && c.bad_syn_ack.seen() && s.ack == c.bad_syn_ack_seq + 1) {
    y.ack_shift = c.bad_syn_ack_ack.raw - s.seq.raw;
    take_syn_ack(c, y, c.bad_syn_ack_seq, s.seq);
    return;
  }
  const bool ahead_of_syn = y.synack_count > 0 && !y.first_plain.seen() && y.has_ack && s.ack == y.iss + 1;
  if (!ahead_of_syn || y.rcv_nxt == s.seq) return;
  y.ack_shift = y.rcv_nxt.raw - s.seq.raw;
  y.rcv_nxt = s.seq;
}

// A SYN of another ISN inside a live connection waits in `pending`: the answer tells whether it
// starts a connection (SYN-ACK) or is challenged (ACK, RFC 9293 §3.10.7.4 fourth check).
bool fold_syn(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  if (s.flags.ack && y.has_iss && acknowledges_syn(y, s.ack)) forget_before_syn_ack(c, other(side), s);
  if (s.flags.ack && y.has_iss && !c.handshake_acked && !acknowledges_syn(y, s.ack)) {
    note_bad_syn_ack(c, x, s);
    return true;
  }
  const bool behind_own_data = s.flags.ack && x.has_seq && !x.has_iss && x.first_seq == s.seq + 1 &&
                               y.has_iss && acknowledges_syn(y, s.ack);
  if (behind_own_data) {  // reordering; data straight after the SYN-ACK is usual with RFC 7413
    x.has_iss = true;
    x.iss = s.seq;
    count_syn(x, s);
    read_syn_options(x, s);
    return true;
  }
  const bool lets_in = s.flags.ack && c.old_closed.seen() && !c.handshake_acked && y.has_iss;
  if (lets_in && !x.has_seq) {  // what was reset is the old connection
    c.resets = {};
    c.reset_taken = false;
  }
  if (c.stale_ack.seen() && !c.old_closed.seen() && !s.flags.ack && x.has_iss && x.iss == s.seq) {
    note_pending(c, side, s);  // its SYN-ACK opens a connection of its own
    count_syn(x, s);
    return true;
  }
  if (!c.handshake_acked && x.has_seq) c.reset_taken = false;  // the attempt goes on
  if (x.has_iss && x.iss == s.seq) {
    if (s.flags.ack && c.handshake_acked && x.synack_count > 0) {
      x.late_syn_acks.add(moment(s), x.last_syn.time_ns);
    }
    count_syn(x, s);
    if (s.flags.ack) read_syn_options(x, s);
    return c.handshake_acked;
  }
  const bool restarts_handshake = s.flags.ack && y.has_iss && !c.handshake_acked;
  if (!x.has_seq || restarts_handshake) {
    start_sequence(x, s);
    count_syn(x, s);
    read_syn_options(x, s);
    x.syn_bytes = s.payload_length;
    return false;
  }
  note_pending(c, side, s);
  return true;
}

// The server still holds an old connection of the same ends and answers the SYN with its ACK
// (half-open connection, RFC 9293 §3.5.1), or goes on with it: far from the SYN's number, its data or FIN is
// no answer to what was not captured.
bool is_stale_ack(const Connection& c, Side side, const Segment& s) {
  const Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  const bool waits = y.syn_count > 0 && y.synack_count == 0 && !y.has_ack && !x.has_seq;
  if (!waits || !s.flags.ack || s.flags.syn || acknowledges_syn(y, s.ack)) return false;
  const std::int32_t apart = distance(y.iss, s.ack);
  const bool is_pure = !s.flags.fin && s.payload_length == 0;
  return is_pure || apart <= 0 || apart > threshold::kOtherConnection;
}

// In TIME-WAIT of the connection before, a host answers the SYN-ACK that a late SYN drew with its last ACK
// (RFC 9293 §3.10.7.4); whatever does not acknowledge the SYN-ACK ends no handshake.
bool is_of_time_wait(const Connection& c, Side side, const Segment& s) {
  const Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  if (c.handshake_acked || x.syn_count == 0 || y.synack_count == 0 || x.synack_count > 0) return false;
  return s.flags.ack && !s.flags.syn && before(s.ack, y.iss + 1) && s.seq != x.iss + 1 &&
         !x.first_plain.seen();
}

void note_challenge(Connection& c, Side side, const Segment& s) {
  PendingSyn& pending = c.pending;
  if (!pending.at.seen() || pending.other_spoke || side == pending.sender) return;
  pending.other_spoke = true;
  const bool pure_ack = s.flags.ack && !s.flags.syn && !s.flags.fin && s.payload_length == 0;
  if (pure_ack && !pending.is_syn_ack) pending.challenge = moment(s);
}

void fold_handshake_ack(Connection& c, Side side, const Segment& s) {
  if (c.handshake_acked || s.flags.syn) return;
  const Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  const bool acks_syn_ack = y.synack_count > 0 && at_or_after(s.ack, y.iss + 1);
  const bool saw_unseen_syn_ack = x.syn_count > 0 && (y.synack_count == 0 || s.seq == x.iss + 1);
  const bool serves_unseen_syn_ack = y.syn_count > 0 && x.synack_count == 0 && s.payload_length > 0;
  // Before the third step a server sends no data (but for RFC 7413) and no probes, and if nothing
  // of its client is in the capture, nothing at all: that step was not captured.
  const bool probes = s.payload_length == 0 && s.seq + 1 == x.snd_nxt;
  const bool goes_on_alone =
      x.synack_count > 0 && (!y.has_seq || probes || (s.payload_length > 0 && y.syn_bytes == 0));
  if (!acks_syn_ack && !saw_unseen_syn_ack && !serves_unseen_syn_ack && !goes_on_alone) return;
  c.handshake_acked = true;
  c.handshake_done = moment(s);
  note_activity(c, moment(s));
  // Behind a RST it is another probe of a scanner, and its pause no round trip.
  if (acks_syn_ack && x.syn.seen() && !c.reset_taken) {
    const Moment& start = x.syn_count > 1 ? x.last_syn : x.syn;
    const std::int64_t trip = s.time_ns - start.time_ns;
    if (trip > 0) c.round_trip_ns = trip < threshold::kLongestTrip ? trip : threshold::kLongestTrip;
  }
}

}  // namespace tcpteardown::folding
