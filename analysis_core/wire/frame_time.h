// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

namespace tcpteardown {

// A frame's time in nanoseconds since the epoch. A damaged or forged one may lie anywhere; it is held where
// the difference of any two still fits (the year 2116).
[[nodiscard]] constexpr std::int64_t frame_time_ns(std::int64_t seconds, std::int32_t nanoseconds) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kMost = (std::int64_t{1} << 62) / kSecond - 3;  // nanoseconds add up to two
  return std::clamp(seconds, -kMost, kMost) * kSecond + nanoseconds;
}

}  // namespace tcpteardown
