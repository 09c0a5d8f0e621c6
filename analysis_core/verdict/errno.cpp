// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/habits.h"
#include "verdict/facts.h"
#include "verdict/outcome.h"

// What the application of each end sees, as Linux reports it (tcp_reset, tcp_write_err,
// icmp_err_convert). Where the wire cannot tell: unknown.
namespace tcpteardown::outcome {
namespace {

const Connection& conn(const Teardown& t) { return *t.connection; }
bool is(const Verdict& row, std::string_view slug) { return row.slug == slug; }

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

Errno of_icmp4(std::uint8_t type, std::uint8_t code) {
  if (type == 11) return Errno::ehostunreach;
  if (type != 3) return Errno::unknown;
  switch (code) {
    case 0:
    case 6:
    case 9:
    case 11: return Errno::enetunreach;
    case 1:
    case 10:
    case 12:
    case 13:
    case 14:
    case 15: return Errno::ehostunreach;
    case 3: return Errno::econnrefused;
    default: return Errno::unknown;
  }
}

Errno of_icmp6(std::uint8_t type, std::uint8_t code) {
  if (type == 3) return Errno::ehostunreach;
  if (type != 1) return Errno::unknown;
  switch (code) {
    case 0: return Errno::enetunreach;
    case 1:
    case 5:
    case 6: return Errno::eacces;
    case 2:
    case 3: return Errno::ehostunreach;
    case 4: return Errno::econnrefused;
    default: return Errno::unknown;
  }
}

Errno of_icmp(const IcmpFacts& icmp) {
  return icmp.is_icmpv6 ? of_icmp6(icmp.type, icmp.code) : of_icmp4(icmp.type, icmp.code);
}

// A SYN that still waits for an answer is repeated after 1 s, or 3 s (RFC 6298 §2.1, RFC 2988): one
// that was not had ended before, by the program's own time-out or by an error that is not shown here.
bool had_given_up(const Teardown& t, const Verdict& row) {
  const Endpoint& x = conn(t).side(t.client);
  const std::int64_t end_ns = is(row, "setup-unreachable") ? conn(t).icmp.first.time_ns : t.end.time_ns;
  constexpr std::int64_t kLongest = 3'000'000'000;
  return x.syn_count == 1 && end_ns - x.last_syn.time_ns >= kLongest;
}

ErrnoList in_setup(const Teardown& t, const Verdict& row, Side side) {
  if (is(row, "setup-bad-synack")) return one(Errno::unknown);
  if (is(row, "setup-stale-peer")) {
    if (side == t.server()) return one(Errno::econnreset);  // the application of the old connection
    return one(conn(t).next_established ? Errno::none : Errno::unknown);
  }
  if (side == t.server()) return one(Errno::none);
  if (is(row, "setup-refused")) return one(Errno::econnrefused);
  const bool waits = is(row, "setup-no-reply") || is(row, "setup-unreachable");
  if (waits && had_given_up(t, row)) return one(Errno::unknown);
  if (is(row, "setup-no-reply")) return one(Errno::etimedout);
  if (is(row, "setup-unreachable")) return one(of_icmp(conn(t).icmp));
  if (is(row, "setup-cancelled")) return one(Errno::none);
  return one(Errno::unknown);
}

ErrnoList in_graceful(const Teardown& t, Side side) {
  const Initiator who = initiator(t, *find_verdict("graceful"));
  const bool closed_first =
      who == Initiator::both || who == (side == t.client ? Initiator::client : Initiator::server);
  if (closed_first) return one(facts::half_close_was_used(t) && !t.fins_crossed ? Errno::eof : Errno::none);
  return one(t.fin_acked(other(side)) ? Errno::eof : Errno::unknown);
}

// Did the side get the other's FIN before the RST? Its ACK proves it; a segment well behind the
// FIN that still does not cover it proves the contrary; else both travelled the same path in order.
enum class GotFin { yes, no, probably };

GotFin got_fin(const Teardown& t, Side side) {
  const Fin& fin = conn(t).side(other(side)).fin;
  if (fin.is_acked()) return GotFin::yes;
  const Reset& r = t.reset()->facts;
  // What was sent before the FIN arrived comes within a round trip of it.
  const std::int64_t trip = conn(t).round_trip_ns;
  const std::int64_t slack = trip > 0 ? 2 * trip + 2'000'000 : 200'000'000;
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
ErrnoList of_closed(const Teardown& t, Side side) {
  const Fin& own = conn(t).side(side).fin;
  const bool answered = own.has_ack_field && after(own.ack_field, conn(t).side(other(side)).fin.seq);
  const bool went_on_reading = conn(t).side(other(side)).sent_after_peer_fin;
  return one(answered || went_on_reading ? Errno::eof : Errno::unknown);
}

ErrnoList of_reset_receiver(const Teardown& t, Side side) {
  if (!t.reset_accepted()) return one(Errno::unknown);
  if (t.reset()->shape == Shape::refusal) return one(Errno::econnrefused);
  // After close() nobody sees it, after shutdown(SHUT_WR) the reader does: the FIN is the same.
  // A FIN behind the RST left before that arrived, because then nothing leaves any more.
  const bool only_half_closed = conn(t).side(other(side)).sent_after_peer_fin;
  const bool peer_closed = t.reset()->facts.sender_fin_sent;  // before it reset
  if (t.fin(side) && !peer_closed && !only_half_closed) return one(Errno::unknown);
  if (!peer_closed) {
    // The capture may begin behind a FIN, which makes it EOF and EPIPE.
    const bool maybe_before = t.quality.midstream && t.reset()->shape == Shape::reactive;
    return one(maybe_before ? Errno::unknown : Errno::econnreset);
  }
  if (got_fin(t, side) == GotFin::no) return one(Errno::econnreset);
  return t.fin(side) ? of_closed(t, side) : end_then_broken_pipe();
}

ErrnoList of_reset_sender(const Teardown& t, const Verdict& row, Side side) {
  if (is(row, "peer-lost-state") || is(row, "fin-to-dead-peer") || is(row, "restart-same-ports")) {
    return one(Errno::unknown);  // the application of the lost connection is gone
  }
  const bool perhaps_a_box = t.reset()->shape == Shape::bare || habits::foreign_hop_limit(*t.reset());
  if (perhaps_a_box) return one(Errno::unknown);
  if (t.reset()->facts.sender_keep_alives.count > 0) return one(Errno::unknown);  // perhaps a time-out
  const bool may_have_read_end = t.fin(other(side)) && !t.fin(side);
  return one(may_have_read_end ? Errno::unknown : Errno::none);
}

bool was_reset_too(const Teardown& t, Side side) {
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    if (t.resets[i].facts.sender != side) return true;
  }
  return false;
}

// The purported sender sent no RST; it may get one itself when it goes on.
ErrnoList of_third_party(const Teardown& t, Side side) {
  if (t.reset()->facts.sender != side) return of_reset_receiver(t, side);
  if (!facts::handshake_complete(t)) return one(Errno::none);  // still in SYN-RECEIVED
  return one(was_reset_too(t, side) ? Errno::econnreset : Errno::unknown);
}

// Linux sends no RST when a retransmission or a probe of a closed window gave up (tcp_write_err):
// there the program closed hard; BSD's and macOS's stacks send one and report ETIMEDOUT.
bool reset_itself_after_retries(const Teardown& t, const Verdict& row) {
  return facts::active_reset(t) && !is(row, "timeout-keepalive");
}

ErrnoList in_timeout(const Teardown& t, const Verdict& row, Side side) {
  // A closed window is announced by an end that answers, so the RST behind it arrives, too.
  const bool was_reset = is(row, "timeout-zero-window") && t.reset() != nullptr;
  if (was_reset && side != facts::who_gave_up(t)) return of_reset_receiver(t, side);
  if (side == facts::who_gave_up(t) && reset_itself_after_retries(t, row)) return one(Errno::unknown);
  if (side == facts::who_gave_up(t) || facts::both_gave_up(t)) {
    const IcmpFacts& icmp = conn(t).icmp;
    const bool soft_error = icmp.count > 0 && icmp.about == side && of_icmp(icmp) != Errno::unknown;
    return one(soft_error ? of_icmp(icmp) : Errno::etimedout);
  }
  const bool met_no_socket = t.reset() != nullptr && t.reset()->shape == Shape::reactive;
  return one(met_no_socket && !t.fin(side) ? Errno::econnreset : Errno::unknown);
}

ErrnoList in_half_closed(const Teardown& t, const Verdict& row, Side side) {
  if (t.fin(side)) return one(Errno::none);
  if (!is(row, "half-closed-fin-unacked")) {
    return one(t.fin_acked(other(side)) ? Errno::eof : Errno::unknown);
  }
  return one(t.reset() != nullptr ? Errno::econnreset : Errno::unknown);
}

}  // namespace

ErrnoList errno_of(const Teardown& t, const Verdict& row, Side side) {
  const bool resets = t.reset() != nullptr && t.reset()->facts.sender == side;
  switch (row.family) {
    case Family::setup: return in_setup(t, row, side);
    case Family::graceful: return in_graceful(t, side);
    case Family::half_closed: return in_half_closed(t, row, side);
    case Family::timeout: return in_timeout(t, row, side);
    case Family::open: return one(Errno::none);
    case Family::inconclusive: return one(Errno::unknown);
    case Family::interference: return of_third_party(t, side);
    case Family::abort:
    case Family::reactive: break;
  }
  if (is(row, "midpath-reject")) return of_third_party(t, side);
  if (is(row, "abort-crossed")) {
    return one(habits::foreign_hop_limit(*t.reset()) ? Errno::unknown : Errno::none);
  }
  if (resets) return of_reset_sender(t, row, side);
  if (is(row, "fin-to-dead-peer")) return one(Errno::none);  // its close() has long returned
  return of_reset_receiver(t, side);
}

}  // namespace tcpteardown::outcome
