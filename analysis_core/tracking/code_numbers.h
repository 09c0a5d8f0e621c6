// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

// Numbers of few bytes where they are small, for segment_code.cpp.
namespace tcpteardown {

inline constexpr std::size_t kLongestCode = 160;  // bytes; more than any segment takes

// One is made for each segment, and set as far as needed.
struct SegmentCode {                             // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::array<std::uint8_t, kLongestCode> bytes;  // set up to `size`
  std::size_t size = 0;

  [[nodiscard]] std::span<const std::uint8_t> view() const { return {bytes.data(), size}; }
};

// Of the longest segment there is room for.
class CodeWriter {
 public:
  explicit CodeWriter(SegmentCode& code) : code_(code) {}

  void u8(std::uint8_t value) { code_.bytes[code_.size++] = value; }
  void u16(std::uint16_t value) {
    u8(static_cast<std::uint8_t>(value));
    u8(static_cast<std::uint8_t>(value >> 8));
  }
  // Seven bits a byte, the lowest first.
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) u8(static_cast<std::uint8_t>(value | 0x80U));
    u8(static_cast<std::uint8_t>(value));
  }
  // Small ones of either sign are short.
  void difference(std::int64_t value) {
    number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  void step(std::uint32_t from, std::uint32_t to) { difference(static_cast<std::int32_t>(to - from)); }

 private:
  SegmentCode& code_;
};

// Beyond the end it reads zeros.
class CodeReader {
 public:
  explicit CodeReader(std::span<const std::uint8_t>& bytes) : bytes_(bytes) {}

  std::uint8_t u8() {
    if (bytes_.empty()) return 0;
    const std::uint8_t value = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return value;
  }
  std::uint16_t u16() {
    const std::uint8_t low = u8();
    return static_cast<std::uint16_t>(low | u8() << 8);
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = u8();
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80U) == 0) break;
    }
    return value;
  }
  std::int64_t difference() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1 ^ (0 - (value & 1U)));
  }
  std::uint32_t step(std::uint32_t from) { return from + static_cast<std::uint32_t>(difference()); }

 private:
  std::span<const std::uint8_t>& bytes_;
};

}  // namespace tcpteardown
