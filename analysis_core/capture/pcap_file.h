// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "capture/byte_input.h"
#include "capture/capture_file.h"

namespace tcpteardown {

// Reads pcap as libpcap does, but without a copy of each frame.
[[nodiscard]] ReadResult read_pcap(ByteInput& input, const FrameHandler& handle);

}  // namespace tcpteardown
