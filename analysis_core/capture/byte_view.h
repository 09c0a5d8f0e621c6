// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tcpteardown {

// A stretch of a packet: the bytes that were captured of it, and how long it was on the wire.
// Reading beyond what was captured gives zero, so callers ask has() first where it matters.
class ByteView {
 public:
  ByteView() = default;
  ByteView(std::span<const std::uint8_t> captured, std::uint32_t wire_length)
      : captured_(captured.first(std::min<std::size_t>(captured.size(), wire_length))),
        wire_length_(wire_length) {}

  [[nodiscard]] bool has(std::size_t count) const { return captured_.size() >= count; }
  [[nodiscard]] std::span<const std::uint8_t> captured() const { return captured_; }
  [[nodiscard]] std::uint32_t wire_length() const { return wire_length_; }

  [[nodiscard]] std::uint8_t u8(std::size_t at) const {
    return at < captured_.size() ? captured_[at] : std::uint8_t{0};
  }
  [[nodiscard]] std::uint16_t u16(std::size_t at) const {
    return static_cast<std::uint16_t>(u8(at) << 8 | u8(at + 1));
  }
  [[nodiscard]] std::uint32_t u32(std::size_t at) const { return std::uint32_t{u16(at)} << 16 | u16(at + 2); }

  // Without its first bytes; empty if it has no more.
  [[nodiscard]] ByteView after(std::size_t count) const {
    const auto skipped = static_cast<std::uint32_t>(std::min<std::size_t>(count, wire_length_));
    return {captured_.subspan(std::min(count, captured_.size())), wire_length_ - skipped};
  }

  // As long as a header says. Longer than the frame is possible: the rest was not captured.
  [[nodiscard]] ByteView with_length(std::uint32_t length) const { return {captured_, length}; }

 private:
  std::span<const std::uint8_t> captured_;
  std::uint32_t wire_length_ = 0;
};

}  // namespace tcpteardown
