// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "frame_headers.h"
#include "tracking/connection_table.h"
#include "wire/segment.h"

namespace tcpteardown {

// Segments that nobody asks about yet. Folding in several at once takes half the time: the table looks all of
// them up together (tracking/fetch.h), and the processor reads our code once for all of them, between frames
// whose dissection drives everything out of its caches.
class WaitingSegments {
 public:
  // That of the last header.
  void add(const Segment& segment, const FrameHeaders& headers);
  [[nodiscard]] bool any() const { return folded_ < count_; }
  // Asked at a frame's end, the last moment for a payload that is read.
  [[nodiscard]] bool must_be_folded() const { return count_ >= kEnough || needs_payload_; }
  // Throws only std::bad_alloc, and not for the same segment again: it stays without a connection.
  // Payloads are read of that frame alone: should a frame's end ever not have come, its bytes are gone.
  void fold_into(ConnectionTable& table, FrameNumber frame);
  // Which connections the headers of this frame have.
  void tell(FrameHeaders& headers, FrameNumber frame) const;
  [[nodiscard]] std::span<const SeenHeader> folded() const { return std::span(seen_).first(folded_); }
  void forget_folded();

 private:
  // Our choice: what is looked up for so many fits into the nearest cache.
  static constexpr std::size_t kEnough = 32;
  static constexpr std::size_t kRoom = kEnough + kHeadersKept;

  std::array<Segment, kRoom> segments_;
  std::array<SeenHeader, kRoom> seen_;
  std::array<unsigned, kRoom> place_{};  // among the headers of its frame
  std::size_t count_ = 0;
  std::size_t folded_ = 0;
  bool needs_payload_ = false;
};

}  // namespace tcpteardown
