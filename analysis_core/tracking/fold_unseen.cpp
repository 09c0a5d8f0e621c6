// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/fold.h"

namespace tcpteardown::folding {
namespace {

// No stack leaves data alone for longer before it sends it again: the time-out is 1 s at first
// and at least (RFC 6298 §2.1, §2.4; 3 s in the older RFC 2988 and after a repeated SYN, §5.7),
// then SRTT + 4 RTTVAR, which is three round trips after the first sample (§2.2). Half a second
// and a round trip more, because timers are coarse and round trips grow (our choice). A
// backed-off time-out holds until the next sample (Karn), and at most doubles (§5.5).
std::int64_t longest_timeout_ns(const Connection& c, const Endpoint& x) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kUnknownTrip = 600'000'000;  // a geostationary satellite
  const std::int64_t trip = c.round_trip_ns > 0 ? c.round_trip_ns : kUnknownTrip;
  const bool repeated_syn = x.syn_count + x.synack_count > 1;
  const std::int64_t least = repeated_syn ? 3 * kSecond : kSecond;
  return least + kSecond / 2 + 4 * trip + 2 * x.longest_resend_ns;
}

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
  constexpr std::int32_t kPlausible = 1 << 26;  // our choice: more is rather a wild number
  if (!s.flags.ack || !x.has_seq || !y.has_seq || !y.last_data.seen() || c.resets.count() > 0) return false;
  const std::int32_t beyond = distance(y.snd_nxt, s.ack);
  if (beyond < 2 || beyond > kPlausible || s.seq != x.snd_nxt) return false;
  const bool own_stack = x.has_ts ? s.options.has_timestamps : s.window != 0;
  return own_stack && s.hop_limit == usual_hop_limit(x).value;
}

}  // namespace

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

void infer_data(Connection& c, Side resetter, const Segment& s) {
  if (acknowledges_unseen(c, resetter, s)) note_unseen(c.side(other(resetter)), s);
}

}  // namespace tcpteardown::folding
