// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tracking/fold.h"
#include "wire/thresholds.h"

// Which segment a RST answers.
namespace tcpteardown::folding {
namespace {

// How long before the RST its trigger may have been captured: some round trips, because the capture may be
// at the trigger's sender.
std::int64_t trigger_reach_ns(const Connection& c, SegmentKind kind) {
  const bool is_known_ack = kind == SegmentKind::pure_ack && c.round_trip_ns > 0;
  return round_trips_ns(c, is_known_ack ? threshold::kAckTriggerReach : threshold::kTriggerReach);
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
// among equals the latest. Each segment draws a RST of its own: what came behind the last one that did
// has none yet.
bool is_better(const RecentSegment& r, const Trigger& best, FrameNumber answered) {
  if (!best.seen()) return true;
  const bool is_new = r.at.frame > answered;
  if (is_new != (best.at.frame > answered)) return is_new;
  const auto rank = [](SegmentKind kind, std::uint32_t length) {
    if (kind == SegmentKind::pure_ack) return 0;
    const bool probe = kind == SegmentKind::keep_alive || kind == SegmentKind::window_probe;
    return length > 0 && !probe ? 2 : 1;
  };
  const int mine = rank(r.kind, r.length);
  const int other_rank = rank(best.kind, best.length);
  return mine != other_rank ? mine > other_rank : r.at.frame > best.at.frame;
}

// The newest segment that this side's earlier RSTs answered.
FrameNumber answered_up_to(const Connection& c, Side resetter) {
  FrameNumber newest = 0;
  for (std::size_t i = 0; i < c.resets.kept(); ++i) {
    const Reset& r = c.resets[i];
    if (r.sender == resetter) newest = std::max(newest, r.trigger.at.frame);
  }
  return newest;
}

Trigger as_trigger(const RecentSegment& r) {
  return {.at = r.at,
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

}  // namespace

// A closed socket answers each segment in turn. Data that was under way together, which it was if no RST can
// have arrived in between, is answered from its first segment on; what is sent again was lost the first time.
Trigger first_of_burst(const Connection& c, Side resetter, const Segment& s, const Trigger& latest) {
  if (latest.kind != SegmentKind::data) return latest;
  const FrameNumber answered = answered_up_to(c, resetter);
  const std::int64_t trip = c.round_trip_ns > 0 ? c.round_trip_ns : threshold::kUnknownTrip;
  Trigger first = latest;
  const Moment earliest = latest.earliest;
  for (const RecentSegment& r : c.recent[static_cast<std::size_t>(other(resetter))]) {
    const bool of_burst = r.kind == SegmentKind::data && r.flags.ack && r.ack == s.seq &&
                          latest.at.time_ns - r.at.time_ns <= trip;
    if (!of_burst || r.at.frame <= answered || !is_unanswered(c.side(resetter), r)) continue;
    if (later(first.at, r.at)) first = as_trigger(r);
  }
  first.earliest = earliest;
  return first;
}

Trigger find_trigger(const Connection& c, Side resetter, const Segment& s) {
  const FrameNumber answered = answered_up_to(c, resetter);
  Trigger best;
  Moment earliest;
  for (const RecentSegment& r : c.recent[static_cast<std::size_t>(other(resetter))]) {
    if (!r.at.seen() || r.flags.rst) continue;
    if (s.time_ns - r.at.time_ns > trigger_reach_ns(c, r.kind)) continue;
    const bool matches = s.flags.ack ? r.flags.syn && !r.flags.ack && s.ack == r.seq + 1 + r.length
                                     : r.flags.ack && r.ack == s.seq;
    if (!matches || !is_unanswered(c.side(resetter), r)) continue;
    if (!earliest.seen() || r.at.frame < earliest.frame) earliest = r.at;
    if (!is_better(r, best, answered)) continue;
    best = as_trigger(r);
  }
  best.earliest = earliest;
  return best;
}

// A card may have joined for the capture what the network carried in several segments (TSO, GRO), each of
// which draws a RST of its own.
void count_turn(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  if (!x.turn.seen() || !s.flags.ack || s.ack != x.turn_ack) return;
  const std::uint32_t mss = c.side(other(side)).mss;
  x.turn_segments += mss == 0 ? 1 : std::max(1U, (s.payload_length + mss - 1) / mss);
}

// A socket that closed between two of them took the first: then one RST is missing, whenever they are
// counted.
void count_reset_of_turn(Connection& c, Side resetter, const Segment& s) {
  Endpoint& y = c.side(other(resetter));
  if (!y.turn.seen() || s.flags.ack || s.seq != y.turn_ack) return;
  ++y.turn_resets;
  y.turn_was_reset = y.turn_was_reset || y.turn_resets >= y.turn_segments;
}

}  // namespace tcpteardown::folding
