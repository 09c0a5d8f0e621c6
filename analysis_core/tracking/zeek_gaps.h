// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

// What Zeek's reassembly would have delivered of one direction, as far as its history letter 'g'
// needs it: an acknowledgement of bytes that were not captured is a content gap.
namespace tcpteardown {

// Numbers are relative, the first byte of payload is 1.
struct ZeekStream {
  struct Island {
    std::int64_t start = 0;
    std::int64_t end = 0;
  };
  std::array<Island, 8> islands{};  // captured behind a hole; ordered, apart
  std::uint8_t island_count = 0;
  bool given_up = false;       // too much behind a hole and nothing acknowledged
  std::int64_t delivered = 1;  // all below was captured, or acknowledged
  std::int64_t trimmed = 1;    // highest acknowledgement looked at
};

// Payload from `start` to `end`, of which everything below `acked` is known to have arrived.
void take_data(ZeekStream& stream, std::int64_t start, std::int64_t end, std::int64_t acked);

// An acknowledgement of everything below `ack`. Returns how many holes it covers.
[[nodiscard]] std::size_t take_ack(ZeekStream& stream, std::int64_t ack);

}  // namespace tcpteardown
