// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tracking/fold.h"
#include "wire/thresholds.h"

namespace tcpteardown::folding {
// No stack leaves data alone for longer before it sends it again: the time-out is 1 s at first
// and at least (RFC 6298 §2.1, §2.4; 3 s in the older RFC 2988 and after a repeated SYN, §5.7),
// then SRTT + 4 RTTVAR, which is three round trips after the first sample (§2.2). A round trip more,
// because they grow, and some slack. A backed-off time-out holds until the next sample (Karn), and at
// most doubles (§5.5).
std::int64_t longest_timeout_ns(const Connection& c, const Endpoint& x) {
  const std::int64_t trip = c.round_trip_ns > 0 ? c.round_trip_ns : threshold::kUnknownTrip;
  const bool repeated_syn = x.syn_count + x.synack_count > 1;
  const std::int64_t least = repeated_syn ? threshold::kOlderInitialTimeout : threshold::kInitialTimeout;
  const std::int64_t backed_off = std::min(x.longest_resend_ns, threshold::kLongestBackoff);
  return least + threshold::kTimerSlack + 4 * trip + 2 * backed_off;
}

namespace {

bool is_waiting_for_ack(const Endpoint& x, const Endpoint& y) {
  if (!x.last_data.seen() || !y.has_ack || x.fin.sent() || y.zero_window) return false;
  return after(x.data_end, y.rcv_nxt);
}

// The ACK field of a RST that its sender's own stack made is as true as any (Linux
// tcp_send_active_reset): the capture lacks what it acknowledges. A RST made elsewhere lacks
// the connection's time stamps, or has another hop limit or no window.
bool acknowledges_unseen(const Connection& c, Side side, const Segment& s) {
  const Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  if (!s.flags.ack || !x.has_seq || !y.has_seq || !y.last_data.seen() || c.resets.count() > 0) return false;
  const std::int32_t beyond = distance(y.snd_nxt, s.ack);
  if (beyond < 2 || beyond > threshold::kUnseenByReset || s.seq != x.snd_nxt) return false;
  const bool own_stack = x.has_ts ? s.options.has_timestamps : s.window != 0;
  return own_stack && s.hop_limit == usual_hop_limit(x).value;
}

// A SYN-ACK that is not acknowledged is sent again after 1 s (RFC 6298 §2.1), or 3 s (RFC 2988). If
// it was not, its sender had the ACK, or keeps nothing to repeat (SYN cookies, RFC 4987 §3.6).
bool synack_needed_no_repeat(const Endpoint& server, std::int64_t now_ns) {
  constexpr std::int64_t kLongest = threshold::kOlderInitialTimeout + threshold::kTimerSlack;
  return server.synack_count == 1 && now_ns - server.last_syn.time_ns > kLongest;
}

// How far a RST's number may lie beyond what was captured and still be of unseen data: a RST that does not
// look like its sender's, or comes with the SYN-ACK, may be anybody's guess.
std::int32_t farthest_unseen(const Endpoint& resetter, const Endpoint& server, const Segment& s) {
  if (s.hop_limit == usual_hop_limit(resetter).value) return threshold::kUnseenByAck;
  const bool of_handshake = s.time_ns - server.last_syn.time_ns <= threshold::kOfHandshake;
  return of_handshake ? 0 : threshold::kUnseenByStranger;
}

}  // namespace

// A capture filter may keep SYN, FIN and RST only. The RST of a connection's own side carries its
// SND.NXT and RCV.NXT (RFC 9293 §3.10.5), any other the ACK number of what it answers (§3.5.2):
// numbers behind the SYNs' own are of data, which takes an established connection. A RST of the server
// without ACK answers one that covers the SYN-ACK; one with ACK and window comes from a socket, which
// the client's ACK makes (a client may reset with ACK and window before it sends one: Linux without
// TCP_QUICKACK). How much of the data arrived, and whether the RST did, is not known.
bool infer_handshake(Connection& c, Side resetter, const Segment& s) {
  Endpoint& x = c.side(resetter);
  Endpoint& y = c.side(other(resetter));
  Endpoint& server = x.synack_count > 0 ? x : y;
  const Endpoint& client = &server == &x ? y : x;
  if (c.handshake_acked || server.synack_count == 0 || client.syn_count == 0) return false;
  const std::int32_t farthest = farthest_unseen(x, server, s);
  const std::int32_t sent = distance(x.snd_nxt, s.seq);
  const std::int32_t received = s.flags.ack ? distance(y.snd_nxt, s.ack) : 0;
  if (sent < 0 || sent >= farthest || received < 0 || received >= farthest) return false;
  const bool from_socket = &server == &x && s.flags.ack && s.window != 0;
  const bool tells_of_data = sent > 0 || received > 0;
  const bool answers_ack = &server == &x && !s.flags.ack;
  if (!tells_of_data && !answers_ack && !from_socket && !synack_needed_no_repeat(server, s.time_ns))
    return false;
  c.handshake_acked = true;
  c.handshake_done = moment(s);
  server.acked_unseen = true;
  if (received > 0) note_unseen(y, s);
  x.missed_bytes += static_cast<std::uint64_t>(sent);
  x.bytes += static_cast<std::uint64_t>(sent);
  return true;
}

// The peer of `sender` had everything before `ack`.
void infer_ack(Connection& c, Side sender, Seq ack) {
  Endpoint& x = c.side(sender);
  Endpoint& y = c.side(other(sender));
  if (!y.has_ack || !after(ack, y.rcv_nxt)) return;
  y.rcv_nxt = ack;
  x.acked_unseen = true;
  acknowledge_holes(x, ack);
}

// Data that was neither acknowledged nor sent again within any time-out was acknowledged, and
// the capture lacks that ACK (RFC 6298 §5: the timer runs while data is outstanding).
void infer_ack_by_silence(Connection& c, Side sender, std::int64_t now_ns) {
  const Endpoint& x = c.side(sender);
  if (c.resets.count() > 0) return;  // that may be why it fell silent
  if (!is_waiting_for_ack(x, c.side(other(sender)))) return;
  if (later(x.last_retransmission, x.last_data)) return;
  if (now_ns - x.last_data.time_ns < longest_timeout_ns(c, x)) return;
  infer_ack(c, sender, x.data_end);
}

// Its ACK tells of data or a FIN that the capture lacks, and came longer behind its own data than a round
// trip: what it acknowledges carried an ACK of that data, which the capture lacks as well.
void infer_ack_by_answer(Connection& c, Side sender, std::int64_t now_ns) {
  const Endpoint& x = c.side(sender);
  if (!is_waiting_for_ack(x, c.side(other(sender))) || later(x.last_retransmission, x.last_data)) return;
  const std::int64_t trip = c.round_trip_ns > 0 ? c.round_trip_ns : threshold::kUnknownTrip;
  if (now_ns - x.last_data.time_ns >= trip) infer_ack(c, sender, x.data_end);
}

void infer_data(Connection& c, Side resetter, const Segment& s) {
  if (acknowledges_unseen(c, resetter, s)) note_unseen(c.side(other(resetter)), s);
}

}  // namespace tcpteardown::folding

namespace tcpteardown {

bool left_unrepeated(const Connection& c, Side sender, std::int64_t end_ns) {
  const Endpoint& x = c.side(sender);
  const Endpoint& y = c.side(other(sender));
  const bool fin_waits = x.fin.sent() && !x.fin.is_acked();
  const bool data_waits = x.last_data.seen() && after(x.data_end, y.rcv_nxt);
  if (!y.has_ack || y.zero_window || c.resets.count() > 0 || (!fin_waits && !data_waits)) return false;
  if (x.resends.count > 0 || x.later_resends.count > 0 || x.fin.retransmissions > 0) return false;
  const std::int64_t last = fin_waits ? x.fin.last.time_ns : x.last_data.time_ns;
  return end_ns - last > folding::longest_timeout_ns(c, x);
}

}  // namespace tcpteardown
