// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/packet_builder.h"
#include "capture/seg_words.h"
#include "wire/segment.h"

namespace tcpteardown {

// Where both sides of a script started. Sequence numbers are written relative to these.
struct ScriptOrigins {
  std::array<Seq, 2> iss{Seq{1000}, Seq{5000}};  // A, B
};

// One segment line, without its time and what it expects.
struct ScriptSegment {
  int side = 0;  // 0: A sent it, 1: B
  Flags flags;
  Seq seq;
  Seq end;  // as written: the first number behind the payload
  std::uint32_t payload_length = 0;
  bool is_raw_seq = false;  // written as =number, not counted from the ISS
  bool is_raw_ack = false;
  std::optional<Seq> ack;
  std::optional<std::uint16_t> window;
  Bytes options;
  std::optional<Bytes> payload;
  std::optional<std::uint8_t> hop_limit;
  std::optional<std::uint16_t> ip_id;
  std::optional<std::uint64_t> link_source;
  bool dont_fragment = true;
  bool is_lost = false;     // captured, but did not reach the other side
  bool is_unseen = false;   // sent, but not captured
  bool is_forged = false;   // not sent by that side at all
  bool is_damaged = false;  // with a wrong checksum
};

// Reads a segment line from its side on, up to its end or "=>".
[[nodiscard]] ScriptSegment parse_segment(WordReader& words, const ScriptOrigins& origins);

// "A" is 0, "B" is 1.
[[nodiscard]] int parse_side(std::string_view word);

// "<mss 1460,sackOK,wscale 7,TS val 1 ecr 0>" as option bytes. SACK edges count from the ISS of
// the other side, whose data they speak of.
[[nodiscard]] Bytes parse_script_options(std::string_view word, Seq peer_iss);

}  // namespace tcpteardown
