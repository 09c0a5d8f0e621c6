// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wire/segment.h"

// Writes packets, the reverse of frame_decoder.h, so that a script can become a capture that
// any tool reads. All frames are Ethernet, all checksums right.
namespace tcpteardown {

using Bytes = std::vector<std::uint8_t>;

// The segment's header fields, options and payload as a frame. `segment.options` and
// `segment.payload` are not looked at. Options have a multiple of four bytes, at most 40.
[[nodiscard]] Bytes build_segment(const Segment& segment, std::span<const std::uint8_t> options,
                                  std::span<const std::uint8_t> payload);

// The ICMP or ICMPv6 error, quoting a TCP header without payload.
[[nodiscard]] Bytes build_error(const IcmpError& error, const Segment& quoted);

// A frame that only shows that the capture still ran: an ARP request.
[[nodiscard]] Bytes build_bystander();

}  // namespace tcpteardown
