// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/tcp_state.h"

namespace tcpteardown {
namespace {

struct Half {
  bool syn;
  bool syn_ack;
  bool fin;
  bool fin_acked;
  bool fin_is_answer;
};

Half half(const StateFacts& f, Side side) {
  return side == Side::a ? Half{f.a_syn, f.a_syn_ack, f.a_fin, f.a_fin_acked, f.a_fin_is_answer}
                         : Half{f.b_syn, f.b_syn_ack, f.b_fin, f.b_fin_acked, f.b_fin_is_answer};
}

TcpState opening_state(const Half& me, const Half& peer) {
  if (me.syn_ack) return TcpState::syn_received;
  if (me.syn) return TcpState::syn_sent;
  return peer.syn ? TcpState::listen : TcpState::unknown;
}

//   close   +--------------+  FIN acked  +------------+   FIN of the peer
//  -------->|  FIN-WAIT-1  |------------>| FIN-WAIT-2 |-------------------> TIME-WAIT
//           +--------------+             +------------+
//                  | FIN of the peer, ours not acked
//                  v
//              CLOSING ------------------------------------- FIN acked ---> TIME-WAIT
//
//  FIN of the peer: CLOSE-WAIT -- close --> LAST-ACK -- FIN acked --> CLOSED   (RFC 9293 figure 5)
TcpState closing_state(const Half& me, const Half& peer) {
  const bool peer_done = peer.fin_acked;
  if (!me.fin) return peer_done ? TcpState::close_wait : TcpState::established;
  if (!me.fin_acked) {
    if (!peer_done) return TcpState::fin_wait_1;
    return me.fin_is_answer ? TcpState::last_ack : TcpState::closing;
  }
  if (!peer_done) return TcpState::fin_wait_2;
  return me.fin_is_answer ? TcpState::closed : TcpState::time_wait;
}

}  // namespace

std::string_view to_string(TcpState state) {
  switch (state) {
    case TcpState::closed: return "CLOSED";
    case TcpState::listen: return "LISTEN";
    case TcpState::syn_sent: return "SYN-SENT";
    case TcpState::syn_received: return "SYN-RECEIVED";
    case TcpState::established: return "ESTABLISHED";
    case TcpState::fin_wait_1: return "FIN-WAIT-1";
    case TcpState::fin_wait_2: return "FIN-WAIT-2";
    case TcpState::close_wait: return "CLOSE-WAIT";
    case TcpState::closing: return "CLOSING";
    case TcpState::last_ack: return "LAST-ACK";
    case TcpState::time_wait: return "TIME-WAIT";
    case TcpState::unknown: return "unknown";
  }
  return "unknown";
}

TcpState state_of(const StateFacts& facts, Side side) {
  const Half me = half(facts, side);
  const Half peer = half(facts, other(side));
  if (facts.reset) return TcpState::closed;
  if (!facts.established && !me.fin && !peer.fin) return opening_state(me, peer);
  return closing_state(me, peer);
}

}  // namespace tcpteardown
