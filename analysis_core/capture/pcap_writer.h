// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "capture/packet_builder.h"

namespace tcpteardown {

struct TimedFrame {
  std::int64_t time_ns = 0;  // since the epoch
  Bytes bytes;
};

// Writes Ethernet frames as a pcap file with nanoseconds. Returns what went wrong, or nothing.
[[nodiscard]] std::string write_pcap(const std::string& path, std::span<const TimedFrame> frames);

}  // namespace tcpteardown
