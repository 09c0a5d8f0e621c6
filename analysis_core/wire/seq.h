// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace tcpteardown {

// A TCP sequence number: a point on a circle of 2^32 points (RFC 9293 §3.4).
// There is no operator<, because "less than" on a circle is not an ordering:
// a Seq must not be sorted or used as a key of std::map. Ask by name instead.
struct Seq {
  std::uint32_t raw = 0;

  friend constexpr bool operator==(Seq, Seq) = default;
  friend constexpr Seq operator+(Seq s, std::uint32_t n) { return {s.raw + n}; }
  friend constexpr Seq operator-(Seq s, std::uint32_t n) { return {s.raw - n}; }
};

// Signed distance from `from` to `to`, in -2^31 … 2^31-1 sequence numbers.
[[nodiscard]] constexpr std::int32_t distance(Seq from, Seq to) {
  return static_cast<std::int32_t>(to.raw - from.raw);
}

[[nodiscard]] constexpr bool before(Seq a, Seq b) { return distance(a, b) > 0; }
[[nodiscard]] constexpr bool after(Seq a, Seq b) { return before(b, a); }
[[nodiscard]] constexpr bool at_or_before(Seq a, Seq b) { return !before(b, a); }
[[nodiscard]] constexpr bool at_or_after(Seq a, Seq b) { return !before(a, b); }
[[nodiscard]] constexpr Seq later_of(Seq a, Seq b) { return before(a, b) ? b : a; }

// True if s lies in [start, start + size), the receive window test of RFC 9293 §3.10.7.4.
[[nodiscard]] constexpr bool in_window(Seq s, Seq start, std::uint32_t size) {
  return s.raw - start.raw < size;
}

static_assert(before(Seq{0xffff'ffff}, Seq{0}), "comparison survives the wrap");
static_assert(distance(Seq{0xffff'fff0}, Seq{0x10}) == 32);

}  // namespace tcpteardown
