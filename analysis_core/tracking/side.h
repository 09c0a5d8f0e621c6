// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace tcpteardown {

// A opened the connection (first SYN), or sent its first captured segment. Which of the two is
// the client is evidence, see evidence/roles.h.
enum class Side : std::uint8_t { a, b };

[[nodiscard]] constexpr Side other(Side side) { return side == Side::a ? Side::b : Side::a; }

// What a segment was for the one who sent it.
enum class SegmentKind : std::uint8_t {
  syn,
  syn_ack,
  data,
  fin,
  pure_ack,
  retransmission,
  keep_alive,
  window_probe,
  reset,
};

}  // namespace tcpteardown
