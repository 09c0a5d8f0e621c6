// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tracking/fold.h"
#include "wire/thresholds.h"

namespace tcpteardown::folding {
namespace {

// Where a SYN is missing, the scale may be anything up to 14 (RFC 7323 §2.3): too large a window
// leaves a RST in doubt, too small a one calls it impossible.
std::uint32_t scaled_window(const Endpoint& x, const Endpoint& y) {
  if (!x.has_iss || !y.has_iss) return static_cast<std::uint32_t>(x.window_raw) << 14U;
  const bool scales = x.has_window_scale && y.has_window_scale;
  const unsigned shift = scales && x.window_scale <= 14 ? x.window_scale : 0U;
  return static_cast<std::uint32_t>(x.window_raw) << shift;
}

void describe_packet(Reset& r, const Segment& s) {
  r.at = moment(s);
  r.seq = s.seq;
  r.ack = s.ack;
  r.has_ack = s.flags.ack;
  r.window = s.window;
  r.payload_length = s.payload_length;
  r.hop_limit = s.hop_limit;
  r.ip_id = s.ip_id;
  r.has_ip_id = s.has_ip_id;
  r.dont_fragment = s.dont_fragment;
  r.has_ts = s.options.has_timestamps;
  r.ts_echo = s.options.ts_echo;
  r.mptcp = s.options.mptcp;
  r.mptcp_reason = s.options.mptcp_reset_reason;
  r.link_source = s.link_source;
  for (const std::uint8_t byte : s.payload) {
    if (r.text_size == r.text.size()) break;
    r.text[r.text_size++] = static_cast<char>(byte);
  }
}

// A box may build the RST out of a packet at hand, with its IP-ID and window.
void find_mirror(Reset& r, const Connection& c) {
  if (!r.has_ip_id || r.ip_id == 0) return;
  for (const RecentSegment& p : c.recent[static_cast<std::size_t>(other(r.sender))]) {
    const bool copied = p.at.seen() && p.has_ip_id && p.ip_id == r.ip_id && p.window == r.window;
    if (copied && !p.flags.rst) r.mirror = p.at;
  }
}

void describe_hops(Reset& r, const Endpoint& x) {
  const UsualHopLimit usual = usual_hop_limit(x);
  r.usual_hop_limit = usual.value;
  r.usual_hop_limit_seen = usual.seen;
  const auto gap = [&r](std::uint8_t value) {
    return value > r.hop_limit ? value - r.hop_limit : r.hop_limit - value;
  };
  r.nearest_hop_limit = usual.value;
  for (const HopLimits::Entry& entry : x.hop_limits.entries) {
    if (entry.count == 0) continue;
    if (gap(entry.value) < gap(r.nearest_hop_limit)) r.nearest_hop_limit = entry.value;
    if (entry.value == r.hop_limit) r.same_hop_limit_seen = entry.count;
  }
  r.first_hop_limit = r.same_hop_limit_seen > 0 && x.hop_limits.entries[0].value == r.hop_limit;
}

void describe_sender(Reset& r, const Endpoint& x) {
  r.sender_has_seq = x.has_seq;
  r.sender_snd_nxt = x.snd_nxt;
  r.sender_highest = x.has_seq ? x.snd_nxt : r.seq;
  r.sender_missed = x.missed_bytes > 0;
  for (const Hole& hole : x.holes) r.sender_missed = r.sender_missed || hole.start != hole.end;
  r.sender_has_rcv_nxt = x.has_ack;
  r.sender_rcv_nxt = r.sender_highest_ack = x.rcv_nxt;
  r.sender_window_before = x.window_raw;
  r.sender_had_window = x.segments > 0;
  describe_hops(r, x);
  if (x.has_ip_id) r.sender_last_ip_id = x.last_ip_id;
  r.sender_stamps = x.stamps;
  r.sender_ts = x.stamps.value;
  r.sender_had_ts = x.has_ts;
  r.sender_last_before = x.last_segment;
  r.sender_resends = x.resends;
  r.sender_later_resends = x.later_resends.count;
  r.sender_keep_alives = x.keep_alives;
  r.sender_window_probes = x.window_probes;
  r.sender_zero_window = x.zero_window;
  r.sender_has_edge = x.has_edge;
  r.sender_edge_ack = x.edge_ack;
  r.sender_fin_sent = x.fin.sent();
  r.sender_fin_acked = x.fin.is_acked();
  r.sender_bytes = x.bytes;
  r.fin_unseen = x.peer_acked_one_beyond || (x.has_seq && !x.fin.sent() && r.seq == x.snd_nxt + 1);
}

void describe_receiver(Reset& r, const Endpoint& y, const Endpoint& x) {
  r.receiver_has_ack = y.has_ack;
  r.receiver_rcv_nxt = y.rcv_nxt;
  r.receiver_window = scaled_window(y, x);
  r.receiver_has_sack = y.has_sack && after(y.sack_edge, y.rcv_nxt);
  r.receiver_sack_edge = y.sack_edge;
  r.receiver_has_seq = y.has_seq;
  r.receiver_snd_nxt = y.snd_nxt;
  r.receiver_data_end = y.data_end;
  r.receiver_zero_window = y.zero_window;
  r.receiver_fin_sent = y.fin.sent();
  r.receiver_fin_acked = y.fin.is_acked();
  r.receiver_burst = y.last_data.frame > x.last_data.frame ? y.burst_segments : 0;
  r.receiver_burst_ns = y.last_data.time_ns - y.burst_start.time_ns;
  r.receiver_burst_acked = x.has_ack && after(x.rcv_nxt, y.burst_seq);
  r.receiver_bytes = y.bytes;
  r.receiver_resends = y.resends.count;
  const bool acks_one_beyond = r.has_ack && y.has_seq && !y.fin.sent() && r.ack == y.snd_nxt + 1;
  r.fin_unseen = r.fin_unseen || y.peer_acked_one_beyond || acks_one_beyond;
}

// Captured is not arrived: an ACK that is newer than what the RST echoes was still on its way (RFC 7323 §4.3;
// only a segment at or below the last ACK that was sent changes what is echoed).
void find_arrived_ack(Reset& r, const Connection& c, const Segment& s) {
  const Endpoint& x = c.side(r.sender);
  const Endpoint& y = c.side(other(r.sender));
  r.receiver_ack_arrived = y.rcv_nxt;
  if (!s.flags.ack || !s.options.has_timestamps || !x.has_ack) return;
  bool any_late = false;
  bool known = false;
  Seq arrived;
  for (const RecentSegment& p : c.recent[static_cast<std::size_t>(other(r.sender))]) {
    if (!p.at.seen() || !p.flags.ack || p.flags.rst || !p.has_ts) continue;
    const bool late = newer_stamp(p.ts_value, s.options.ts_echo) && at_or_before(p.seq, x.rcv_nxt);
    any_late = any_late || late;
    if (late) continue;
    arrived = known ? later_of(arrived, p.ack) : p.ack;
    known = true;
  }
  if (any_late && known) r.receiver_ack_arrived = arrived;
}

// A bare RST that can answer only what was captured before its sender's own RST: that had not arrived when
// this was sent.
void note_late_ack(Connection& c, Side resetter, const Segment& s) {
  if (s.flags.ack) return;
  const auto& ring = c.recent[static_cast<std::size_t>(other(resetter))];
  Moment answered;
  for (const RecentSegment& p : ring) {
    if (p.at.seen() && p.flags.ack && p.ack == s.seq && later(p.at, answered)) answered = p.at;
  }
  for (std::size_t i = 0; i < c.resets.kept(); ++i) {
    Reset& r = c.resets[i];
    const bool before_it =
        answered.seen() && answered.frame < r.at.frame && r.at.time_ns - answered.time_ns <= c.round_trip_ns;
    if (r.sender != resetter || !r.has_ack || !before_it || r.receiver_rcv_nxt != s.seq) continue;
    bool known = false;
    Seq arrived;
    for (const RecentSegment& p : ring) {
      if (!p.at.seen() || !p.flags.ack || p.at.frame >= answered.frame) continue;
      arrived = known ? later_of(arrived, p.ack) : p.ack;
      known = true;
    }
    if (known && before(arrived, r.receiver_ack_arrived)) r.receiver_ack_arrived = arrived;
  }
}

std::int64_t waited_ns(const Endpoint& x, std::int64_t now_ns) {
  const Moment& sent = later(x.last_retransmission, x.last_data) ? x.last_retransmission : x.last_data;
  return sent.seen() ? now_ns - sent.time_ns : 0;
}

// Data that was sent less than a round trip before it, for the first time, its sender can hardly have had.
void find_fresh_data(Reset& r, const Connection& c) {
  r.receiver_fresh = r.receiver_snd_nxt;
  for (const RecentSegment& p : c.recent[static_cast<std::size_t>(other(r.sender))]) {
    const bool is_new = p.at.seen() && p.length > 0 && p.kind == SegmentKind::data;
    const bool is_fresh = is_new && r.at.time_ns - p.at.time_ns < c.round_trip_ns;
    if (is_fresh && before(p.seq, r.receiver_fresh)) r.receiver_fresh = p.seq;
  }
}

// The newest time stamp and the highest sequence number of the sender so far. A RST's own
// count: what was sent before it carries no newer one, however late it is captured.
void note_earlier_resets(Connection& c, Reset& r, const Segment& s) {
  const auto raise = [&r](std::uint32_t value) {
    if (!r.sender_had_ts || newer_stamp(value, r.sender_ts)) r.sender_ts = value;
    r.sender_had_ts = true;
  };
  const auto count_on = [&r](const Reset& reset) {
    const bool counts = r.newest_ip_id && reset.has_ip_id && reset.ip_id != 0;
    const std::int16_t step = counts ? ip_id_step(*r.newest_ip_id, reset.ip_id) : std::int16_t{0};
    if (step > 0 && step < threshold::kNearIpId) r.newest_ip_id = reset.ip_id;
  };
  if (s.options.has_timestamps) raise(s.options.ts_value);
  r.newest_ip_id = r.sender_last_ip_id;
  for (std::size_t i = 0; i < c.resets.kept(); ++i) {
    const Reset& earlier = c.resets[i];
    const bool same_side = earlier.sender == r.sender && earlier.at.frame < r.at.frame;
    if (!earlier.at.seen() || !same_side) continue;
    if (earlier.has_ts && earlier.sender_had_ts) raise(earlier.sender_ts);
    if (earlier.has_ack) r.sender_highest = later_of(r.sender_highest, earlier.seq);
    const bool true_ack =
        earlier.has_ack && r.receiver_has_seq && at_or_before(earlier.ack, r.receiver_snd_nxt + 1);
    if (true_ack) r.sender_highest_ack = later_of(r.sender_highest_ack, earlier.ack);
    count_on(earlier);
  }
  count_on(r);
}

// How long nothing had been said before what the RST answers. Segments that were sent at once are one
// answer's cause, whichever of them the RST answers.
std::int64_t quiet_before_trigger_ns(const Connection& c, Side resetter, const Reset& r) {
  const Endpoint& x = c.side(resetter);
  const Endpoint& y = c.side(other(resetter));
  const Moment& start = r.trigger.earliest;
  const bool is_burst =
      start.seen() && start.frame < r.trigger.at.frame && y.burst_start.frame == start.frame;
  if (!is_burst) {
    const bool is_activity = r.trigger.at.frame == c.last_activity.frame;
    return is_activity ? c.quiet_before_ns : r.trigger.at.time_ns - c.last_activity.time_ns;
  }
  Moment last = c.handshake_done;
  for (const Moment& m : {y.before_burst, x.last_data, x.fin.first}) {
    if (later(m, last) && m.frame < start.frame) last = m;
  }
  return last.seen() ? start.time_ns - last.time_ns : c.quiet_before_ns;
}

}  // namespace

void fold_reset(Connection& c, Side side, const Segment& s) {
  infer_ack_by_silence(c, side, s.time_ns);
  if (!s.flags.ack) infer_ack_by_silence(c, other(side), s.time_ns);  // else its ACK field tells
  infer_data(c, side, s);
  const bool proves_handshake = infer_handshake(c, side, s);
  const Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  Reset r;
  r.sender = side;
  describe_packet(r, s);
  describe_sender(r, x);
  describe_receiver(r, y, x);
  note_earlier_resets(c, r, s);
  find_mirror(r, c);
  find_fresh_data(r, c);
  find_arrived_ack(r, c, s);
  note_late_ack(c, side, s);
  r.trigger = find_trigger(c, side, s);
  const bool opened_too_late = r.trigger.seen() && x.opened.seen() &&
                               x.opened.frame >= r.trigger.earliest.frame &&
                               x.opened.frame <= r.trigger.at.frame && x.last_segment.frame < x.opened.frame;
  if (opened_too_late) r.sender_probes_until_open = x.probes_until_open;
  r.sender_waited_ns = waited_ns(x, s.time_ns);
  r.receiver_waited_ns = waited_ns(y, s.time_ns);
  r.idle_known = c.last_activity.seen();
  r.idle_ns = r.trigger.seen() ? quiet_before_trigger_ns(c, side, r) : s.time_ns - c.last_activity.time_ns;
  r.trigger = first_of_burst(c, side, s, r.trigger);  // how long it was quiet, the latest tells as well
  r.syn_inside = c.pending.at.seen() && c.pending.sender == side && !c.pending.is_syn_ack;
  r.before_third_step = !c.handshake_acked;
  r.acceptance = acceptance_of(c, r);
  if (proves_handshake && !is_taken(r.acceptance)) r.acceptance = Acceptance::presumed;
  c.reset_taken = c.reset_taken || is_taken(r.acceptance);
  c.resets.add(r);
}

}  // namespace tcpteardown::folding
