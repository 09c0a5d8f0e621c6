// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/closing.h"

namespace tcpteardown {
namespace {

bool is_inferred(const Endpoint& x, const Endpoint& y) {
  return !x.fin.sent() && x.peer_acked_one_beyond && y.fin.sent();
}

// Neither had the other's FIN when it sent its own, by the ACK fields (RFC 9293 §3.6, case 3).
bool crossed(const Endpoint& x, const Endpoint& y) {
  const auto is_answer = [](const Fin& mine, const Fin& theirs) {
    return mine.has_ack_field && after(mine.ack_field, theirs.seq);
  };
  return x.fin.sent() && y.fin.sent() && !is_answer(x.fin, y.fin) && !is_answer(y.fin, x.fin);
}

Moment acked_at(const Endpoint& x) { return x.fin.is_acked() ? x.fin.acked : x.one_beyond; }

}  // namespace

void judge_closing(Teardown& t) {
  const Connection& c = *t.connection;
  const bool a_inferred = is_inferred(c.a, c.b);
  const bool b_inferred = is_inferred(c.b, c.a);
  t.a_fin = c.a.fin.sent() || a_inferred;
  t.b_fin = c.b.fin.sent() || b_inferred;
  t.a_fin_acked = c.a.fin.is_acked() || a_inferred;
  t.b_fin_acked = c.b.fin.is_acked() || b_inferred;
  t.fin_inferred = a_inferred || b_inferred;
  t.fins_crossed = crossed(c.a, c.b);
  if (!t.a_fin_acked || !t.b_fin_acked) return;
  const Moment a_acked = acked_at(c.a);
  const Moment b_acked = acked_at(c.b);
  t.closed = a_acked.frame > b_acked.frame ? a_acked : b_acked;
  t.closed_before_reset = true;  // judge_resets() looks at each RST's place
}

}  // namespace tcpteardown
