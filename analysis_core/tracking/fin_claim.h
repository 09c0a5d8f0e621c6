// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "tracking/moment.h"
#include "wire/seq.h"

// A FIN in one side's name: how its packet looked beside that side's others, and what that side said
// afterwards as if it had never sent it. One a side, so that nothing grows.
namespace tcpteardown {

struct FinClaim {
  Moment at;              // the FIN, or the first ACK of one that was not captured
  bool inferred = false;  // only that ACK was captured, of a FIN or of data and a FIN
  Seq start;              // first number of its segment
  Seq number;             // the FIN's own
  Seq ack;                // what it acknowledges

  // Its packet
  bool has_ts = false;
  bool lacks_ts = false;  // its options were captured, and there is none
  std::uint32_t ts_value = 0;
  Moment old_echo;  // what it acknowledges though the time stamp that it echoes is older (RFC 7323 §4.3)
  std::uint8_t hop_limit = 0;
  std::uint8_t usual_hop_limit = 0;
  std::uint32_t usual_hop_limit_seen = 0;
  bool near_hop_limit = false;  // its sender had used one hardly different
  bool counted = false;         // the IP-IDs before it were a counter
  bool ids_leap = false;        // they were none: drawn at random, or swapped
  std::uint16_t ip_id = 0;
  std::uint16_t ip_id_before = 0;
  bool other_link = false;  // another hardware address than its sender's

  // What its purported sender sent since
  Moment wrote;  // data at its number, or beyond
  bool wrote_any = false;
  Seq wrote_start;  // that data, with what stood in place of its own
  Seq wrote_end;
  Moment below;    // an ACK from a number below its own
  Moment refused;  // an ACK from its number that does not cover the peer's FIN
  std::uint8_t refusals = 0;
  Moment counts_on;           // a packet that continues the IP-IDs from before it
  bool acked_before = false;  // its ACK was captured first
  bool again_apart =
      false;     // another FIN at its number, with an IP-ID far from its own where these may be counted
  Moment again;  // likewise, and a FIN at the same number
  bool overtook = false;  // an ACK from before it came later than reordering explains

  [[nodiscard]] constexpr bool seen() const { return at.seen(); }
};

}  // namespace tcpteardown
