// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tracking/endpoint.h"

namespace tcpteardown {

// Why a finding is told.
enum class FindingKind : std::uint8_t {
  evidence,     // what the verdict rests on
  against,      // what looks like a cause and is none
  alternative,  // what would look the same
  programs,     // what an application saw
  context,      // HTTP, TLS, ICMP, MPTCP: what else happened
  quality,      // what the capture does not show
};

// The frames of a finding, the one to look at first in front.
struct Frames {
  static constexpr std::size_t kMost = 4;

  std::array<FrameNumber, kMost> numbers{};
  std::uint8_t count = 0;
  bool is_range = false;  // all from the first of two numbers to the second

  [[nodiscard]] std::span<const FrameNumber> view() const { return {numbers.data(), count}; }
};

// Those that were seen (not 0), each once.
[[nodiscard]] Frames frames(std::initializer_list<FrameNumber> numbers);
// `many` frames of one kind, from the first to the last.
[[nodiscard]] Frames frames_of(const Run& run);
[[nodiscard]] Frames frame_span(FrameNumber first, FrameNumber last, std::uint64_t many);
// "31", "17-29", "23, 24"; empty if there is none.
[[nodiscard]] std::string to_string(const Frames& frames);

// One clause of at most 20 words: lower-case start, no final period. The frames it speaks of stand
// beside it, so it names none of them.
struct Finding {
  FindingKind kind = FindingKind::evidence;
  Frames frames;
  std::string text;
};

[[nodiscard]] std::string_view to_string(FindingKind kind);

// "the clause (frame 31)", for where there is no column of frames.
[[nodiscard]] std::string with_frames(const Finding& finding);

}  // namespace tcpteardown
