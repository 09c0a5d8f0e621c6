// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/acceptance.h"

#include "tracking/connection.h"

namespace tcpteardown {
namespace {

// SEQ = RCV.NXT (RFC 5961 §3.2). Linux also takes RCV.NXT-1 when that is the FIN it received, and the right
// edge of the highest SACK block (tcp_reset_check, tcp_validate_incoming).
bool is_exact(const Reset& r) {
  const bool fin_number = r.sender_fin_acked && r.seq + 1 == r.receiver_rcv_nxt;
  const bool sack_edge = r.receiver_has_sack && r.seq == r.receiver_sack_edge;
  return r.seq == r.receiver_rcv_nxt || fin_number || sack_edge;
}

// Of a receiver that has acknowledged nothing. Who resets before anybody answered its SYN can only take
// that back: another number answers a segment that the capture lacks or has behind this one (RFC 9293
// §3.10.7.3 first check). Before its ACK of the SYN-ACK a client expects the number behind that one.
bool fits_opening(const Connection& c, const Reset& r) {
  const Endpoint& x = c.side(r.sender);
  if (!r.receiver_has_seq && x.syn_count > 0) return in_window(r.seq, x.iss, x.syn_bytes + 2);
  return !r.sender_has_seq || r.sender_missed || r.seq == r.sender_snd_nxt;
}

// At RCV.NXT-1, where what made its receiver acknowledge one number more was not captured: a FIN, and Linux
// takes the RST as is_exact() says, or a byte, and the RST is old.
bool may_stand_at_unseen_fin(const Reset& r) {
  const bool one_unseen = r.sender_has_seq && r.sender_snd_nxt + 1 == r.receiver_rcv_nxt;
  return one_unseen && r.seq == r.sender_snd_nxt && !r.sender_fin_sent;
}

}  // namespace

Acceptance acceptance_at(Seq seq, Seq rcv_nxt, std::uint32_t window) {
  if (seq == rcv_nxt) return Acceptance::exact;
  if (before(seq, rcv_nxt)) return Acceptance::old;
  return in_window(seq, rcv_nxt, window == 0 ? 1 : window) ? Acceptance::challenged : Acceptance::beyond;
}

Acceptance acceptance_of(const Connection& c, const Reset& r) {
  const Endpoint& y = c.side(other(r.sender));
  if (!r.receiver_has_ack) {
    const bool in_syn_sent = !r.sender_has_seq && y.syn_count > 0;
    if (!in_syn_sent) return fits_opening(c, r) ? Acceptance::presumed : Acceptance::unknown;
    const bool acks_syn = r.has_ack && in_window(r.ack, y.iss + 1, y.syn_bytes + 1);
    return acks_syn ? Acceptance::acks_syn : Acceptance::old;
  }
  if (is_exact(r)) return Acceptance::exact;
  if (may_stand_at_unseen_fin(r)) return Acceptance::presumed;
  const Acceptance by_number = acceptance_at(r.seq, r.receiver_rcv_nxt, r.receiver_window);
  if (by_number == Acceptance::old) return by_number;
  if (r.sender_has_seq && r.seq == r.sender_snd_nxt) return Acceptance::in_order;
  return r.sender_missed || !r.sender_has_seq ? Acceptance::unknown : by_number;
}

bool went_on_regardless(const Reset& r) {
  return r.receiver_acked.seen() && r.sender_has_seq && after(r.receiver_ack_after, r.sender_snd_nxt);
}

}  // namespace tcpteardown
