// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdio>

#include "capture/capture_file.h"

namespace tcpteardown {

inline constexpr int kPcapngFirstByte = 0x0a;  // of a section header; no pcap file starts with it

// Reads pcapng. libpcap reads it too, but gives up where a file has interfaces of different link types or
// snap lengths: a capture on "any two interfaces", or what mergecap makes.
[[nodiscard]] ReadResult read_pcapng(std::FILE* file, const FrameHandler& handle);

}  // namespace tcpteardown
