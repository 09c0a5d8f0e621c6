// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "capture/capture_file.h"
#include "capture/frame_decoder.h"

namespace tcpteardown {

// Counts how many frames of a capture were read, so that nobody says "no TCP connections" of frames that
// nobody looked into.
class FrameTally {
 public:
  void add(const RawFrame& frame, const FrameContents& contents);

  [[nodiscard]] std::uint64_t frames() const { return frames_; }
  [[nodiscard]] std::uint64_t of_known_link_types() const { return frames_ - of_unknown_link_types_; }

  // What is to be said of a file that was read to `file`: it is unreadable if no frame was, and
  // partial if frames of some link type were not. Where no TCP was found, the message tells of
  // frames that were not understood.
  [[nodiscard]] ReadResult result(const ReadResult& file) const;

 private:
  [[nodiscard]] std::string unknown_link_types() const;
  [[nodiscard]] std::string why_not_understood() const;

  std::uint64_t frames_ = 0;
  std::uint64_t of_unknown_link_types_ = 0;
  std::uint64_t not_understood_ = 0;
  bool has_tcp_ = false;
  Obstacle first_obstacle_;
  std::map<int, std::uint64_t> unknown_link_types_;  // frames of each
};

// "link type 127 (IEEE802_11_RADIO)", as tcpdump -L names it; no name if libpcap has none.
[[nodiscard]] std::string describe_link_type(int link_type);

}  // namespace tcpteardown
