// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "capture/raw_frame.h"
#include "wire/segment.h"

namespace tcpteardown {

// What a TCP header is good for.
enum class HeaderUse : std::uint8_t {
  segment,        // one that its receiver may take
  short_header,   // its length field says less than 20 bytes: no receiver takes it
  beyond_packet,  // its length field says more than there is: neither
  quoted,         // inside an ICMP error: evidence, never a segment
  cut,            // without its window: too little for anything
};

struct TcpHeader {
  Segment segment;
  HeaderUse use = HeaderUse::segment;
  std::uint8_t length = 20;  // bytes, as its length field says: 0 to 60
  bool is_fragment = false;  // the first of an IP packet
  bool has_window = true;    // false: only what stands before it was captured
};

// How far a frame could be read.
enum class Coverage : std::uint8_t {
  understood,  // to a TCP header, or to what is known to have none
  unknown_link_type,
  not_understood,  // the headers end too soon, or at something that no table names
};

// What a frame could not be read beyond, for people: "EtherType" and its number.
struct Obstacle {
  std::string_view what;  // empty: none is known; the frame is cut short or damaged
  std::optional<std::uint16_t> number;
};

// What a frame says about TCP. A frame is a chain of headers, at whose end stands a TCP header or
// something else. An ICMP error has no header if it quotes less than a whole one.
struct FrameContents {
  std::optional<TcpHeader> header;
  std::optional<IcmpError> error;
  Coverage coverage = Coverage::understood;
  Obstacle obstacle;
  bool has_more_packets = false;
};

// Reads a frame from its first byte to the TCP header, through tunnels as well, and what a segment tells by
// itself (tracking/own_facts.h). Views point into the frame's bytes. Nearly all frames hold one packet; of an
// aggregate of several, this reads the one that is asked for, from 0.
[[nodiscard]] FrameContents decode_frame(const RawFrame& frame, std::uint32_t packet = 0);

// In one frame. The largest aggregate of IEEE 802.11 has room for 150 acknowledgments without data.
inline constexpr std::uint32_t kMostPackets = 256;

// Calls `take` with the contents of each packet of a frame, and whether it is the first one.
template <typename Take>
void decode_packets(const RawFrame& frame, Take take) {
  FrameContents contents = decode_frame(frame);
  take(contents, true);
  for (std::uint32_t packet = 1; contents.has_more_packets && packet < kMostPackets; ++packet) {
    contents = decode_frame(frame, packet);
    take(contents, false);
  }
}

}  // namespace tcpteardown
