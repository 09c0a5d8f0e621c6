// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "evidence/icmp.h"
#include "verdict/questions_common.h"
#include "wire/thresholds.h"

// Questions about who was given up, and about what of the path: one way, or what is too long for it.
namespace tcpteardown::questions {
namespace {

bool in_vain(T t, Side s, const Run& run, std::uint16_t least) {
  return run.count >= least && conn(t).side(other(s)).has_seq;
}

// Or for longer than it had tried.
bool silent_for_as_long(T t, const Run& run) {
  return t.end.time_ns - run.last.time_ns > run.last.time_ns - run.since_ns;
}

// A segment that is no longer than what arrived, behind all that its receiver holds: it was lost as well.
bool short_one_lost(const Connection& c, Side sender) {
  const Endpoint& x = c.side(sender);
  const Endpoint& y = c.side(other(sender));
  const Seq held = y.has_sack ? later_of(y.sack_edge, y.rcv_nxt) : y.rcv_nxt;
  const auto& recent = c.recent[static_cast<std::size_t>(sender)];
  return std::any_of(recent.begin(), recent.end(), [&](const RecentSegment& r) {
    return r.at.seen() && r.length > 0 && at_or_after(r.seq, held) && r.length <= x.longest_delivered;
  });
}

}  // namespace

// 2.5 intervals: the next at its latest, and a quarter of that for a timer that runs late.
bool silent_beyond_next(T t, const Run& run) {
  return (t.end.time_ns - run.last.time_ns) / 5 * 2 >= run.last_interval_ns;
}

bool given_up(T t, Side s, const Run& run, std::uint16_t least) {
  const bool silent = silent_beyond_next(t, run) || silent_for_as_long(t, run);
  return in_vain(t, s, run, least) && silent && t.end.time_ns - run.last.time_ns >= t.silence_ns;
}

bool repeats_what_was_acked(T t, Side s) {
  return given_up(t, s, conn(t).side(s).deaf_resends, threshold::kResendsInVain);
}

bool repeats_are_reported(T t, Side s) {
  const Run& run = conn(t).side(s).resends;
  return in_vain(t, s, run, threshold::kResendsInVain) && run.reported >= threshold::kResendsInVain;
}

bool next_was_due(T t) { return silent_beyond_next(t, run_in_vain(t)); }

bool fin_repeated_though_acked(T t, Side s) {
  const Fin& fin = conn(t).side(s).fin;
  return fin.is_acked() && fin.retransmissions >= threshold::kResendsInVain &&
         fin.last.time_ns - fin.acked.time_ns > round_trips_ns(conn(t), threshold::kInitialTimeout);
}

bool only_one_way_died(T t) {
  const auto not_heard_by = [&](Side s) {
    const bool others_in_vain =
        given_up(t, other(s), conn(t).side(other(s)).resends, threshold::kResendsInVain);
    return repeats_what_was_acked(t, s) || (others_in_vain && fin_repeated_though_acked(t, s));
  };
  return t.reset() == nullptr && (not_heard_by(Side::a) || not_heard_by(Side::b));
}

bool long_ones_are_lost(T t) {
  if (t.reset() != nullptr) return false;
  const Side s = who_gave_up(t);
  const Endpoint& x = conn(t).side(s);
  const Endpoint& y = conn(t).side(other(s));
  if (!in_vain(t, s, x.resends, threshold::kResendsInVain) || x.longest_delivered == 0) return false;
  const bool holds_later = y.has_sack && after(y.sack_edge, y.rcv_nxt);
  const bool told = conn(t).icmp.count > 0 && conn(t).icmp.about == s &&
                    read_icmp(conn(t).icmp).failure == Failure::too_big;
  const bool alive = holds_later || told || y.last_segment.frame > x.resends.first.frame;
  return alive && x.resend_length > x.longest_delivered && !short_one_lost(conn(t), s);
}

bool stalled(T t) {
  const auto waits = [](const Endpoint& x) {
    return std::max(x.resends.count, x.deaf_resends.count) >= threshold::kResendsInDoubt;
  };
  return t.reset() == nullptr && (waits(conn(t).a) || waits(conn(t).b));
}

bool syn_repeated_behind_syn_ack(T t) {
  const Moment& answer = server(t).syn;
  return server(t).synack_count > 0 && client(t).syn_count > 0 &&
         client(t).last_syn.time_ns - answer.time_ns >= threshold::kAnswerTime;
}

// The interval at most doubles (RFC 6298 §5.5).
bool outlived_its_repeats(T t, const Endpoint& x, const Run& run) {
  return t.reset() == nullptr && run.count > 0 &&
         x.last_segment.time_ns - run.last.time_ns - run.last_interval_ns > run.last_interval_ns;
}

// A socket that was closed repeats no SYN (RFC 9293 §3.10.4), and one in SYN-SENT takes the SYN-ACK that it
// waits for (§3.10.7.3): what its system reset came to no socket of this connection, or somebody else reset
// it.
bool client_went_on_asking(T t) {
  if (!client_reset_opening(t)) return false;
  return client(t).last_syn.time_ns - rst(t).at.time_ns >= threshold::kAnswerTime;
}

const Run& run_in_vain(T t) {
  const Endpoint& x = conn(t).side(who_gave_up(t));
  return x.resends.count > 0 ? x.resends : x.deaf_resends;
}

}  // namespace tcpteardown::questions
