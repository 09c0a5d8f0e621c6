// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/fin_order.h"

namespace tcpteardown {
namespace {

Side earlier_captured(const Fin& a, const Fin& b) {
  return b.sent() && (!a.sent() || b.first.frame < a.first.frame) ? Side::b : Side::a;
}

Side first_of(const Connection& c, const StateFacts& facts) {
  if (facts.a_fin != facts.b_fin) return facts.a_fin ? Side::a : Side::b;
  if (facts.a_fin_is_answer != facts.b_fin_is_answer) return facts.a_fin_is_answer ? Side::b : Side::a;
  return earlier_captured(c.a.fin, c.b.fin);
}

}  // namespace

FinOrder find_fin_order(const Connection& c) {
  const StateFacts facts = state_facts(c);
  FinOrder order;
  order.any = facts.a_fin || facts.b_fin;
  order.inferred = fin_is_inferred(c, Side::a) || fin_is_inferred(c, Side::b);
  order.first = first_of(c, facts);
  order.a_answers = facts.a_fin_is_answer;
  order.b_answers = facts.b_fin_is_answer;
  order.crossed = c.a.fin.sent() && c.b.fin.sent() && !order.a_answers && !order.b_answers;
  order.idle_before_close_ns = c.side(earlier_captured(c.a.fin, c.b.fin)).fin.idle_ns;
  return order;
}

}  // namespace tcpteardown
