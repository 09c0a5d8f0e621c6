// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "tracking/code_numbers.h"
#include "tracking/side.h"
#include "wire/segment.h"

// One segment in about a dozen bytes: told by how it differs from what the ones before it let expect. What is
// told is what fold() reads, so that it makes the same facts of it.
namespace tcpteardown {

// What one side said last.
struct LastSaid {
  std::uint64_t link_source = 0;
  Seq next;  // the sequence number that its next segment should have
  std::uint32_t ts_value = 0;
  std::uint16_t window = 0;
  std::uint16_t ip_id = 0;
  std::uint8_t hop_limit = 0;
  std::uint8_t form = 0;  // see segment_code.cpp; 0: it has not spoken

  [[nodiscard]] bool has_spoken() const { return form != 0; }
};

// What was told so far, as far as it helps to tell what comes next.
struct Told {
  std::int64_t time_ns = 0;
  std::array<LastSaid, 2> by{};  // by Side
  FrameNumber frame = 0;

  [[nodiscard]] const LastSaid& side(Side s) const { return by[static_cast<unsigned>(s)]; }
};

// Tells a segment of this sender, or an ICMP error about one of its segments.
[[nodiscard]] SegmentCode encode(const Segment& segment, Side sender, Told& told);
[[nodiscard]] SegmentCode encode(const IcmpError& error, Side about, Told& told);

// What encode() was given, but for the addresses.
struct DecodedSegment {
  Side side = Side::a;
  bool is_icmp = false;
  Segment segment;
  IcmpError error;
};

// Reads the next one off the front of `bytes`, which encode() made.
[[nodiscard]] DecodedSegment decode(std::span<const std::uint8_t>& bytes, Told& told);

}  // namespace tcpteardown
