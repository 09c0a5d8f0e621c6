// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "capture/raw_frame.h"
#include "wire/segment.h"

namespace tcpteardown {

// What a TCP header is good for.
enum class HeaderUse : std::uint8_t {
  segment,        // one that its receiver may take
  short_header,   // its length field says less than 20 bytes: no receiver takes it
  beyond_packet,  // its length field says more than there is: neither
  quoted,         // inside an ICMP error: evidence, never a segment
};

struct TcpHeader {
  Segment segment;
  HeaderUse use = HeaderUse::segment;
};

// What a frame says about TCP. A frame is a chain of headers, at whose end stands a TCP header or
// something else. An ICMP error has no header if it quotes less than a whole one.
struct FrameContents {
  std::optional<TcpHeader> header;
  std::optional<IcmpError> error;
};

// Reads a frame from its first byte to the TCP header, through tunnels as well. Views point
// into the frame's bytes.
[[nodiscard]] FrameContents decode_frame(const RawFrame& frame);

}  // namespace tcpteardown
