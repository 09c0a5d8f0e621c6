// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/outcome.h"

#include "evidence/closing.h"
#include "evidence/suspicion.h"
#include "verdict/catalogue.h"
#include "verdict/questions.h"

namespace tcpteardown::outcome {
namespace {

const Connection& conn(const Teardown& t) { return *t.connection; }

Initiator role_of(const Teardown& t, Side side) {
  return side == t.client ? Initiator::client : Initiator::server;
}

// A FIN behind which its sender still took data closed half of the connection; who then reset ended it.
bool reset_half_closed(const Teardown& t) {
  if (!questions::active_reset(t)) return false;
  const Side resetter = t.reset()->facts.sender;
  return half_close_bytes(conn(t), resetter) > 0;
}

Initiator by_first_fin(const Teardown& t) {
  if (reset_half_closed(t)) return role_of(t, t.reset()->facts.sender);
  return t.fins.crossed ? Initiator::both : role_of(t, t.fins.first);
}

// Who answered a FIN with its own and then reset had not begun to end it.
Initiator by_reset(const Teardown& t) {
  if (t.reset() == nullptr) return Initiator::unknown;
  const Reset& r = t.reset()->facts;
  if (questions::answers_fastclose(t)) return role_of(t, conn(t).fastclose_by);
  const bool second_closer = r.sender_fin_sent && t.fins.answers(r.sender);
  return role_of(t, second_closer ? other(r.sender) : r.sender);
}

// The one that stopped answering; the network where both gave up on each other, or where a
// third address reported that the path was gone.
Initiator silent_side(const Teardown& t) {
  const Side gave_up = questions::who_gave_up(t);
  const IcmpFacts& icmp = conn(t).icmp;
  const bool path_reported =
      icmp.count > 0 && icmp.about == gave_up && icmp.sender != conn(t).address(other(gave_up)).address;
  if (path_reported || questions::both_gave_up(t)) return Initiator::network;
  if (questions::only_one_way_died(t) || questions::long_ones_are_lost(t)) return Initiator::network;
  return role_of(t, other(gave_up));
}

bool data_from(const Endpoint& x, FrameNumber before) {
  return x.first_data.seen() && x.first_data.frame < before;
}

}  // namespace

Initiator initiator(const Teardown& t, InitiatorRule rule) {
  switch (rule) {
    case InitiatorRule::first_fin: return by_first_fin(t);
    case InitiatorRule::reset_sender: return looks_foreign(t) ? Initiator::unknown : by_reset(t);
    case InitiatorRule::both: return Initiator::both;
    case InitiatorRule::client: return Initiator::client;
    case InitiatorRule::unless_unheard:
      if (questions::client_went_on_asking(t)) return Initiator::unknown;
      return questions::syn_repeated_behind_syn_ack(t) ? Initiator::network : Initiator::client;
    case InitiatorRule::server: return Initiator::server;
    case InitiatorRule::icmp_sender:
      return conn(t).icmp.sender == conn(t).address(t.server()).address ? Initiator::server
                                                                        : Initiator::network;
    case InitiatorRule::silent_side: return silent_side(t);
    case InitiatorRule::network: return Initiator::network;
    case InitiatorRule::nobody: return Initiator::none;
    case InitiatorRule::unknown: return Initiator::unknown;
  }
  return Initiator::unknown;
}

Stage stage(const Teardown& t, Family family, FrameNumber decisive) {
  if (family == Family::setup) {
    return questions::syn_ack_seen(t) || conn(t).bad_syn_ack.seen() ? Stage::handshake : Stage::syn;
  }
  if (family == Family::graceful && questions::reset_found_all_done(t)) return Stage::closed;
  const auto fin_before = [&](const Endpoint& x) {
    return x.fin.sent() && (decisive == 0 || x.fin.first.frame < decisive);
  };
  if (fin_before(conn(t).a) || fin_before(conn(t).b)) return Stage::after_fin;
  if (questions::handshake_seen(t) && !questions::handshake_complete(t)) {
    return questions::syn_ack_seen(t) ? Stage::handshake : Stage::syn;
  }
  const FrameNumber limit = decisive == 0 ? 0xffff'ffff : decisive;
  const bool a = data_from(conn(t).a, limit);
  const bool b = data_from(conn(t).b, limit);
  if (!a && !b) return questions::handshake_seen(t) ? Stage::post_handshake : Stage::later;
  return a != b && questions::handshake_seen(t) ? Stage::first_data : Stage::later;
}

bool is_silence(const Verdict& row) {
  return row.initiator == InitiatorRule::silent_side || row.id == "setup-no-reply"_verdict;
}

}  // namespace tcpteardown::outcome
