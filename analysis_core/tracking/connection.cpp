// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/connection.h"

#include "tracking/fold.h"
#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

using namespace folding;

void fold_frame(Connection& c, const Segment& s) {
  const Moment now = moment(s);
  if (!c.first.seen()) c.first = now;
  if (now.time_ns < c.last.time_ns && c.last.seen()) c.time_ran_backwards = true;
  if (now.frame != c.last.frame) {
    ++c.frames;
    c.before_last = c.last;
  }
  c.last = now;
  if (!s.options_complete) c.truncated = true;
}

bool same_packet(const RecentSegment& r, const Segment& s) {
  const bool same_time_stamp =
      r.has_ts == s.options.has_timestamps && (!r.has_ts || r.ts_value == s.options.ts_value);
  return r.seq == s.seq && r.ack == s.ack && r.flags == s.flags && r.window == s.window &&
         r.length == s.payload_length && same_time_stamp && r.has_ip_id == s.has_ip_id && r.ip_id == s.ip_id;
}

// The same packet captured twice (both directions of a mirror port, a VLAN and its parent, a
// router's two sides). An IP identification that is not 0 tells copies from retransmissions;
// without one, a copy behind a router's hop counts, or one right behind the original that no
// retransmission timer could have sent so soon.
bool is_copy(const Connection& c, Side side, const Segment& s) {
  const auto& ring = c.recent[static_cast<std::size_t>(side)];
  for (const RecentSegment& r : ring) {
    if (!r.at.seen() || !same_packet(r, s)) continue;
    const std::int64_t gap = s.time_ns - r.at.time_ns;
    if (gap < 0) continue;
    if (s.has_ip_id && s.ip_id != 0) {
      if (gap <= threshold::kReordering) return true;
      continue;
    }
    if (gap > threshold::kLeastReordering) continue;
    const bool one_hop_on = s.hop_limit != 0 && r.hop_limit == s.hop_limit + 1;
    if (one_hop_on) return true;
    const bool takes_space = s.payload_length > 0 || s.flags.syn || s.flags.fin;
    if (r.at.frame == c.last.frame && (takes_space || c.duplicates > 0)) return true;
  }
  return false;
}

void remember(Connection& c, Side side, const Segment& s, SegmentKind kind) {
  const auto index = static_cast<std::size_t>(side);
  RecentSegment& r = c.recent[index][c.recent_next[index]];
  note_forgotten(c.side(side), c.side(other(side)), r);
  c.recent_next[index] = static_cast<std::uint8_t>((c.recent_next[index] + 1U) % kRecentKept);
  r = {.at = moment(s),
       .seq = s.seq,
       .ack = s.ack,
       .length = s.payload_length,
       .window = s.window,
       .ip_id = s.ip_id,
       .ts_value = s.options.ts_value,
       .flags = s.flags,
       .hop_limit = s.hop_limit,
       .has_ip_id = s.has_ip_id,
       .has_ts = s.options.has_timestamps,
       .kind = kind};
}

// Keeps events and changes of state; when there is no room left, the last mark is replaced.
void mark(Connection& c, Side side, FrameNumber frame, Event event) {
  const StateFacts states = state_facts(c);
  if (event == Event::none && states == c.last_states) return;
  c.last_states = states;
  const Mark made{.frame = frame, .event = event, .sender = side, .states = states};
  if (c.mark_count > 0 && c.marks[c.mark_count - 1U].frame == frame) {
    Mark& previous = c.marks[c.mark_count - 1U];
    previous.states = states;
    if (event != Event::none) previous.event = event;
    return;
  }
  if (c.mark_count == kMarksKept) --c.mark_count;
  c.marks[c.mark_count++] = made;
}

// The client's packets as the server sees them, for the published tampering signatures.
void note_inbound(Connection& c, Side side, const Segment& s) {
  if (side != Side::a || c.a.syn_count == 0) return;
  c.last_inbound = moment(s);
  if (c.inbound_count >= kInboundKept) return;
  InboundPacket& p = c.inbound[c.inbound_count++];
  p.ack = s.flags.ack || s.flags.rst ? s.ack.raw : 0;
  p.rst = s.flags.rst;
  p.rst_ack = s.flags.rst && s.flags.ack;
  p.syn = s.flags.syn;
  p.fin = s.flags.fin;
  p.data = s.payload_length > 0 && !s.flags.rst;
}

struct Folded {
  SegmentKind kind = SegmentKind::pure_ack;
  Event event = Event::none;
};

Folded fold_live(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  Folded folded;
  if (is_late_syn(c, side, s)) {
    if (!c.late_syn.seen()) c.late_syn = moment(s);
    if (c.over) note_pending(c, side, s);  // a SYN-ACK would tell that it was none
    return folded;
  }
  if (is_of_time_wait(c, side, s) || is_stranger(c, side, s) || is_stray_fin(c, side, s)) return folded;
  fold_fin_claim(c, side, s);
  fold_habits(x, s);
  if (is_stale_ack(c, side, s)) {
    if (!c.stale_ack.seen()) c.stale_ack = moment(s);
    return folded;
  }
  if (s.flags.syn) {
    folded.kind = s.flags.ack ? SegmentKind::syn_ack : SegmentKind::syn;
    if (fold_syn(c, side, s)) {
      if (c.pending.at.frame == s.frame) folded.event = Event::syn_inside;
      return folded;
    }
  }
  if (!s.flags.syn && !x.first_plain.seen()) x.first_plain = moment(s);
  note_challenge(c, side, s);
  if (is_refusal(c, side, s)) folded.event = Event::challenge_ack;
  const SegmentKind kind = fold_payload(c, side, s);
  count_turn(c, side, s);
  fold_aftermath(c, side, s, s.flags.fin && kind == SegmentKind::pure_ack ? SegmentKind::fin : kind);
  if (!s.flags.syn) folded.kind = kind;
  if (x.after_fin_first.frame == s.frame) folded.event = Event::half_close_data;
  if (s.flags.ack) {
    if (fold_ack(c, side, s) && folded.event == Event::none) folded.event = Event::fin_acked;
    fold_handshake_ack(c, side, s);
  }
  fold_window(c, side, s);
  if (s.flags.fin) {
    if (folded.kind == SegmentKind::pure_ack) folded.kind = SegmentKind::fin;
    folded.event = fold_fin(c, side, s);
  }
  ++x.segments;
  x.last_segment = moment(s);
  if (s.options.mptcp == MptcpOption::fastclose && !c.fastclose.seen()) {
    c.fastclose = moment(s);
    c.fastclose_by = side;
    folded.event = Event::fastclose;
  }
  return folded;
}

}  // namespace

bool fin_is_inferred(const Connection& c, Side side) {
  const Endpoint& x = c.side(side);
  return !x.fin.sent() && x.peer_acked_one_beyond && c.side(other(side)).fin.sent();
}

bool fin_is_answer(const Connection& c, Side side) {
  const Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  if (fin_is_inferred(c, side)) return !fin_is_answer(c, other(side));
  if (!x.fin.sent() || !x.fin.has_ack_field) return false;
  if (fin_is_inferred(c, other(side))) return at_or_after(x.fin.ack_field, y.one_beyond_ack);
  return y.fin.sent() && after(x.fin.ack_field, y.fin.seq);
}

StateFacts state_facts(const Connection& c) {
  const bool a_unseen = fin_is_inferred(c, Side::a);
  const bool b_unseen = fin_is_inferred(c, Side::b);
  const bool opening_seen = c.a.syn_count + c.a.synack_count + c.b.syn_count + c.b.synack_count > 0;
  return {.a_syn = c.a.syn_count > 0,
          .b_syn = c.b.syn_count > 0,
          .a_syn_ack = c.a.synack_count > 0,
          .b_syn_ack = c.b.synack_count > 0,
          .established = c.handshake_acked || !opening_seen,
          .a_fin = c.a.fin.sent() || a_unseen,
          .b_fin = c.b.fin.sent() || b_unseen,
          .a_fin_acked = c.a.fin.is_acked() || a_unseen,
          .b_fin_acked = c.b.fin.is_acked() || b_unseen,
          .a_fin_is_answer = fin_is_answer(c, Side::a),
          .b_fin_is_answer = fin_is_answer(c, Side::b),
          .reset = c.reset_taken};
}

namespace {

// With its ACK field, and the blocks of SACK, in the numbers that its receiver sends.
Segment in_own_numbers(const Segment& s, std::uint32_t shift) {
  Segment own = s;
  own.ack = s.ack - shift;
  for (auto& block : own.options.sack) block = {block[0] - shift, block[1] - shift};
  return own;
}

void fold_in_own_numbers(Connection& c, Side side, const Segment& s) {
  if (is_copy(c, side, s)) {
    ++c.duplicates;
    fold_frame(c, s);
    return;
  }
  fold_frame(c, s);
  Folded folded{.kind = SegmentKind::reset, .event = Event::reset};
  if (s.flags.rst) {
    fold_reset(c, side, s);
  } else {
    folded = fold_live(c, side, s);
  }
  c.over = c.reset_taken || (c.a.fin.sent() && c.b.fin.sent());
  remember(c, side, s, folded.kind);
  mark(c, side, s.frame, folded.event);
  note_inbound(c, side, s);
}

}  // namespace

void fold(Connection& c, const Segment& s) {
  const Side side = side_of(c, s.source);
  if (is_damaged(c, side, s)) {
    fold_frame(c, s);
    return;
  }
  fold(c.zeek, s, side == Side::a);
  learn_numbers(c, side, s);
  const std::uint32_t shift = s.flags.ack ? c.side(side).ack_shift : 0;
  fold_in_own_numbers(c, side, shift == 0 ? s : in_own_numbers(s, shift));
}

void fold(Connection& c, const IcmpError& error) {
  IcmpFacts& icmp = c.icmp;
  const Moment now{error.frame, error.time_ns};
  const Side about = side_of(c, error.quoted_source);
  const Endpoint& x = c.side(about);
  if (icmp.count < 0xffff) ++icmp.count;
  if (!icmp.first.seen()) {
    icmp.first = now;
    icmp.sender = error.sender;
    icmp.is_icmpv6 = error.is_icmpv6;
    icmp.type = error.type;
    icmp.code = error.code;
    icmp.about = about;
    icmp.about_syn = x.has_iss && error.quoted_seq == x.iss;
  }
  Run& run = c.side(about).resends;
  const bool about_repeat = run.count > 0 && error.quoted_seq == x.resend_seq;
  if (about_repeat && run.reported < 0xffff) ++run.reported;
  icmp.last = now;
  if (!c.first.seen()) c.first = now;
  c.last = now;
  ++c.frames;
  mark(c, about, error.frame, Event::icmp_error);
}

}  // namespace tcpteardown
