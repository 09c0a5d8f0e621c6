// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/pcap_file.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "capture/layers.h"
#include "wire/frame_time.h"

// The format is draft-ietf-opsawg-pcap; what older writers made of it, as libpcap's sf-pcap.c reads it.
namespace tcpteardown {
namespace {

constexpr std::size_t kFileHeader = 24;     // magic, version, zone, accuracy, snap length, link type
constexpr std::size_t kRecordHeader = 16;   // seconds, fraction, captured and wire length
constexpr std::size_t kPatchedHeader = 24;  // Alexey Kuznetzov's: also interface, protocol and packet type

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kPatched = 0xa1b2cd34;

// libpcap's largest snap length; of link types that carry something else than packets it takes more.
constexpr std::uint32_t kLongestPacket = 262'144;
constexpr std::uint32_t kLongestOther = 128 * 1024 * 1024;

using Bytes = std::span<const std::uint8_t>;

std::uint32_t little_endian(Bytes b, std::size_t at) {
  return std::uint32_t{b[at]} | std::uint32_t{b[at + 1]} << 8 | std::uint32_t{b[at + 2]} << 16 |
         std::uint32_t{b[at + 3]} << 24;
}

std::uint32_t swapped(std::uint32_t v) {
  return v >> 24 | (v >> 8 & 0xff00U) | (v << 8 & 0xff'0000U) | v << 24;
}

class PcapReader {
 public:
  PcapReader(ByteInput& input, const FrameHandler& handle) : input_(input), handle_(handle) {}

  ReadResult read();

 private:
  [[nodiscard]] std::optional<ReadResult> read_header();
  [[nodiscard]] bool has_magic(Bytes header);
  [[nodiscard]] std::uint32_t u32(Bytes b, std::size_t at) const {
    const std::uint32_t value = little_endian(b, at);
    return is_swapped_ ? swapped(value) : value;
  }
  void read_lengths(Bytes header, std::uint32_t& captured, std::uint32_t& wire_length) const;

  ByteInput& input_;
  const FrameHandler& handle_;
  bool is_swapped_ = false;
  std::uint32_t magic_ = 0;
  std::uint32_t minor_version_ = 4;
  std::uint32_t snap_length_ = kLongestPacket;
  std::uint32_t longest_ = kLongestPacket;
  std::size_t record_header_ = kRecordHeader;
  RawFrame frame_;
};

bool PcapReader::has_magic(Bytes header) {
  const std::uint32_t magic = little_endian(header, 0);
  for (const std::uint32_t known : {kMicroseconds, kNanoseconds, kPatched}) {
    if (magic != known && magic != swapped(known)) continue;
    is_swapped_ = magic != known;
    magic_ = known;
    return true;
  }
  return false;
}

// What is wrong with it, if anything is.
std::optional<ReadResult> PcapReader::read_header() {
  const Bytes header = input_.peek(kFileHeader);
  if (header.size() < 4 || !has_magic(header)) {
    if (header.size() < 4) return ReadResult{ReadOutcome::unreadable, "the file is cut short in its header"};
    return ReadResult{ReadOutcome::unreadable, kUnknownFormat};
  }
  if (header.size() < kFileHeader) {
    return ReadResult{ReadOutcome::unreadable, "the file is cut short in its header"};
  }
  const std::uint32_t version = u32(header, 4);  // two numbers of 16 bits
  const std::uint32_t major = is_swapped_ ? version >> 16 : version & 0xffffU;
  minor_version_ = is_swapped_ ? version & 0xffffU : version >> 16;
  constexpr std::uint32_t kOfDigital = 543;  // DG/UX's and DIGITAL UNIX's
  if (major != 2 && major != kOfDigital) {
    return ReadResult{ReadOutcome::unreadable, "version " + std::to_string(major) + " of pcap is not read"};
  }
  frame_.link_type = static_cast<int>(u32(header, 20) & 0xffffU);  // the rest tells of the frames' checksums
  longest_ = reader_of_link_type(frame_.link_type) != nullptr ? kLongestPacket : kLongestOther;
  snap_length_ = u32(header, 16);
  if (snap_length_ == 0 || snap_length_ > longest_) snap_length_ = longest_;
  if (magic_ == kPatched) record_header_ = kPatchedHeader;
  input_.advance(kFileHeader);
  return std::nullopt;
}

// Before version 2.3 the lengths stood the other way round; in 2.3 some writers had not noticed.
void PcapReader::read_lengths(Bytes header, std::uint32_t& captured, std::uint32_t& wire_length) const {
  captured = u32(header, 8);
  wire_length = u32(header, 12);
  if (minor_version_ < 3 || (minor_version_ == 3 && captured > wire_length)) std::swap(captured, wire_length);
}

ReadResult PcapReader::read() {
  if (const std::optional<ReadResult> problem = read_header()) return *problem;
  const ReadResult cut_short{ReadOutcome::partial, "the file is cut short in the middle of a packet"};
  for (;;) {
    const Bytes header = input_.peek(record_header_);
    if (header.empty()) return {};
    if (header.size() < record_header_) return cut_short;
    std::uint32_t captured = 0;
    read_lengths(header, captured, frame_.wire_length);
    // A million microseconds and more add up as in Wireshark, in 32 bits of nanoseconds.
    const std::uint32_t nanoseconds = u32(header, 4) * (magic_ == kNanoseconds ? 1 : 1000U);
    frame_.time_ns = frame_time_ns(u32(header, 0), static_cast<std::int32_t>(nanoseconds));
    if (captured > longest_) {
      return {ReadOutcome::partial, "the file is damaged (a packet of impossible length behind frame " +
                                        std::to_string(frame_.number) + ")"};
    }
    input_.advance(record_header_);
    const Bytes bytes = input_.peek(captured);
    if (bytes.size() < captured) return cut_short;
    ++frame_.number;
    frame_.bytes = bytes.first(std::min(captured, snap_length_));
    handle_(frame_);
    input_.advance(captured);
  }
}

}  // namespace

ReadResult read_pcap(ByteInput& input, const FrameHandler& handle) {
  return PcapReader{input, handle}.read();
}

}  // namespace tcpteardown
