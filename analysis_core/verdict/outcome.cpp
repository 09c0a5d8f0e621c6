// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/outcome.h"

#include <algorithm>

#include "evidence/habits.h"
#include "verdict/facts.h"

namespace tcpteardown::outcome {
namespace {

const Connection& conn(const Teardown& t) { return *t.connection; }

bool is(const Verdict& row, std::string_view slug) { return row.slug == slug; }

Initiator role_of(const Teardown& t, Side side) {
  return side == t.client ? Initiator::client : Initiator::server;
}

// A FIN whose ACK field covers the peer's FIN answers it.
bool fin_is_answer(const Teardown& t, Side side) {
  const Endpoint& x = conn(t).side(side);
  const Endpoint& y = conn(t).side(other(side));
  if (!x.fin.sent() || !x.fin.has_ack_field || !t.fin(other(side))) return false;
  if (!y.fin.sent()) return at_or_after(x.fin.ack_field, y.one_beyond_ack);
  return after(x.fin.ack_field, y.fin.seq);
}

Initiator by_first_fin(const Teardown& t) {
  const bool a = t.a_fin && !fin_is_answer(t, Side::a) && conn(t).a.fin.sent();
  const bool b = t.b_fin && !fin_is_answer(t, Side::b) && conn(t).b.fin.sent();
  if (a && b) return Initiator::both;
  if (a) return role_of(t, Side::a);
  if (b) return role_of(t, Side::b);
  // Only an answering FIN was captured: the unseen one came first.
  if (t.a_fin != t.b_fin) return role_of(t, t.a_fin ? Side::a : Side::b);
  return role_of(t, fin_is_answer(t, Side::a) ? Side::b : Side::a);
}

// The one that stopped answering; the network where both gave up on each other, or where a
// third address reported that the path was gone.
Initiator silent_side(const Teardown& t, const Verdict& row) {
  if (row.family == Family::setup) return Initiator::server;
  const Side gave_up = facts::who_gave_up(t);
  const IcmpFacts& icmp = conn(t).icmp;
  const bool path_reported =
      icmp.count > 0 && icmp.about == gave_up && icmp.sender != conn(t).address(other(gave_up)).address;
  if (path_reported || facts::both_gave_up(t)) return Initiator::network;
  return role_of(t, other(gave_up));
}

FrameNumber last_fin_frame(const Teardown& t) {
  return std::max(conn(t).a.fin.first.frame, conn(t).b.fin.first.frame);
}

FrameNumber half_closed_frame(const Teardown& t, const Verdict& row) {
  const Fin& fin = conn(t).side(t.a_fin ? Side::a : Side::b).fin;
  return is(row, "half-closed-fin-unacked") ? fin.last.frame : fin.first.frame;
}

FrameNumber setup_frame(const Teardown& t, const Verdict& row) {
  if (is(row, "setup-unreachable")) return conn(t).icmp.first.frame;
  if (t.reset() != nullptr) return t.reset()->facts.at.frame;
  if (is(row, "setup-synack-unanswered")) return conn(t).side(t.server()).last_syn.frame;
  return conn(t).side(t.client).last_syn.frame;
}

FrameNumber timeout_frame(const Teardown& t, const Verdict& row) {
  if (t.reset() != nullptr && !is(row, "timeout-retransmit")) return t.reset()->facts.at.frame;
  if (t.reset() != nullptr) return t.reset()->facts.sender_resends.last.frame;
  const Endpoint& x = conn(t).side(facts::who_gave_up(t));
  if (is(row, "timeout-keepalive")) return x.keep_alives.last.frame;
  if (is(row, "timeout-zero-window")) return x.window_probes.last.frame;
  return x.resends.last.frame;
}

bool data_from(const Endpoint& x, FrameNumber before) {
  return x.first_data.seen() && x.first_data.frame < before;
}

}  // namespace

FrameNumber decisive_frame(const Teardown& t, const Verdict& row) {
  switch (row.family) {
    case Family::setup: return setup_frame(t, row);
    case Family::graceful:
      if (facts::both_fins_acked(t)) return t.closed.frame;
      return t.reset() != nullptr ? t.reset()->facts.at.frame : last_fin_frame(t);
    case Family::half_closed: return half_closed_frame(t, row);
    case Family::timeout: return timeout_frame(t, row);
    case Family::open: return 0;
    case Family::abort:
    case Family::reactive:
    case Family::interference:
    case Family::inconclusive: break;
  }
  if (t.confirming_reset != 0) return t.confirming_reset;
  if (t.reset() != nullptr) return t.reset()->facts.at.frame;
  return last_fin_frame(t);
}

Initiator initiator(const Teardown& t, const Verdict& row) {
  switch (row.blame) {
    case Blame::first_fin: return by_first_fin(t);
    case Blame::reset_sender:
      return t.reset() == nullptr ? Initiator::unknown : role_of(t, t.reset()->facts.sender);
    case Blame::both: return Initiator::both;
    case Blame::client: return Initiator::client;
    case Blame::server: return Initiator::server;
    case Blame::icmp_sender:
      return conn(t).icmp.sender == conn(t).address(t.server()).address ? Initiator::server
                                                                        : Initiator::network;
    case Blame::silent_side: return silent_side(t, row);
    case Blame::network: return Initiator::network;
    case Blame::nobody: return Initiator::none;
    case Blame::unknown: return Initiator::unknown;
  }
  return Initiator::unknown;
}

Stage stage(const Teardown& t, const Verdict& row, FrameNumber decisive) {
  if (row.family == Family::setup) {
    return facts::syn_ack_seen(t) || conn(t).bad_syn_ack.seen() ? Stage::handshake : Stage::syn;
  }
  if (is(row, "graceful-then-reset")) return Stage::closed;
  const auto fin_before = [&](const Endpoint& x) {
    return x.fin.sent() && (decisive == 0 || x.fin.first.frame < decisive);
  };
  if (fin_before(conn(t).a) || fin_before(conn(t).b)) return Stage::after_fin;
  if (facts::handshake_seen(t) && !facts::handshake_complete(t)) {
    return facts::syn_ack_seen(t) ? Stage::handshake : Stage::syn;
  }
  const FrameNumber limit = decisive == 0 ? 0xffff'ffff : decisive;
  const bool a = data_from(conn(t).a, limit);
  const bool b = data_from(conn(t).b, limit);
  if (!a && !b) return facts::handshake_seen(t) ? Stage::post_handshake : Stage::later;
  return a != b && facts::handshake_seen(t) ? Stage::first_data : Stage::later;
}

}  // namespace tcpteardown::outcome
