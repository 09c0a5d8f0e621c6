// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "stream_numbers.h"

// What reader and writer of a stream agree on.
namespace tcpteardown::fuzz {

inline constexpr std::int64_t kStart = 1'600'000'000'000'000'000;  // ns since the epoch

// Bits of an item's first byte.
inline constexpr std::uint8_t kIcmp = 0x01;
inline constexpr std::uint8_t kIpv6 = 0x02;
inline constexpr std::uint8_t kLengthUnknown = 0x04;
inline constexpr std::uint8_t kOptionsCut = 0x08;
inline constexpr std::uint8_t kDontFragment = 0x10;
inline constexpr std::uint8_t kLongPayload = 0x20;

// How the time since the item before is told.
enum TimeStep : std::uint8_t {
  kSameTime,
  kMicroseconds,
  kMilliseconds,
  kManyMilliseconds,
  kManyMicroseconds,
  kSeconds,
  kAnyStep,
  kAnyTime,
};

// The first ports are servers', because without a SYN the lower port is taken for the server's.
inline constexpr unsigned kServerPorts = 8;
[[nodiscard]] constexpr std::uint16_t port_number(unsigned port) {
  return static_cast<std::uint16_t>(port < kServerPorts ? 80 + port : 40'000 + port);
}

}  // namespace tcpteardown::fuzz
