// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "wire/segment.h"

namespace tcpteardown {

// One record of a capture file.
struct RawFrame {
  FrameNumber number = 0;               // from 1
  std::int64_t time_ns = 0;             // since the epoch
  int link_type = 0;                    // libpcap's DLT_ value
  std::span<const std::uint8_t> bytes;  // as captured; lives only for the call
  std::uint32_t wire_length = 0;        // bytes, before the snap length cut the frame
};

}  // namespace tcpteardown
