// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/fold.h"

namespace tcpteardown::folding {
namespace {

std::uint32_t scaled_window(const Endpoint& x, const Endpoint& y) {
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
  for (const RecentSegment& r : c.recent[static_cast<std::size_t>(other(resetter))]) {
    if (!r.at.seen() || r.flags.rst) continue;
    if (s.time_ns - r.at.time_ns > trigger_reach_ns(c, r.kind)) continue;
    const bool matches = s.flags.ack ? r.flags.syn && !r.flags.ack && s.ack == r.seq + 1 + r.length
                                     : r.flags.ack && r.ack == s.seq;
    if (!matches || !is_unanswered(c.side(resetter), r) || !is_better(r, best)) continue;
    best = {.at = r.at,
            .seq = r.seq,
            .ack = r.ack,
            .length = r.length,
            .fin = r.flags.fin,
            .syn = r.flags.syn,
            .kind = r.kind,
            .window = r.window,
            .ip_id = r.ip_id,
            .has_ip_id = r.has_ip_id};
  }
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
  const UsualHopLimit usual = usual_hop_limit(x);
  r.usual_hop_limit = usual.value;
  r.usual_hop_limit_seen = usual.seen;
  if (x.has_ip_id) r.sender_last_ip_id = x.last_ip_id;
  r.sender_ts = x.ts_value;
  r.sender_had_ts = x.has_ts;
  r.sender_last_before = x.last_segment;
  r.sender_resends = x.resends;
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
  r.fin_unseen = r.fin_unseen || y.peer_acked_one_beyond;
}

// Whether the receiver takes it, by what is known at this moment; evidence/reset.h judges with
// what came later. It decides only whether a following SYN is a new connection.
bool seems_taken(const Connection& c, const Reset& r) {
  const Endpoint& x = c.side(r.sender);
  const Endpoint& y = c.side(other(r.sender));
  const bool in_syn_sent = y.syn_count > 0 && !x.has_seq;
  if (in_syn_sent) return r.has_ack && r.ack == y.iss + 1 + y.syn_bytes;
  if (!y.has_ack) return true;
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
  if (s.options.has_timestamps) raise(s.options.ts_value);
  for (std::size_t i = 0; i < c.resets.kept(); ++i) {
    const Reset& earlier = c.resets[i];
    const bool same_side = earlier.sender == r.sender && earlier.at.frame < r.at.frame;
    if (!earlier.at.seen() || !same_side) continue;
    if (earlier.has_ts && earlier.sender_had_ts) raise(earlier.sender_ts);
    if (earlier.has_ack) r.sender_highest = later_of(r.sender_highest, earlier.seq);
  }
}

// Was this segment sent after the RST of the same side? Reordering and late copies must not
// look like it: by an ACK beyond the RST's own, by the time stamp where both have one, else by
// the IP identification where the RST continues its sender's count, and by more time than
// reordering takes.
bool sent_after(const Connection& c, const Reset& r, const Segment& s) {
  const bool ack_is_true = r.has_ack &&
                           (!r.receiver_has_seq || at_or_before(r.ack, r.receiver_snd_nxt + 1)) &&
                           (!r.sender_has_rcv_nxt || at_or_after(r.ack, r.sender_rcv_nxt));
  if (ack_is_true && s.flags.ack && after(s.ack, r.ack)) return true;
  if (r.sender_had_ts && s.options.has_timestamps) {
    if (!newer(s.options.ts_value, r.sender_ts)) return false;
    return r.has_ts || s.time_ns - r.at.time_ns > reordering_slack_ns(c);
  }
  if (s.time_ns - r.at.time_ns <= reordering_slack_ns(c)) return false;
  const bool counts = r.has_ip_id && r.ip_id != 0 && r.sender_last_ip_id && s.has_ip_id && s.ip_id != 0;
  if (!counts) return true;
  const auto from = [](std::uint16_t a, std::uint16_t b) {
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(b - a));
  };
  const bool in_sequence =
      from(*r.sender_last_ip_id, r.ip_id) > 0 && from(*r.sender_last_ip_id, r.ip_id) < 100;
  return !in_sequence || from(r.ip_id, s.ip_id) > 0;
}

// A segment captured behind the RST that followed it on the wire (reordering): what it carried
// was sent before the RST.
void take_overtaken(Connection& c, Reset& r, const Segment& s) {
  const Seq end = s.seq + s.payload_length + (s.flags.fin ? 1U : 0U);
  const bool fits = r.sender_has_seq && after(end, r.sender_snd_nxt) && at_or_before(end, r.seq);
  if (!fits || s.time_ns - r.at.time_ns > reordering_slack_ns(c)) return;
  r.sender_snd_nxt = end;
  if (s.flags.fin) r.sender_fin_sent = true;
  if (r.seq == end) {
    r.fin_unseen = false;
    c.reset_taken = true;
  }
}

// The segment that a RST without ACK answers, captured behind it (reordering).
void take_overtaken_trigger(const Connection& c, Reset& r, const Segment& s, SegmentKind kind) {
  const bool asks = kind != SegmentKind::pure_ack;
  if (r.has_ack || r.trigger.seen() || !s.flags.ack || s.ack != r.seq || !asks) return;
  if (s.time_ns - r.at.time_ns > reordering_slack_ns(c)) return;
  r.trigger = {.at = moment(s),
               .seq = s.seq,
               .ack = s.ack,
               .length = s.payload_length,
               .fin = s.flags.fin,
               .syn = s.flags.syn,
               .kind = kind,
               .window = s.window,
               .ip_id = s.ip_id,
               .has_ip_id = s.has_ip_id};
}

// What the purported sender says after its RST.
void note_sender_after(Connection& c, Reset& r, const Segment& s) {
  const Moment now = moment(s);
  take_overtaken(c, r, s);
  if (s.flags.syn) {
    // A SYN-ACK for the very SYN that was refused: the server never refused it.
    const bool same_try = c.side(other(r.sender)).last_syn.frame < r.at.frame;
    if (s.flags.ack && same_try && !r.sender_sent_more.seen()) r.sender_sent_more = now;
    return;
  }
  if (!sent_after(c, r, s)) return;
  const Seq end = s.seq + s.payload_length + (s.flags.fin ? 1U : 0U);
  const bool takes_space = s.payload_length > 0 || s.flags.fin;
  const bool proven_new = s.options.has_timestamps || after(end, later_of(r.seq, r.sender_highest));
  if (takes_space && proven_new && !r.sender_sent_more.seen()) r.sender_sent_more = now;
  const bool acks_more = s.flags.ack && r.sender_has_rcv_nxt && after(s.ack, r.sender_rcv_nxt);
  if (acks_more && !r.sender_acked_more.seen()) r.sender_acked_more = now;
  const bool mute = r.trigger.length > 0 && s.flags.ack && at_or_before(s.ack, r.trigger.seq);
  if (mute && !r.sender_kept_mute.seen()) r.sender_kept_mute = now;
}

void note_receiver_after(Reset& r, const Segment& s) {
  const Moment now = moment(s);
  const bool pure_ack = s.flags.ack && s.payload_length == 0 && !s.flags.fin && !s.flags.syn;
  if (!r.receiver_spoke.seen()) {
    r.receiver_spoke = now;
    const bool unchanged = r.receiver_has_ack && s.ack == r.receiver_rcv_nxt && s.seq == r.receiver_snd_nxt;
    if (pure_ack && unchanged && r.seq != r.receiver_rcv_nxt) r.challenge = now;
  }
  if (!s.flags.ack) return;
  r.receiver_ack_after = r.receiver_acked.seen() ? later_of(r.receiver_ack_after, s.ack) : s.ack;
  r.receiver_acked = now;
}

}  // namespace

void fold_reset(Connection& c, Side side, const Segment& s) {
  const Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  Reset& r = c.resets.add();
  r.sender = side;
  describe_packet(r, s);
  describe_sender(r, x);
  describe_receiver(r, y, x);
  note_earlier_resets(c, r, s);
  r.trigger = find_trigger(c, side, s);
  const bool trigger_is_activity = r.trigger.seen() && r.trigger.at.frame == c.last_activity.frame;
  r.idle_known = c.last_activity.seen();
  r.idle_ns = trigger_is_activity ? c.quiet_before_ns
              : r.trigger.seen()  ? r.trigger.at.time_ns - c.last_activity.time_ns
                                  : s.time_ns - c.last_activity.time_ns;
  r.syn_inside = c.pending.at.seen() && c.pending.sender == side && !c.pending.is_syn_ack;
  if (seems_taken(c, r)) c.reset_taken = true;
}

void fold_aftermath(Connection& c, Side side, const Segment& s, SegmentKind kind) {
  for (std::size_t i = 0; i < c.resets.kept(); ++i) {
    Reset& r = c.resets[i];
    if (side == r.sender) {
      note_sender_after(c, r, s);
    } else {
      take_overtaken_trigger(c, r, s, kind);
      note_receiver_after(r, s);
    }
  }
}

}  // namespace tcpteardown::folding
