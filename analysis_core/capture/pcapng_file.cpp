// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/pcapng_file.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "capture/pcapng_blocks.h"
#include "wire/frame_time.h"

// Blocks of type, length, body, length again.
namespace tcpteardown {
namespace {

using namespace pcapng;

constexpr std::size_t kKept = 16 * 1024 * 1024;  // bytes of a block; what lies behind holds no packet
constexpr std::size_t kPiece = 256 * 1024;       // of what is skipped

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

// In whole nanoseconds. A forged offset may lead anywhere, and adds up as in Wireshark.
std::int64_t time_ns(const Interface& interface, std::uint64_t ticks) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const std::uint64_t per_second = ticks_per_second(interface.resolution);
  const std::uint64_t rest = ticks % per_second;
  const std::uint64_t nanoseconds =
      per_second <= kSecond ? rest * kSecond / per_second : rest / (per_second / kSecond);
  const std::uint64_t seconds = ticks / per_second + static_cast<std::uint64_t>(interface.offset_s);
  return frame_time_ns(static_cast<std::int64_t>(seconds),
                       static_cast<std::int32_t>(std::min(nanoseconds, kSecond - 1)));
}

class PcapngReader {
 public:
  PcapngReader(ByteInput& input, const FrameHandler& handle) : input_(input), handle_(handle) {}

  ReadResult read();

 private:
  struct Block {
    std::uint32_t type = 0;
    Bytes body;
    bool is_whole = true;  // false: longer than what is kept
  };
  enum class Next : std::uint8_t { block, end, cut_short, damaged };

  Next next_block(Block& block);
  [[nodiscard]] Next skip_block();
  [[nodiscard]] bool read_byte_order(Bytes start);
  [[nodiscard]] bool read_section(Bytes body);
  [[nodiscard]] bool read_block(const Block& block);
  [[nodiscard]] bool read_interface(Bytes body);
  void read_option(std::uint16_t code, Bytes value, Interface& interface) const;
  [[nodiscard]] bool read_packet(Bytes body, std::size_t interface, std::uint64_t ticks,
                                 std::uint32_t captured, std::uint32_t wire_length);
  [[nodiscard]] bool read_enhanced(const Block& block, bool is_old);
  [[nodiscard]] bool read_simple(Bytes body);

  ByteInput& input_;
  const FrameHandler& handle_;
  Numbers numbers_;
  bool has_section_ = false;
  FrameNumber frames_ = 0;
  std::vector<Interface> interfaces_;  // of the section
  std::uint32_t block_length_ = 0;     // of the block in hand, which is still to be skipped
};

// A section header says in which byte order its own length is to be read. False: in none.
bool PcapngReader::read_byte_order(Bytes start) {
  numbers_.little_endian = true;
  if (numbers_.u32(start, 8) != kByteOrderMagic) numbers_.little_endian = false;
  return numbers_.u32(start, 8) == kByteOrderMagic;
}

// Past the block in hand, whose second length must be its first.
PcapngReader::Next PcapngReader::skip_block() {
  const std::uint32_t length = block_length_;
  block_length_ = 0;
  for (std::size_t left = length; left > 0;) {
    const std::size_t piece = left > kPiece + 4 ? kPiece : left;
    const Bytes bytes = input_.peek(piece);
    if (bytes.size() < piece) return Next::cut_short;
    if (piece == left && numbers_.u32(bytes, piece - 4) != length) return Next::damaged;
    input_.advance(piece);
    left -= piece;
  }
  return Next::block;
}

PcapngReader::Next PcapngReader::next_block(Block& block) {
  if (const Next skipped = skip_block(); skipped != Next::block) return skipped;
  Bytes bytes = input_.peek(8);
  if (bytes.empty()) return Next::end;
  if (bytes.size() < 8) return Next::cut_short;
  block.type = numbers_.u32(bytes, 0);
  const bool is_section = block.type == kSectionHeader;  // the same in both byte orders
  if (is_section) {
    bytes = input_.peek(12);
    if (bytes.size() < 12) return Next::cut_short;
    if (!read_byte_order(bytes)) return Next::damaged;
  }
  std::uint32_t length = numbers_.u32(bytes, 4);
  if (length < (is_section ? 28U : 12U) || length > kLongestBlock) return Next::damaged;
  length = (length + 3) / 4 * 4;  // Wireshark takes padding that was not counted for granted
  block.is_whole = length <= kKept;
  bytes = input_.peek(block.is_whole ? length : kKept);
  if (bytes.size() < std::min<std::size_t>(length, kKept)) return Next::cut_short;
  if (block.is_whole && numbers_.u32(bytes, length - 4) != length) return Next::damaged;
  block.body = bytes.subspan(8, block.is_whole ? length - 12 : kKept - 8);
  block_length_ = length;
  return Next::block;
}

void PcapngReader::read_option(std::uint16_t code, Bytes value, Interface& interface) const {
  if (code == 9 && value.size() == 1) interface.resolution = value[0];
  if (code == 14 && value.size() == 8) interface.offset_s = static_cast<std::int64_t>(numbers_.u64(value, 0));
}

bool PcapngReader::read_interface(Bytes body) {
  if (body.size() < 8) return false;
  Interface interface { .link_type = numbers_.u16(body, 0), .snap_length = numbers_.u32(body, 4) };
  if (!options_fit(body.subspan(8), numbers_)) return false;
  Option option = first_option(body.subspan(8), numbers_);
  for (; option.fits && option.code != 0; option = first_option(option.rest, numbers_)) {
    read_option(option.code, option.value, interface);
  }
  interfaces_.push_back(interface);
  return true;
}

bool PcapngReader::read_packet(Bytes body, std::size_t interface, std::uint64_t ticks, std::uint32_t captured,
                               std::uint32_t wire_length) {
  if (interface >= interfaces_.size() || captured > body.size() || captured > kLongestPacket) return false;
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
bool PcapngReader::read_enhanced(const Block& block, bool is_old) {
  const Bytes body = block.body;
  if (body.size() < 20) return false;
  const std::size_t padded = (std::size_t{numbers_.u32(body, 12)} + 3) / 4 * 4;
  const bool has_packet = body.size() - 20 >= padded;
  if (has_packet && block.is_whole && !options_fit(body.subspan(20 + padded), numbers_)) return false;
  const std::size_t interface = is_old ? numbers_.u16(body, 0) : numbers_.u32(body, 0);
  const std::uint64_t ticks = std::uint64_t{numbers_.u32(body, 4)} << 32 | numbers_.u32(body, 8);
  return read_packet(body.subspan(20), interface, ticks, numbers_.u32(body, 12), numbers_.u32(body, 16));
}

// Of the first interface, without a time.
bool PcapngReader::read_simple(Bytes body) {
  if (body.size() < 4 || interfaces_.empty()) return false;
  const std::uint32_t wire_length = numbers_.u32(body, 0);
  const std::uint32_t snap_length = interfaces_[0].snap_length;
  const std::uint32_t captured = snap_length == 0 ? wire_length : std::min(wire_length, snap_length);
  return read_packet(body.subspan(4), 0, 0, captured, wire_length);
}

// Versions 1.0, and 1.2, which some tools wrote by mistake.
bool PcapngReader::read_section(Bytes body) {
  const bool is_known =
      numbers_.u16(body, 4) == 1 && (numbers_.u16(body, 6) == 0 || numbers_.u16(body, 6) == 2);
  if (!is_known || !options_fit(body.subspan(16), numbers_)) return false;
  has_section_ = true;
  interfaces_.clear();
  return true;
}

bool PcapngReader::read_block(const Block& block) {
  switch (block.type) {
    case kSectionHeader: return read_section(block.body);
    case kInterface: return read_interface(block.body);
    case kEnhancedPacket: return read_enhanced(block, false);
    case kOldPacket: return read_enhanced(block, true);
    case kSimplePacket: return read_simple(block.body);
    default: break;
  }
  if (block.is_whole && !is_sound(block.type, block.body, numbers_)) return false;
  // A log entry and what nobody knows are frames to Wireshark, too.
  const bool counts = block.type == kJournal || block.type == kCustom || block.type == kCustomNotCopied;
  if (counts) ++frames_;
  return true;
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
