// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tracking/fold.h"
#include "wire/thresholds.h"

namespace tcpteardown::folding {
namespace {

// A probe repeats the last acknowledged sequence number, with no byte or one (RFC 9293 §3.8.4;
// Linux sends none, older BSDs one). All that was sent must be acknowledged.
bool is_probe_of_old_byte(const Endpoint& x, const Endpoint& y, const Segment& s) {
  const bool no_control = !s.flags.syn && !s.flags.fin;
  const bool all_acknowledged = !y.has_ack || at_or_after(y.rcv_nxt, x.snd_nxt);
  return no_control && x.segments > 0 && s.payload_length <= 1 && s.seq + 1 == x.snd_nxt && all_acknowledged;
}

// One byte beyond a closed window (RFC 9293 §3.8.6.1).
bool is_probe_of_new_byte(const Endpoint& x, const Endpoint& y, const Segment& s) {
  return y.zero_window && s.payload_length == 1 && !s.flags.fin && y.has_ack &&
         (s.seq == y.rcv_nxt || s.seq == x.snd_nxt);
}

// An ACK from the same number that answers at once what it does not take: a challenge (RFC 5961), or a host
// that was told of a FIN which it had never sent. A probe comes when all is quiet.
bool refuses(const Connection& c, const Endpoint& y, const Segment& s) {
  const bool at_once = y.last_segment.seen() && s.time_ns - y.last_segment.time_ns <=
                                                    std::max(c.round_trip_ns, threshold::kLeastReordering);
  return s.payload_length == 0 && s.flags.ack && y.has_seq && after(y.snd_nxt, s.ack) && at_once;
}

void add_hole(Endpoint& x, Seq start, Seq end, bool acknowledged) {
  for (Hole& hole : x.holes) {
    if (hole.start != hole.end) continue;
    hole = {start, end, acknowledged};
    return;
  }
}

// Takes [start, end) out of the first hole it touches; true if there was one. A segment inside
// a hole leaves the part behind it, which is all that serial arrival needs.
bool fill_hole(Endpoint& x, Seq start, Seq end) {
  for (Hole& hole : x.holes) {
    if (hole.start == hole.end) continue;
    if (at_or_after(start, hole.end) || at_or_before(end, hole.start)) continue;
    const Seq from = later_of(start, hole.start);
    const Seq to = before(end, hole.end) ? end : hole.end;
    if (hole.acknowledged) {
      const auto filled = static_cast<std::uint64_t>(distance(from, to));
      x.missed_bytes -= filled < x.missed_bytes ? filled : x.missed_bytes;
    }
    if (from == hole.start) {
      hole.start = to;
    } else {
      hole.end = from;
    }
    return true;
  }
  return false;
}

void note_wait(Connection& c, Side side, const Segment& s) {
  const Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  if (!y.last_data.seen() || !later(y.last_data, x.last_data)) return;
  const bool was_acked =
      x.has_ack && at_or_after(x.rcv_nxt, y.data_end) && later(x.ack_advanced, y.last_data);
  const bool gap = after(s.seq, x.snd_nxt);  // the answer may have begun in what was not captured
  if (!was_acked || gap) return;
  const std::int64_t waited = s.time_ns - x.ack_advanced.time_ns;  // both of one host: the way does not count
  if (waited <= c.longest_wait.duration_ns) return;
  c.longest_wait = {
      .duration_ns = waited, .request = y.last_data, .answer = moment(s), .waiting = other(side)};
}

// A pause ends it as well.
void note_burst(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  const bool paused = s.time_ns - x.last_data.time_ns > round_trips_ns(c, threshold::kLinuxLeastTimeout);
  if (x.burst_segments == 0 || paused || later(y.last_data, x.last_data)) {
    x.burst_segments = 0;
    x.before_burst = x.last_data;
    x.burst_start = moment(s);
    x.burst_seq = s.seq;
  }
  ++x.burst_segments;
}

void note_lengths(Endpoint& x, const Segment& s) {
  using threshold::kBulkSegment;
  if (x.longest_segment >= kBulkSegment && s.payload_length >= kBulkSegment &&
      s.payload_length < x.longest_segment &&
      x.longest_segment - s.payload_length <= threshold::kOddSegment && !x.odd_segment.seen()) {
    x.odd_segment = moment(s);
    x.odd_length = s.payload_length;
  }
  if (s.payload_length > x.longest_segment) x.longest_segment = s.payload_length;
}

void note_after_peer_fin(Endpoint& x, const Endpoint& y, const Segment& s, Seq start) {
  if (!y.fin.sent() || !s.flags.ack || !after(s.ack, y.fin.seq)) return;
  if (!x.sent_after_peer_fin) {
    x.sent_after_peer_fin = true;
    x.after_fin_start = start;
    x.after_fin_first = moment(s);
  }
  x.after_fin_last = moment(s);
}

// How much of the peer's data an ACK field tells of; the peer's FIN is none.
Seq data_known(const Endpoint& peer, Seq ack) {
  return peer.fin.sent() && after(ack, peer.fin.seq) ? peer.fin.seq : ack;
}

// What it says now began with this data, or goes on with it. Bytes that were not captured may belong to it.
void note_turn(Endpoint& x, const Endpoint& y, const Segment& s, Seq start) {
  const bool first = !x.first_data.seen();
  const Seq nothing = y.has_iss ? y.iss + 1 : s.ack;  // data in a SYN has no ACK field
  const Seq known = x.has_ack_at_last_data ? data_known(y, x.ack_at_last_data) : nothing;
  if (!first && (!s.flags.ack || !after(data_known(y, s.ack), known))) return;
  x.turn_seq = start;
  x.turn = moment(s);
  x.turn_ack = s.ack;
  x.turn_segments = x.turn_resets = 0;
  x.turn_was_reset = false;
}

SegmentKind fold_new_data(Connection& c, Side side, const Segment& s, Seq start, Seq end) {
  Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  if (x.fin.sent() && after(end, x.fin.seq)) {
    x.data_beyond_fin = moment(s);
    return SegmentKind::data;
  }
  if (after(start, x.snd_nxt) && !x.rest_in_fragments) add_hole(x, x.snd_nxt, start, false);
  note_wait(c, side, s);
  note_burst(c, side, s);
  note_lengths(x, s);
  note_turn(x, y, s, x.data_end);
  note_activity(c, moment(s));
  x.deaf_resends = {};
  note_after_peer_fin(x, y, s, later_of(start, x.data_end));
  x.bytes += static_cast<std::uint64_t>(distance(x.data_end, end));
  x.data_end = end;
  x.snd_nxt = later_of(x.snd_nxt, end);
  x.rest_in_fragments = !s.payload_length_known;
  if (x.data_segments < 0xffff'ffff) ++x.data_segments;
  if (!x.first_data.seen()) x.first_data = moment(s);
  x.last_data = moment(s);
  x.has_ack_at_last_data = s.flags.ack;
  x.ack_at_last_data = s.ack;
  return SegmentKind::data;
}

// Data captured behind an ACK of it, or behind later data: no new bytes, but the first sight of
// these.
void note_late_data(Connection& c, Side side, const Segment& s, Seq end) {
  Endpoint& x = c.side(side);
  note_wait(c, side, s);
  note_burst(c, side, s);
  note_lengths(x, s);
  note_after_peer_fin(x, c.side(other(side)), s, s.seq);
  ++x.data_segments;
  x.late_data = moment(s);
  if (!x.first_data.seen()) x.first_data = moment(s);
  if (end != x.data_end) return;
  // What its peer had acknowledged was captured too late; anything else may have been sent before, unseen.
  const Endpoint& y = c.side(other(side));
  if (y.has_ack && at_or_after(y.rcv_nxt, end)) note_turn(x, y, s, s.seq);
  note_activity(c, moment(s));
  x.last_data = moment(s);
  x.has_ack_at_last_data = s.flags.ack;
  x.ack_at_last_data = s.ack;
}

// A retransmission timer sends the earliest unacknowledged segment again (RFC 6298 §5.4); only
// a tail loss probe sends a later one, and only once (RFC 8985 §7.3). The second copy of a later
// segment therefore proves that all before it was acknowledged, unless SACK tells of holes.
void note_later_resend(Connection& c, Side side, Seq start, Moment now) {
  Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  if (y.has_sack && after(y.sack_edge, y.rcv_nxt)) return;
  const bool goes_on = x.later_resends.count > 0 && x.later_resend_seq == start;
  if (!goes_on) x.later_resends = {};
  x.later_resend_seq = start;
  x.later_resends.add(now, goes_on ? x.later_resends.last.time_ns : x.last_data.time_ns);
  if (x.later_resends.count < threshold::kMoreThanTailProbe) return;
  infer_ack(c, side, start);
  x.resend_seq = start;
  x.resends = x.later_resends;
  x.later_resends = {};
}

// Repeated though its peer acknowledged it, longer ago than a round trip, and TSecr is older than that ACK
// (RFC 7323 §4.3): the ACK did not get back.
void note_deaf_resend(Connection& c, Side side, const Segment& s, Seq start) {
  Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  const bool stamped = s.options.has_timestamps && y.has_ack_stamp;
  const bool heard = stamped && !newer_stamp(y.ack_stamp, s.options.ts_echo);
  const bool may_be_under_way = s.time_ns - y.ack_advanced.time_ns <= c.round_trip_ns;
  const bool goes_on = x.deaf_resends.count > 0 && x.deaf_seq == start;
  if (heard || !goes_on) x.deaf_resends = {};
  if (heard || may_be_under_way) return;
  x.deaf_seq = start;
  x.deaf_resends.add(moment(s), goes_on ? x.deaf_resends.last.time_ns : y.ack_advanced.time_ns);
}

SegmentKind fold_old_data(Connection& c, Side side, const Segment& s, Seq start, Seq end) {
  Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  const Moment now = moment(s);
  const std::int64_t previous_ns = x.last_segment.time_ns;
  if (fill_hole(x, start, end)) {
    note_late_data(c, side, s, end);
    const bool older_stamp =
        s.options.has_timestamps && x.has_ts && newer_stamp(x.stamps.value, s.options.ts_value);
    if (older_stamp || s.time_ns - previous_ns < threshold::kOutOfOrder) x.reordered = true;
    return SegmentKind::data;
  }
  ++x.retransmissions;
  x.last_retransmission = now;
  if (y.has_ack && after(start, y.rcv_nxt)) {
    note_later_resend(c, side, start, now);
    return SegmentKind::retransmission;
  }
  const bool covers_oldest = !y.has_ack || after(end, y.rcv_nxt);
  if (!covers_oldest) {
    note_deaf_resend(c, side, s, start);
    return SegmentKind::retransmission;
  }
  if (x.resends.count > 0 && x.resend_seq != start) x.resends = {};
  // The tail loss probe before the first time-out was in vain as well (RFC 8985 §7.3).
  if (x.resends.count == 0 && x.later_resends.count == 1) x.resends = x.later_resends;
  x.later_resends = {};
  x.resend_seq = start;
  const bool first = x.resends.count == 0;
  x.resend_length = first ? s.payload_length : std::min(x.resend_length, s.payload_length);
  x.resends.add(now, first ? x.last_data.time_ns : x.resends.last.time_ns);
  if (x.resends.last_interval_ns > x.longest_resend_ns) x.longest_resend_ns = x.resends.last_interval_ns;
  return SegmentKind::retransmission;
}

}  // namespace

bool is_refusal(const Connection& c, Side side, const Segment& s) {
  const Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  const bool late = s.options.has_timestamps && x.has_ts && newer_stamp(x.stamps.value, s.options.ts_value);
  return !late && !y.zero_window && is_probe_of_old_byte(x, y, s) && refuses(c, y, s);
}

SegmentKind fold_payload(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  Endpoint& y = c.side(other(side));
  const Moment now = moment(s);
  const Seq start = s.flags.syn ? s.seq + 1 : s.seq;
  const Seq end = start + s.payload_length;
  if (!x.has_seq) {
    x.has_seq = true;
    x.first_seq = x.snd_nxt = x.data_end = start;
  }
  // Probes of an idle connection are sent when nothing is outstanding.
  if (s.payload_length <= 1 && s.seq + 1 == x.snd_nxt) infer_ack_by_silence(c, side, s.time_ns);
  if (is_probe_of_new_byte(x, y, s) || (is_probe_of_old_byte(x, y, s) && y.zero_window)) {
    x.window_probes.add(now,
                        x.window_probes.count > 0 ? x.window_probes.last.time_ns : x.last_segment.time_ns);
    return SegmentKind::window_probe;
  }
  if (is_probe_of_old_byte(x, y, s) && !refuses(c, y, s)) {
    x.keep_alives.add(now, x.keep_alives.count > 0 ? x.keep_alives.last.time_ns : x.last_segment.time_ns);
    return SegmentKind::keep_alive;
  }
  if (s.payload_length == 0) {
    const bool behind_unseen_fin = x.peer_acked_one_beyond && start == x.one_beyond_ack;
    if (!s.flags.syn && !behind_unseen_fin && after(start, x.snd_nxt)) {
      // The segments before this one were not captured.
      if (!x.rest_in_fragments) add_hole(x, x.snd_nxt, start, false);
      x.rest_in_fragments = false;
      x.bytes += static_cast<std::uint64_t>(distance(x.data_end, start));
      x.snd_nxt = x.data_end = start;
    }
    return SegmentKind::pure_ack;
  }
  fold_context(x, c.side(other(side)), s);
  return after(end, x.data_end) ? fold_new_data(c, side, s, start, end)
                                : fold_old_data(c, side, s, start, end);
}

}  // namespace tcpteardown::folding
