// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "tracking/connection.h"

namespace tcpteardown {

// Who closed first, by the ACK fields of the FINs and not by the order in which they were captured: a FIN
// that covers the peer's FIN was sent after that one had arrived (RFC 9293 §3.6).
//
//   A          B                A          B
//   FIN ----->                  FIN --\ /-- FIN
//      <----- FIN, ACKs it          <--/ \-->           neither covers the other's: crossed (§3.6 case 3)
struct FinOrder {
  bool any = false;        // captured, or inferred
  bool inferred = false;   // one of them is known only from an ACK one beyond all data
  Side first = Side::a;    // whose FIN is no answer; where neither or both are, the one captured earlier
  bool a_answers = false;  // A's FIN covers B's
  bool b_answers = false;
  bool crossed = false;  // both were captured, and neither is an answer
  // Before the first one, since what its sender had last seen or sent; -1: not known.
  std::int64_t idle_before_close_ns = -1;

  [[nodiscard]] bool answers(Side s) const { return s == Side::a ? a_answers : b_answers; }
};

[[nodiscard]] FinOrder find_fin_order(const Connection& connection);

}  // namespace tcpteardown
