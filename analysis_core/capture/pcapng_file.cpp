// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/pcapng_file.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

// The format is draft-ietf-opsawg-pcapng: blocks of type, length, body, length again.
namespace tcpteardown {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kOldPacket = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kJournal = 9;  // a systemd log entry; Wireshark counts it as a frame
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr std::uint32_t kLongestBlock = 16 * 1024 * 1024;  // bytes; Wireshark's limit

using Bytes = std::span<const std::uint8_t>;

struct Interface {
  int link_type = 0;
  std::uint32_t snap_length = 0;  // 0: none
  std::uint8_t resolution = 6;    // if_tsresol: a power of ten, or of two if the highest bit is set
  std::int64_t offset_s = 0;      // if_tsoffset
};

// How many ticks of an interface's clock make a second; as far as 64 bits go, no clock is finer.
std::uint64_t ticks_per_second(std::uint8_t resolution) {
  const std::uint64_t base = (resolution & 0x80U) != 0 ? 2 : 10;
  std::uint64_t ticks = 1;
  for (int i = resolution & 0x7f; i > 0 && ticks <= std::numeric_limits<std::uint64_t>::max() / base; --i)
    ticks *= base;
  return ticks;
}

// In whole nanoseconds; held in range, because a forged time may lie anywhere.
std::int64_t time_ns(const Interface& interface, std::uint64_t ticks) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kSecond / 2;  // the year 2116
  const std::uint64_t per_second = ticks_per_second(interface.resolution);
  const std::uint64_t rest = ticks % per_second;
  const std::uint64_t nanoseconds =
      per_second <= kSecond ? rest * kSecond / per_second : rest / (per_second / kSecond);
  const auto whole = static_cast<std::int64_t>(std::min<std::uint64_t>(ticks / per_second, kMost));
  const std::int64_t seconds =
      std::clamp(whole + std::clamp(interface.offset_s, -kMost, kMost), -kMost, kMost);
  return seconds * kSecond + static_cast<std::int64_t>(std::min<std::uint64_t>(nanoseconds, kSecond - 1));
}

class PcapngReader {
 public:
  PcapngReader(ByteInput& input, const FrameHandler& handle) : input_(input), handle_(handle) {}

  ReadResult read();

 private:
  struct Block {
    std::uint32_t type = 0;
    Bytes body;
  };
  enum class Next : std::uint8_t { block, end, cut_short, damaged };

  Next next_block(Block& block);
  [[nodiscard]] bool read_byte_order(Bytes start);
  [[nodiscard]] bool read_block(const Block& block);
  [[nodiscard]] bool read_interface(Bytes body);
  void read_option(std::uint16_t code, Bytes value, Interface& interface) const;
  [[nodiscard]] bool read_packet(Bytes body, std::size_t interface, std::uint64_t ticks,
                                 std::uint32_t captured, std::uint32_t wire_length);
  [[nodiscard]] bool read_enhanced(Bytes body, bool is_old);
  [[nodiscard]] bool read_simple(Bytes body);

  [[nodiscard]] std::uint16_t u16(Bytes b, std::size_t at) const {
    const unsigned high = b[at + (is_little_endian_ ? 1 : 0)];
    const unsigned low = b[at + (is_little_endian_ ? 0 : 1)];
    return static_cast<std::uint16_t>(high << 8 | low);
  }
  [[nodiscard]] std::uint32_t u32(Bytes b, std::size_t at) const {
    const std::uint32_t high = u16(b, at + (is_little_endian_ ? 2 : 0));
    const std::uint32_t low = u16(b, at + (is_little_endian_ ? 0 : 2));
    return high << 16 | low;
  }
  [[nodiscard]] std::uint64_t u64(Bytes b, std::size_t at) const {
    const std::uint64_t high = u32(b, at + (is_little_endian_ ? 4 : 0));
    const std::uint64_t low = u32(b, at + (is_little_endian_ ? 0 : 4));
    return high << 32 | low;
  }

  ByteInput& input_;
  const FrameHandler& handle_;
  bool is_little_endian_ = true;
  bool has_section_ = false;
  FrameNumber frames_ = 0;
  std::vector<Interface> interfaces_;  // of the section
  std::size_t block_length_ = 0;       // of the block in hand, which is still to be skipped
};

// A section header says in which byte order its own length is to be read. False: in none.
bool PcapngReader::read_byte_order(Bytes start) {
  is_little_endian_ = true;
  if (u32(start, 8) != kByteOrderMagic) is_little_endian_ = false;
  return u32(start, 8) == kByteOrderMagic;
}

PcapngReader::Next PcapngReader::next_block(Block& block) {
  input_.advance(block_length_);
  block_length_ = 0;
  Bytes bytes = input_.peek(8);
  if (bytes.empty()) return Next::end;
  if (bytes.size() < 8) return Next::cut_short;
  block.type = u32(bytes, 0);
  const bool is_section = block.type == kSectionHeader;  // the same in both byte orders
  if (is_section) {
    bytes = input_.peek(12);
    if (bytes.size() < 12) return Next::cut_short;
    if (!read_byte_order(bytes)) return Next::damaged;
  }
  const std::uint32_t length = u32(bytes, 4);
  if (length < (is_section ? 28U : 12U) || length > kLongestBlock || length % 4 != 0) return Next::damaged;
  bytes = input_.peek(length);
  if (bytes.size() < length) return Next::cut_short;
  block.body = bytes.subspan(8, length - 12);
  block_length_ = length;
  return Next::block;
}

void PcapngReader::read_option(std::uint16_t code, Bytes value, Interface& interface) const {
  if (code == 9 && value.size() == 1) interface.resolution = value[0];
  if (code == 14 && value.size() == 8) interface.offset_s = static_cast<std::int64_t>(u64(value, 0));
}

bool PcapngReader::read_interface(Bytes body) {
  if (body.size() < 8) return false;
  Interface interface { .link_type = u16(body, 0), .snap_length = u32(body, 4) };
  for (Bytes options = body.subspan(8); options.size() >= 4;) {
    const std::uint16_t code = u16(options, 0);
    const std::size_t length = u16(options, 2);
    const std::size_t padded = (length + 3) / 4 * 4;
    if (code == 0 || options.size() - 4 < padded) break;
    read_option(code, options.subspan(4, length), interface);
    options = options.subspan(4 + padded);
  }
  interfaces_.push_back(interface);
  return true;
}

bool PcapngReader::read_packet(Bytes body, std::size_t interface, std::uint64_t ticks, std::uint32_t captured,
                               std::uint32_t wire_length) {
  if (interface >= interfaces_.size() || captured > body.size()) return false;
  RawFrame frame;
  frame.number = ++frames_;
  frame.time_ns = time_ns(interfaces_[interface], ticks);
  frame.link_type = interfaces_[interface].link_type;
  frame.bytes = body.first(captured);
  frame.wire_length = wire_length;
  handle_(frame);
  return true;
}

// The old form has 16 bits of interface, and a count of drops behind it.
bool PcapngReader::read_enhanced(Bytes body, bool is_old) {
  if (body.size() < 20) return false;
  const std::size_t interface = is_old ? u16(body, 0) : u32(body, 0);
  const std::uint64_t ticks = std::uint64_t{u32(body, 4)} << 32 | u32(body, 8);
  return read_packet(body.subspan(20), interface, ticks, u32(body, 12), u32(body, 16));
}

// Of the first interface, without a time.
bool PcapngReader::read_simple(Bytes body) {
  if (body.size() < 4 || interfaces_.empty()) return false;
  const std::uint32_t wire_length = u32(body, 0);
  const std::uint32_t snap_length = interfaces_[0].snap_length;
  const std::uint32_t captured = snap_length == 0 ? wire_length : std::min(wire_length, snap_length);
  return read_packet(body.subspan(4), 0, 0, captured, wire_length);
}

bool PcapngReader::read_block(const Block& block) {
  switch (block.type) {
    case kSectionHeader:
      has_section_ = true;
      interfaces_.clear();
      return true;
    case kInterface: return read_interface(block.body);
    case kEnhancedPacket: return read_enhanced(block.body, false);
    case kOldPacket: return read_enhanced(block.body, true);
    case kSimplePacket: return read_simple(block.body);
    case kJournal: ++frames_; return true;
    default: return true;
  }
}

ReadResult PcapngReader::read() {
  Block block;
  for (;;) {
    const Next next = next_block(block);
    if (next == Next::end) return {};
    if (next == Next::block && (has_section_ || block.type == kSectionHeader) && read_block(block)) continue;
    if (!has_section_ && next == Next::cut_short) {
      return {ReadOutcome::unreadable, "the file is cut short in its header"};
    }
    if (!has_section_) {
      return {ReadOutcome::unreadable, kUnknownFormat};
    }
    if (next == Next::cut_short)
      return {ReadOutcome::partial, "the file is cut short in the middle of a packet"};
    return {ReadOutcome::partial,
            "the file is damaged (an impossible block behind frame " + std::to_string(frames_) + ")"};
  }
}

}  // namespace

ReadResult read_pcapng(ByteInput& input, const FrameHandler& handle) {
  return PcapngReader{input, handle}.read();
}

}  // namespace tcpteardown
