// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "wire/seq.h"

// Whether the receiver of a RST takes it: the one rule of RFC 9293 §3.10.7.3 and §3.10.7.4, RFC 5961 §3.2 and
// Linux's tcp_validate_incoming() and tcp_reset_check(), by what was known when the RST came.
namespace tcpteardown {

struct Connection;
struct Reset;

// The ones that are taken come first.
enum class Acceptance : std::uint8_t {
  exact,       // at RCV.NXT, or at another number that Linux takes as well
  in_order,    // at its sender's SND.NXT: exact as soon as all before it has arrived
  acks_syn,    // its receiver is in SYN-SENT, and it acknowledges the SYN
  presumed,    // what its receiver expects is not captured, but the number fits
  challenged,  // in the window, and not at RCV.NXT: a challenge ACK
  old,         // before the window, or in SYN-SENT without an ACK of the SYN
  beyond,      // behind the window
  unknown,
};

[[nodiscard]] constexpr bool is_taken(Acceptance acceptance) { return acceptance <= Acceptance::presumed; }

[[nodiscard]] Acceptance acceptance_of(const Connection& connection, const Reset& reset);

// The rule of the established states alone, for a receiver that expects this number.
[[nodiscard]] Acceptance acceptance_at(Seq seq, Seq rcv_nxt, std::uint32_t window);

// The receiver acknowledged later what its purported sender sent only after the RST: it had not taken it.
[[nodiscard]] bool went_on_regardless(const Reset& reset);

}  // namespace tcpteardown
