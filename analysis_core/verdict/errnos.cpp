// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/errnos.h"

#include <algorithm>

#include "evidence/closing.h"
#include "evidence/foreign_fin.h"
#include "evidence/habits.h"
#include "evidence/icmp.h"
#include "verdict/questions_common.h"
#include "wire/thresholds.h"

// Linux: tcp_reset, tcp_write_err, icmp_err_convert.
namespace tcpteardown::errnos {
namespace {

using questions::conn;

ErrnoList one(Errno e) {
  ErrnoList list;
  list.add(e);
  return list;
}

// A RST in CLOSE-WAIT: the application reads the end of the stream first, then cannot write.
ErrnoList end_then_broken_pipe() {
  ErrnoList list;
  list.add(Errno::eof);
  list.add(Errno::epipe);
  return list;
}

Errno of_icmp(const IcmpFacts& icmp) {
  switch (read_icmp(icmp).error) {
    case IcmpErrno::unknown: return Errno::unknown;
    case IcmpErrno::enetunreach: return Errno::enetunreach;
    case IcmpErrno::ehostunreach: return Errno::ehostunreach;
    case IcmpErrno::econnrefused: return Errno::econnrefused;
    case IcmpErrno::eacces: return Errno::eacces;
  }
  return Errno::unknown;
}

// A SYN that still waits for an answer is repeated after 1 s, or 3 s (RFC 6298 §2.1, RFC 2988): one that
// was not repeated in all the time that a capture must be silent to say so had ended before, by the
// program's own time-out or by an error that is not shown here.
bool had_given_up(T t, std::int64_t end_ns) {
  const Endpoint& x = questions::client(t);
  return x.syn_count == 1 && end_ns - x.last_syn.time_ns >= t.silence_ns;
}

// As many SYNs as a stack sends, and then none for longer than the next would have taken (an interval at most
// doubles, so that it is no longer than all before it and the first). Fewer, and a program may have stopped.
bool stack_gave_up(T t) {
  const Endpoint& x = questions::client(t);
  const std::int64_t left = t.end.time_ns - x.last_syn.time_ns;
  const std::int64_t next = x.last_syn.time_ns - x.syn.time_ns + threshold::kInitialTimeout;
  return x.syn_count >= threshold::kSynsOfStack && left >= next && left >= t.silence_ns;
}

// Did the side get the other's FIN before the RST? Its ACK proves it; a segment well behind the
// FIN that still does not cover it proves the contrary; else both travelled the same path in order.
enum class GotFin { yes, no, probably };

GotFin got_fin(T t, Side side) {
  const Fin& fin = conn(t).side(other(side)).fin;
  if (fin.is_acked()) return GotFin::yes;
  const Reset& r = t.reset()->facts;
  // What was sent before the FIN arrived comes within a round trip of it. A transfer fills queues, which make
  // that longer than in the handshake.
  const std::int64_t trip = conn(t).round_trip_ns;
  const std::int64_t usual = trip > 0 ? 2 * trip + threshold::kBehindFinSlack : threshold::kBehindFin;
  const bool is_transfer = r.receiver_burst >= threshold::kTransfer;
  const std::int64_t slack = is_transfer ? std::max(usual, threshold::kUnknownTrip) : usual;
  const bool spoke_late = r.receiver_acked.seen() && r.receiver_acked.time_ns - fin.first.time_ns > slack;
  if (spoke_late && at_or_before(r.receiver_ack_after, fin.seq)) return GotFin::no;
  const Trigger& trigger = r.trigger;
  const bool triggered_late = trigger.seen() && trigger.at.time_ns - fin.first.time_ns > slack;
  if (triggered_late && at_or_before(trigger.ack, fin.seq)) return GotFin::no;
  return GotFin::probably;
}

// A RST in LAST-ACK or CLOSING finds a program that has closed, or closed for writing and read
// the end of the stream: no error after that. One that closed before the peer's FIN came may
// have been gone by then.
ErrnoList of_closed(T t, Side side) {
  const bool went_on_reading = conn(t).side(other(side)).sent_after_peer_fin;
  return one(t.fins.answers(side) || went_on_reading ? Errno::eof : Errno::unknown);
}

ErrnoList of_reset_receiver(T t, Side side) {
  if (!t.reset_accepted()) return one(Errno::unknown);
  if (t.reset()->shape == Shape::refusal) return one(Errno::econnrefused);
  // After close() nobody sees it, after shutdown(SHUT_WR) the reader does: the FIN is the same.
  // A FIN behind the RST left before that arrived, because then nothing leaves any more.
  const bool only_half_closed = half_close_bytes(conn(t), other(side)) > 0;  // acknowledged: it has a reader
  const bool peer_closed = t.reset()->facts.sender_fin_sent;                 // before it reset
  if (t.fin(side) && !peer_closed && !only_half_closed) return one(Errno::unknown);
  if (!peer_closed) {
    // The capture may begin behind a FIN, which makes it EOF and EPIPE.
    const bool maybe_before = t.quality.midstream && t.reset()->shape == Shape::reactive;
    return one(maybe_before ? Errno::unknown : Errno::econnreset);
  }
  if (got_fin(t, side) == GotFin::no) return one(Errno::econnreset);
  return t.fin(side) ? of_closed(t, side) : end_then_broken_pipe();
}

ErrnoList of_reset_sender(T t, Side side) {
  const bool perhaps_a_box = t.reset()->shape == Shape::bare || habits::foreign_hop_limit(*t.reset());
  if (perhaps_a_box) return one(Errno::unknown);
  if (t.reset()->facts.sender_keep_alives.count > 0) return one(Errno::unknown);  // perhaps a time-out
  const bool may_have_read_end = t.fin(other(side)) && !t.fin(side);
  return one(may_have_read_end ? Errno::unknown : Errno::none);
}

bool was_reset_too(T t, Side side) {
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    if (t.resets[i].facts.sender != side) return true;
  }
  return false;
}

// The side that gave up, or both on each other: ETIMEDOUT, or what an ICMP error had said before.
ErrnoList of_giving_up(T t, Side side) {
  const IcmpFacts& icmp = conn(t).icmp;
  const Endpoint& x = conn(t).side(side);
  const Run& run = x.resends.count > 0 ? x.resends : x.deaf_resends;
  const bool may_go_on =
      t.reset() == nullptr && run.count > 0 && t.end.time_ns - run.last.time_ns < t.silence_ns;
  // Fewer, or sooner, and a program's own time-out closed it; what it had then is not known.
  const bool stopped_early = run.count > 0 && run.last.time_ns - run.since_ns < threshold::kSoonestGivingUp;
  if (may_go_on || questions::outlived_its_repeats(t, x, run)) return one(Errno::unknown);
  if (t.fin(other(side)) && t.fin_acked(other(side))) return one(Errno::eof);  // it has the end of the stream
  const bool soft_error = icmp.count > 0 && icmp.about == side && of_icmp(icmp) != Errno::unknown;
  if (soft_error) return one(of_icmp(icmp));
  return one(stopped_early ? Errno::unknown : Errno::etimedout);
}

bool gave_up(T t, Side side) {
  return side == questions::who_gave_up(t) || questions::both_gave_up(t) ||
         questions::repeats_what_was_acked(t, side);
}

// It vanished for its peer; what that sends later may meet no socket.
ErrnoList of_silence(T t, Side side) {
  const bool met_no_socket = t.reset() != nullptr && t.reset()->shape == Shape::reactive;
  return one(met_no_socket && !t.fin(side) ? Errno::econnreset : Errno::unknown);
}

// An end that answers answers a probe; one that left out two may not get the RST either.
bool two_probes_unanswered(T t) {
  const Run& probes = questions::rst(t).sender_window_probes;
  const Moment& last = conn(t).side(other(questions::rst(t).sender)).last_segment;
  return probes.count >= threshold::kProbesInVain &&
         last.time_ns < probes.last.time_ns - probes.last_interval_ns;
}

// A RST for the last ACK, from a side whose FIN looks odd: if that was not its own, it had been reset before.
bool perhaps_reset_unseen(T t, Side side) {
  const bool in_place_of_ack =
      t.reset() != nullptr && !t.closed_before_reset && t.reset()->facts.sender == side;
  return in_place_of_ack && fin_signs(t, side).soft() > 0;
}

// The FIN that answers the forged one acknowledges its number. Its receiver takes that only if it had sent as
// much by then (RFC 9293 §3.10.7.4): data that drew the RST less than a round trip behind that FIN had left
// before it came.
bool takes_the_answering_fin(T t, Side name) {
  const Fin& answer = conn(t).side(other(name)).fin;
  if (t.reset() == nullptr || questions::rst(t).sender == name || !answer.has_ack_field) return false;
  const Trigger& late = questions::rst(t).trigger;
  return late.seen() && answer.first.frame < questions::rst(t).at.frame &&
         at_or_after(late.seq + late.length, answer.ack_field) &&
         late.at.time_ns - answer.first.time_ns < conn(t).round_trip_ns;
}

}  // namespace

ErrnoList none(T, Side) { return one(Errno::none); }
ErrnoList unknown(T, Side) { return one(Errno::unknown); }

ErrnoList refused(T t, Side side) { return one(side == t.client ? Errno::econnrefused : Errno::none); }

ErrnoList no_reply(T t, Side side) {
  if (side != t.client) return one(Errno::none);
  return one(stack_gave_up(t) ? Errno::etimedout : Errno::unknown);
}

ErrnoList unreachable(T t, Side side) {
  if (side != t.client) return one(Errno::none);
  const IcmpFacts& icmp = conn(t).icmp;
  return one(had_given_up(t, icmp.first.time_ns) ? Errno::unknown : of_icmp(icmp));
}

ErrnoList not_established(T t, Side side) { return one(side == t.client ? Errno::unknown : Errno::none); }

ErrnoList stale_peer(T t, Side side) {
  if (side != t.client) {  // the application of the old connection; TIME-WAIT has none
    return one(questions::old_one_was_closed(t) ? Errno::none : Errno::econnreset);
  }
  return one(conn(t).next_established ? Errno::none : Errno::unknown);
}

ErrnoList not_accepted(T t, Side side) {
  if (side != t.client) return one(Errno::none);
  if (t.reset() != nullptr) return reset(t, side);
  if (t.fin(side)) return one(Errno::unknown);
  const bool gave_up = questions::client(t).resends.count >= threshold::kResendsInVain;
  return gave_up ? of_giving_up(t, side) : one(Errno::none);
}

ErrnoList closed_in_order(T t, Side side) {
  if (perhaps_reset_unseen(t, side)) return one(Errno::unknown);
  const bool closed_first = t.fins.crossed || side == t.fins.first;
  if (!closed_first) return one(t.fin_acked(other(side)) ? Errno::eof : Errno::unknown);
  return one(questions::half_close_was_used(t) && !t.fins.crossed ? Errno::eof : Errno::none);
}

ErrnoList one_closed(T t, Side side) {
  if (t.fin(side)) return one(Errno::none);
  return one(t.fin_acked(other(side)) ? Errno::eof : Errno::unknown);
}

ErrnoList fin_not_acked(T t, Side side) {
  if (t.fin(side)) return one(Errno::none);
  return one(t.reset() != nullptr ? Errno::econnreset : Errno::unknown);
}

// Linux sends no RST when a retransmission or a probe of a closed window gave up (tcp_write_err): there
// the program closed hard; BSD's and macOS's stacks send one and report ETIMEDOUT.
ErrnoList resends_failed(T t, Side side) {
  if (side == questions::who_gave_up(t) && questions::active_reset(t)) return one(Errno::unknown);
  return gave_up(t, side) ? of_giving_up(t, side) : of_silence(t, side);
}

ErrnoList keep_alives_failed(T t, Side side) {
  return gave_up(t, side) ? of_giving_up(t, side) : of_silence(t, side);
}

// A closed window is announced by an end that answers, so the RST behind it arrives, too.
ErrnoList window_closed(T t, Side side) {
  // Who crashed between two probes looks like who gave up behind them.
  if (side == questions::who_gave_up(t) && questions::window_opened_too_late(t)) return one(Errno::unknown);
  const bool was_reset = t.reset() != nullptr && side != questions::who_gave_up(t);
  if (was_reset && two_probes_unanswered(t)) return one(Errno::unknown);
  return was_reset ? of_reset_receiver(t, side) : resends_failed(t, side);
}

ErrnoList reset(T t, Side side) {
  // MP_FASTCLOSE is the reset of the whole connection, and a RST behind it only its answer (RFC 8684 §3.5).
  if (questions::answers_fastclose(t)) {
    return one(side == conn(t).fastclose_by ? Errno::none : Errno::econnreset);
  }
  return questions::rst(t).sender == side ? of_reset_sender(t, side) : of_reset_receiver(t, side);
}

ErrnoList both_reset(T t, Side) {
  return one(habits::foreign_hop_limit(*t.reset()) ? Errno::unknown : Errno::none);
}

ErrnoList socket_gone(T t, Side side) {
  return questions::rst(t).sender == side ? one(Errno::unknown) : of_reset_receiver(t, side);
}

ErrnoList closed_in_vain(T t, Side side) {
  return one(questions::rst(t).sender == side ? Errno::unknown : Errno::none);
}

// Its receiver reads the end of the stream; a RST of its own system then breaks the pipe, unless it had
// closed. The other side has the FIN with which the receiver answered, or else that RST.
ErrnoList forged_fin(T t, Side side) {
  const Side name = t.forged_fin_by_name;
  const bool reset_by_receiver = was_reset_too(t, name);
  if (side != name) return t.fin(side) || !reset_by_receiver ? one(Errno::eof) : end_then_broken_pipe();
  if (t.fin_acked(other(name))) return one(Errno::eof);
  if (takes_the_answering_fin(t, name)) return end_then_broken_pipe();
  if (reset_by_receiver) return one(Errno::econnreset);
  return one(t.reset() != nullptr ? Errno::unknown : Errno::none);
}

// A purported sender may get a RST itself when it goes on. Who had closed by then does not see it, or read
// the end before.
ErrnoList third_party(T t, Side side) {
  if (questions::rst(t).sender != side) return of_reset_receiver(t, side);
  if (!questions::handshake_complete(t)) return one(Errno::none);  // still in SYN-RECEIVED
  return one(was_reset_too(t, side) && !t.fin(side) ? Errno::econnreset : Errno::unknown);
}

}  // namespace tcpteardown::errnos
