// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "capture/byte_input.h"
#include "capture/capture_file.h"

namespace tcpteardown {

inline constexpr int kSnoopFirstByte = 's';  // no pcap or pcapng file starts with it

// Reads Solaris' snoop format, version 2 (RFC 1761), which libpcap does not read.
[[nodiscard]] ReadResult read_snoop(ByteInput& input, const FrameHandler& handle);

}  // namespace tcpteardown
