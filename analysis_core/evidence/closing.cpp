// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/closing.h"

namespace tcpteardown {
namespace {

Moment acked_at(const Endpoint& x) { return x.fin.is_acked() ? x.fin.acked : x.one_beyond; }

}  // namespace

void find_closing(Teardown& t) {
  const Connection& c = *t.connection;
  const StateFacts facts = state_facts(c);
  t.a_fin = facts.a_fin;
  t.b_fin = facts.b_fin;
  t.a_fin_acked = facts.a_fin_acked;
  t.b_fin_acked = facts.b_fin_acked;
  t.fins = find_fin_order(c);
  if (!t.a_fin_acked || !t.b_fin_acked) return;
  const Moment a_acked = acked_at(c.a);
  const Moment b_acked = acked_at(c.b);
  t.closed = a_acked.frame > b_acked.frame ? a_acked : b_acked;
  t.closed_before_reset = true;  // find_resets() looks at each RST's place
}

bool second_closer_reset(const Teardown& t) {
  const JudgedReset* judged = t.reset();
  if (judged == nullptr) return false;
  const Reset& r = judged->facts;
  const bool own = judged->shape == Shape::active && r.sender_fin_sent && t.fins.answers(r.sender);
  if (!own || !r.receiver_has_ack) return false;
  const Endpoint& x = t.connection->side(r.sender);
  const Endpoint& y = t.connection->side(other(r.sender));
  const bool all_sent_before = r.seq == x.fin.seq + 1 && at_or_after(r.ack, y.fin.seq + 1);
  return all_sent_before && at_or_after(r.receiver_ack_arrived, x.data_end);
}

std::uint64_t half_close_bytes(const Connection& c, Side sender) {
  const Endpoint& x = c.side(sender);
  const Endpoint& y = c.side(other(sender));
  if (!x.sent_after_peer_fin || !y.has_ack) return 0;
  const Seq end = after(y.rcv_nxt, x.data_end) ? x.data_end : y.rcv_nxt;
  const std::int32_t bytes = distance(x.after_fin_start, end);
  return bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

}  // namespace tcpteardown
