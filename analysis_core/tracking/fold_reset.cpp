// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/fold.h"

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

// How long before the RST its trigger may have been captured: four round trips, because the
// capture may be at the trigger's sender. Where they are shorter: a second for a segment that
// asks for an answer, a tenth for a pure ACK, which is followed by nothing on most days (our
// choice).
std::int64_t trigger_reach_ns(const Connection& c, SegmentKind kind) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const bool known = c.round_trip_ns > 0;
  const std::int64_t least = kind == SegmentKind::pure_ack && known ? kSecond / 10 : kSecond;
  return 4 * c.round_trip_ns > least ? 4 * c.round_trip_ns : least;
}

// A segment that its receiver has not answered yet. What takes no sequence space needs no
// answer, so it counts only behind the last segment of the one who now resets.
bool is_unanswered(const Endpoint& resetter, const RecentSegment& r) {
  if (r.at.frame > resetter.last_segment.frame) return true;
  const std::uint32_t space = r.length + (r.flags.fin ? 1U : 0U) + (r.flags.syn ? 1U : 0U);
  const bool acknowledged = resetter.has_ack && at_or_after(resetter.rcv_nxt, r.seq + space);
  return space > 0 && !acknowledged && r.kind != SegmentKind::keep_alive;
}

// Data is a better trigger than a bare FIN or a probe, and these are better than a pure ACK;
// among equals the latest.
bool is_better(const RecentSegment& r, const Trigger& best) {
  if (!best.seen()) return true;
  const auto rank = [](SegmentKind kind, std::uint32_t length) {
    if (kind == SegmentKind::pure_ack) return 0;
    const bool probe = kind == SegmentKind::keep_alive || kind == SegmentKind::window_probe;
    return length > 0 && !probe ? 2 : 1;
  };
  const int mine = rank(r.kind, r.length);
  const int other_rank = rank(best.kind, best.length);
  return mine != other_rank ? mine > other_rank : r.at.frame > best.at.frame;
}

Trigger find_trigger(const Connection& c, Side resetter, const Segment& s) {
  Trigger best;
  Moment earliest;
  for (const RecentSegment& r : c.recent[static_cast<std::size_t>(other(resetter))]) {
    if (!r.at.seen() || r.flags.rst) continue;
    if (s.time_ns - r.at.time_ns > trigger_reach_ns(c, r.kind)) continue;
    const bool matches = s.flags.ack ? r.flags.syn && !r.flags.ack && s.ack == r.seq + 1 + r.length
                                     : r.flags.ack && r.ack == s.seq;
    if (!matches || !is_unanswered(c.side(resetter), r)) continue;
    if (!earliest.seen() || r.at.frame < earliest.frame) earliest = r.at;
    if (!is_better(r, best)) continue;
    best = {.at = r.at,
            .seq = r.seq,
            .ack = r.ack,
            .length = r.length,
            .fin = r.flags.fin,
            .syn = r.flags.syn,
            .kind = r.kind,
            .window = r.window,
            .ip_id = r.ip_id,
            .has_ip_id = r.has_ip_id,
            .earliest = {}};
  }
  best.earliest = earliest;
  return best;
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
  r.sender_rcv_nxt = x.rcv_nxt;
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

std::int64_t waited_ns(const Endpoint& x, std::int64_t now_ns) {
  const Moment& sent = later(x.last_retransmission, x.last_data) ? x.last_retransmission : x.last_data;
  return sent.seen() ? now_ns - sent.time_ns : 0;
}

// Whether the receiver takes it, by what is known at this moment; evidence/reset.h judges with
// what came later. It decides only whether a following SYN is a new connection.
bool seems_taken(const Connection& c, const Reset& r) {
  const Endpoint& x = c.side(r.sender);
  const Endpoint& y = c.side(other(r.sender));
  const bool in_syn_sent = y.syn_count > 0 && !x.has_seq;
  if (in_syn_sent) return r.has_ack && r.ack == y.iss + 1 + y.syn_bytes;
  // Whose SYN nobody answered yet can only take it back: another number answers a segment that
  // the capture lacks or has behind this one (RFC 9293 §3.10.7.3 first check).
  if (!y.has_seq && x.syn_count > 0) return in_window(r.seq, x.iss, x.syn_bytes + 2);
  // Before its ACK of the SYN-ACK it expects the number behind that one.
  if (!y.has_ack) return !x.has_seq || r.sender_missed || r.seq == x.snd_nxt;
  const bool fin_number = r.sender_fin_acked && r.seq + 1 == y.rcv_nxt;
  const bool sack_edge = r.receiver_has_sack && r.seq == r.receiver_sack_edge;
  const bool all_sent = x.has_seq && r.seq == x.snd_nxt;
  return r.seq == y.rcv_nxt || fin_number || sack_edge || all_sent;
}

bool newer(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) > 0; }

// The newest time stamp and the highest sequence number of the sender so far. A RST's own
// count: what was sent before it carries no newer one, however late it is captured.
void note_earlier_resets(Connection& c, Reset& r, const Segment& s) {
  const auto raise = [&r](std::uint32_t value) {
    if (!r.sender_had_ts || newer(value, r.sender_ts)) r.sender_ts = value;
    r.sender_had_ts = true;
  };
  const auto count_on = [&r](const Reset& reset) {
    const bool counts = r.newest_ip_id && reset.has_ip_id && reset.ip_id != 0;
    const std::int16_t step = counts ? ip_id_step(*r.newest_ip_id, reset.ip_id) : std::int16_t{0};
    if (step > 0 && step < kNearIpId) r.newest_ip_id = reset.ip_id;
  };
  if (s.options.has_timestamps) raise(s.options.ts_value);
  r.newest_ip_id = r.sender_last_ip_id;
  for (std::size_t i = 0; i < c.resets.kept(); ++i) {
    const Reset& earlier = c.resets[i];
    const bool same_side = earlier.sender == r.sender && earlier.at.frame < r.at.frame;
    if (!earlier.at.seen() || !same_side) continue;
    if (earlier.has_ts && earlier.sender_had_ts) raise(earlier.sender_ts);
    if (earlier.has_ack) r.sender_highest = later_of(r.sender_highest, earlier.seq);
    count_on(earlier);
  }
  count_on(r);
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
  r.trigger = find_trigger(c, side, s);
  const bool trigger_is_activity = r.trigger.seen() && r.trigger.at.frame == c.last_activity.frame;
  r.sender_waited_ns = waited_ns(x, s.time_ns);
  r.receiver_waited_ns = waited_ns(y, s.time_ns);
  r.idle_known = c.last_activity.seen();
  r.idle_ns = trigger_is_activity ? c.quiet_before_ns
              : r.trigger.seen()  ? r.trigger.at.time_ns - c.last_activity.time_ns
                                  : s.time_ns - c.last_activity.time_ns;
  r.syn_inside = c.pending.at.seen() && c.pending.sender == side && !c.pending.is_syn_ack;
  r.seems_taken = proves_handshake || seems_taken(c, r);
  c.reset_taken = c.reset_taken || r.seems_taken;
  c.resets.add(r);
}

}  // namespace tcpteardown::folding
