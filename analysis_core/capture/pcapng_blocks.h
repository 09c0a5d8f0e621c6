// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

// The blocks of a pcapng file (draft-ietf-opsawg-pcapng), and what Wireshark takes for a damaged one: who
// reads on where it stops, or stops where it reads on, speaks of other frames.
namespace tcpteardown::pcapng {

inline constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
inline constexpr std::uint32_t kInterface = 1;
inline constexpr std::uint32_t kOldPacket = 2;
inline constexpr std::uint32_t kSimplePacket = 3;
inline constexpr std::uint32_t kNames = 4;
inline constexpr std::uint32_t kStatistics = 5;
inline constexpr std::uint32_t kEnhancedPacket = 6;
inline constexpr std::uint32_t kJournal = 9;  // a systemd log entry; Wireshark counts it as a frame
inline constexpr std::uint32_t kSecrets = 10;
inline constexpr std::uint32_t kCustom = 0xbad;  // and likewise
inline constexpr std::uint32_t kCustomNotCopied = 0x4000'0bad;

inline constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
inline constexpr std::uint32_t kLongestBlock = 134'348'832;  // bytes; Wireshark's limits
inline constexpr std::uint32_t kLongestPacket = 262'144;

using Bytes = std::span<const std::uint8_t>;

// Numbers in the byte order of a section.
struct Numbers {
  bool little_endian = true;

  [[nodiscard]] std::uint16_t u16(Bytes b, std::size_t at) const {
    const unsigned high = b[at + (little_endian ? 1 : 0)];
    const unsigned low = b[at + (little_endian ? 0 : 1)];
    return static_cast<std::uint16_t>(high << 8 | low);
  }
  [[nodiscard]] std::uint32_t u32(Bytes b, std::size_t at) const {
    const std::uint32_t high = u16(b, at + (little_endian ? 2 : 0));
    const std::uint32_t low = u16(b, at + (little_endian ? 0 : 2));
    return high << 16 | low;
  }
  [[nodiscard]] std::uint64_t u64(Bytes b, std::size_t at) const {
    const std::uint64_t high = u32(b, at + (little_endian ? 4 : 0));
    const std::uint64_t low = u32(b, at + (little_endian ? 0 : 4));
    return high << 32 | low;
  }
};

// One option of a block; `rest` is what stands behind it.
struct Option {
  std::uint16_t code = 0;  // 0: the end of the options
  Bytes value;
  Bytes rest;
  bool fits = false;
};
[[nodiscard]] Option first_option(Bytes options, Numbers numbers);

// Whether all of them end within the block.
[[nodiscard]] bool options_fit(Bytes options, Numbers numbers);

// Whether a block without packets can be what it says.
[[nodiscard]] bool is_sound(std::uint32_t type, Bytes body, Numbers numbers);

}  // namespace tcpteardown::pcapng
