// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <epan/packet_info.h>
#include <epan/tvbuff.h>

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

// `tvb` starts at the TCP header; `ip_header` is what IP's dissectors hand on, or nullptr.
[[nodiscard]] SegmentRead read_segment(tvbuff_t* tvb, packet_info* pinfo, void* ip_header);
// `tvb` starts at the copy of a TCP header inside the ICMP message.
[[nodiscard]] IcmpErrorRead read_icmp_error(tvbuff_t* tvb, packet_info* pinfo, const SeenIcmp& icmp);

// False if it is not IP's.
[[nodiscard]] bool read_address(const address& from, IpAddress& to);

// The time of a frame in nanoseconds since the epoch.
[[nodiscard]] std::int64_t frame_time_ns(const packet_info* pinfo);

}  // namespace tcpteardown
