// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "capture/raw_frame.h"

namespace tcpteardown {

enum class ReadOutcome : std::uint8_t {
  complete,
  partial,     // frames were read, but not all: the file is damaged, or has a link type that is not read
  unreadable,  // no such file, or no capture
};

struct ReadResult {
  ReadOutcome outcome = ReadOutcome::complete;
  std::string message;  // for people, without the file's name; of a complete file mostly empty
};

using FrameHandler = std::function<void(const RawFrame&)>;

// How many bytes of a file have been read, and how many it has; 0: not known, as of a pipe.
// False from it ends the reading there, as "interrupted".
using ProgressHandler = std::function<bool(std::uint64_t read, std::uint64_t all)>;

// Reads a pcap, pcapng or snoop file frame by frame, also one that is compressed as a whole; "-" is standard
// input. An empty file is a capture without frames, as for tshark.
[[nodiscard]] ReadResult read_capture(const std::string& path, const FrameHandler& handle,
                                      const ProgressHandler& progress = {});

// When its first frame was captured; empty if it has none that can be read.
[[nodiscard]] std::optional<std::int64_t> first_time_ns(const std::string& path);

inline constexpr const char* kUnknownFormat =
    "not a capture in a format that tcpteardown reads (pcap, pcapng, snoop)";

}  // namespace tcpteardown
