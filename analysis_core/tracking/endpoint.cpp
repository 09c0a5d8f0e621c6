// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/endpoint.h"

#include <array>

#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

// Nanoseconds a tick. A tick takes 1 ms to 1 s (RFC 7323 §5.4) and has a round length in every
// system we know, so a measured one is rounded; a clock hardly measured is taken for Linux's
// millisecond, the fastest: what is sent later then seems earlier, and nobody is accused.
std::int64_t tick_of(const StampClock& clock) {
  using threshold::kMillisecond;
  constexpr std::array<std::int64_t, 7> kTicks{1, 4, 5, 8, 10, 20, 100};  // ms; 500 and 1000 are rare
  const std::int64_t ticks = static_cast<std::int32_t>(clock.value - clock.first_value);
  const std::int64_t span = clock.time_ns - clock.first_ns;
  if (ticks < threshold::kStampTicks || span < threshold::kStampSpan) return kMillisecond;
  const std::int64_t measured = span / ticks;
  for (const std::int64_t tick : kTicks) {
    const std::int64_t exact = tick * kMillisecond;
    if (measured > exact - exact / 8 && measured < exact + exact / 8) return exact;
  }
  // RFC 7323 §5.4: a tick takes from 1 ms to 1 s.
  constexpr std::int64_t kLongest = 1000 * kMillisecond;
  return span > threshold::kStampOddSpan && measured <= kLongest + kLongest / 8 ? measured : 0;
}

}  // namespace

std::int64_t expected_time(const StampClock& clock, std::uint32_t value) {
  const std::int64_t tick = tick_of(clock);
  if (tick == 0) return -1;
  return clock.time_ns + tick * static_cast<std::int32_t>(value - clock.value);
}

UsualHopLimit usual_hop_limit(const Endpoint& endpoint) {
  UsualHopLimit usual;
  for (const HopLimits::Entry& entry : endpoint.hop_limits.entries) {
    if (entry.count > usual.seen) usual = {entry.value, entry.count};
  }
  return usual;
}

}  // namespace tcpteardown
