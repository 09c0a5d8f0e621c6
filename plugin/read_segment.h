// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <epan/packet_info.h>
#include <epan/tvbuff.h>

#include <cstdint>
#include <span>

#include "frame_headers.h"
#include "wire/segment.h"

// From what epan hands to the TCP dissector to the core's values. Nothing here decides.
namespace tcpteardown {

// What was read; `readable` is false if too little was captured or the addresses are not IP's.
struct SegmentRead {
  bool readable = false;
  Segment segment;
};
struct IcmpErrorRead {
  bool readable = false;
  IcmpError error;
};

// Of a segment that was added in an earlier pass only the ends are read.
enum class Extent : std::uint8_t { ends, whole };

// `tvb` starts at the TCP header, `bytes` are what was captured of it; `ip_header` is what IP's dissectors
// hand on, or nullptr.
[[nodiscard]] SegmentRead read_segment(tvbuff_t* tvb, std::span<const guint8> bytes, packet_info* pinfo,
                                       void* ip_header, Extent extent);
// `bytes` start at the copy of a TCP header inside the ICMP message.
[[nodiscard]] IcmpErrorRead read_icmp_error(std::span<const guint8> bytes, packet_info* pinfo,
                                            const SeenIcmp& icmp);

// False if it is not IP's.
[[nodiscard]] bool read_address(const address& from, IpAddress& to);

// The time of a frame in nanoseconds since the epoch.
[[nodiscard]] std::int64_t frame_time_ns(const packet_info* pinfo);

}  // namespace tcpteardown
