// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/fold.h"

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
  const std::int64_t waited = s.time_ns - y.last_data.time_ns;
  if (waited <= c.longest_wait.duration_ns) return;
  c.longest_wait = {.duration_ns = waited,
                    .request = y.last_data,
                    .answer = moment(s),
                    .waiting = other(side),
                    .request_was_acked = x.has_ack && at_or_after(x.rcv_nxt, y.data_end)};
}

// A pause ends it as well: longer than round trips and delayed ACKs make one inside a transfer
// (200 ms is Linux's shortest retransmission time-out; our choice).
void note_burst(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  constexpr std::int64_t kPause = 200'000'000;
  const std::int64_t longest = 4 * c.round_trip_ns > kPause ? 4 * c.round_trip_ns : kPause;
  const bool paused = s.time_ns - x.last_data.time_ns > longest;
  if (x.burst_segments == 0 || paused || later(y.last_data, x.last_data)) {
    x.burst_segments = 0;
    x.burst_start = moment(s);
    x.burst_seq = s.seq;
  }
  ++x.burst_segments;
}

void note_lengths(Endpoint& x, const Segment& s) {
  constexpr std::uint32_t kBulkSegment = 512;  // our choice: shorter ones are messages
  if (x.longest_segment >= kBulkSegment && s.payload_length >= kBulkSegment &&
      s.payload_length < x.longest_segment && x.longest_segment - s.payload_length <= 64 &&
      !x.odd_segment.seen()) {
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

SegmentKind fold_new_data(Connection& c, Side side, const Segment& s, Seq start, Seq end) {
  Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  if (x.fin.sent() && after(end, x.fin.seq)) {
    x.data_beyond_fin = moment(s);
    return SegmentKind::data;
  }
  if (after(start, x.snd_nxt)) add_hole(x, x.snd_nxt, start, false);
  note_wait(c, side, s);
  note_burst(c, side, s);
  note_lengths(x, s);
  note_activity(c, moment(s));
  note_after_peer_fin(x, y, s, later_of(start, x.data_end));
  x.bytes += static_cast<std::uint64_t>(distance(x.data_end, end));
  x.data_end = end;
  x.snd_nxt = later_of(x.snd_nxt, end);
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
  if (!x.first_data.seen()) x.first_data = moment(s);
  if (end != x.data_end) return;
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
  if (x.later_resends.count < 2) return;
  infer_ack(c, side, start);
  x.resend_seq = start;
  x.resends = x.later_resends;
  x.later_resends = {};
}

SegmentKind fold_old_data(Connection& c, Side side, const Segment& s, Seq start, Seq end) {
  Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  const Moment now = moment(s);
  const std::int64_t previous_ns = x.last_segment.time_ns;
  if (fill_hole(x, start, end)) {
    note_late_data(c, side, s, end);
    const bool older_stamp = s.options.has_timestamps && x.has_ts &&
                             static_cast<std::int32_t>(s.options.ts_value - x.stamps.value) < 0;
    if (older_stamp || s.time_ns - previous_ns < 3'000'000) x.reordered = true;
    return SegmentKind::data;
  }
  ++x.retransmissions;
  x.last_retransmission = now;
  if (y.has_ack && after(start, y.rcv_nxt)) {
    note_later_resend(c, side, start, now);
    return SegmentKind::retransmission;
  }
  const bool covers_oldest = !y.has_ack || after(end, y.rcv_nxt);
  if (!covers_oldest) return SegmentKind::retransmission;
  if (x.resends.count > 0 && x.resend_seq != start) x.resends = {};
  // The tail loss probe before the first time-out was in vain as well (RFC 8985 §7.3).
  if (x.resends.count == 0 && x.later_resends.count == 1) x.resends = x.later_resends;
  x.later_resends = {};
  x.resend_seq = start;
  const bool first = x.resends.count == 0;
  x.resends.add(now, first ? x.last_data.time_ns : x.resends.last.time_ns);
  if (x.resends.last_interval_ns > x.longest_resend_ns) x.longest_resend_ns = x.resends.last_interval_ns;
  return SegmentKind::retransmission;
}

}  // namespace

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
  if (is_probe_of_old_byte(x, y, s)) {
    x.keep_alives.add(now, x.keep_alives.count > 0 ? x.keep_alives.last.time_ns : x.last_segment.time_ns);
    return SegmentKind::keep_alive;
  }
  if (s.payload_length == 0) {
    const bool behind_unseen_fin = x.peer_acked_one_beyond && start == x.one_beyond_ack;
    if (!s.flags.syn && !behind_unseen_fin && after(start, x.snd_nxt)) {
      add_hole(x, x.snd_nxt, start, false);  // the segments before this one were not captured
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
