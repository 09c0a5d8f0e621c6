// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "tracking/connection.h"

namespace tcpteardown {

// The states of RFC 9293 §3.3.2, and unknown where nothing is proven.
enum class TcpState : std::uint8_t {
  closed,
  listen,
  syn_sent,
  syn_received,
  established,
  fin_wait_1,
  fin_wait_2,
  close_wait,
  closing,
  last_ack,
  time_wait,
  unknown,
};

// Spelled as in the RFC: "FIN-WAIT-1".
[[nodiscard]] std::string_view to_string(TcpState state);

// The state of one end that the facts prove so far. Never stored, so never stale. An end may be
// further on: that its peer received a segment is proven only by the ACK.
[[nodiscard]] TcpState state_of(const StateFacts& facts, Side side);

}  // namespace tcpteardown
