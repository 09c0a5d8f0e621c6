// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "capture/byte_input.h"
#include "capture/capture_file.h"

namespace tcpteardown {

inline constexpr int kPcapngFirstByte = 0x0a;  // of a section header; no pcap file starts with it

// Reads pcapng, also of interfaces of different link types and snap lengths, as mergecap makes it.
[[nodiscard]] ReadResult read_pcapng(ByteInput& input, const FrameHandler& handle);

}  // namespace tcpteardown
