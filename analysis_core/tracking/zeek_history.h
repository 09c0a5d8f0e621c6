// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "wire/segment.h"

// The same connection in the notation of Zeek's conn.log, for people who work with both. Zeek
// checks no sequence numbers when it follows FIN and RST, so this is a second, simpler reading
// of the segments and never evidence for a verdict.
namespace tcpteardown {

// Zeek's states of one end (documented with its TCP analyzer).
enum class ZeekState : std::uint8_t {
  inactive,
  syn_sent,
  syn_ack_sent,
  partial,
  established,
  closed,
  reset,
};

struct ZeekSide {
  ZeekState state = ZeekState::inactive;
  std::uint8_t letters_once = 0;            // which of A, D, I, Q were written
  std::array<std::uint32_t, 4> last_seq{};  // of the last S, H, F, R written
  std::uint8_t repeatable_seen = 0;         // which of S, H, F, R were written
  std::uint64_t bytes = 0;                  // payload seen, retransmissions not
  Seq next;
  bool has_next = false;
  std::uint32_t retransmissions = 0;
  std::uint32_t zero_windows = 0;
};

struct ZeekHistory {
  ZeekSide originator;
  ZeekSide responder;
  bool flipped = false;            // '^': the roles were turned round
  std::array<char, 40> letters{};  // not terminated; cut when full
  std::uint8_t length = 0;
};

// `from_originator` as Zeek sees it: the sender of the first packet, unless flipped.
void fold(ZeekHistory& history, const Segment& segment, bool from_a);

}  // namespace tcpteardown
