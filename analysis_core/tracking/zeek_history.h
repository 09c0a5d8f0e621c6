// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "tracking/zeek_gaps.h"
#include "wire/segment.h"

// The same connection in the notation of Zeek's conn.log, for people who work with both. Zeek
// checks no sequence numbers when it follows FIN and RST, so this is a second, simpler reading
// of the segments and never evidence for a verdict. Every rule is one of Zeek's own
// (TCPSessionAdapter.cc, TCP_Endpoint.cc, TCP_Reassembler.cc), odd ones too. One thing is ours:
// Zeek's timers cut what follows a pause or an end into further connections, we do not.
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

// Numbers are relative to `start`, the SYN or what would have been its number, and do not wrap.
struct ZeekSide {
  ZeekState state = ZeekState::inactive;
  ZeekState previous = ZeekState::inactive;   // before it became `state`
  std::uint8_t written = 0;                   // which letters were, see zeek_history.cpp
  bool fin = false;                           // sent one
  std::array<std::int64_t, 3> last_number{};  // of its last SYN or SYN-ACK, FIN, RST
  Seq start;
  std::int64_t last = 0;   // highest number sent, plus one
  std::int64_t acked = 0;  // highest acknowledgement of it
  std::int64_t fin_end = 0;
  std::uint32_t retransmissions = 0;
  std::uint32_t zero_windows = 0;
  std::uint32_t gaps = 0;
  ZeekStream stream;
};

struct ZeekHistory {
  ZeekSide originator;
  ZeekSide responder;
  bool flipped = false;                 // '^': the roles were turned round
  std::array<char, 40> letters{};       // not terminated; cut when full
  std::array<std::uint8_t, 40> runs{};  // how often each stands there in a row: RSTs may be many
  std::uint8_t length = 0;
};

// `from_a`: side A, the sender of the first packet, is the originator unless flipped.
void fold(ZeekHistory& history, const Segment& segment, bool from_a);

}  // namespace tcpteardown
