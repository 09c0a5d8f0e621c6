// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/snoop_file.h"

#include <pcap/dlt.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "capture/byte_view.h"

namespace tcpteardown {
namespace {

constexpr std::size_t kFileHeader = 16;               // "snoop\0\0\0", version, link type
constexpr std::size_t kRecordHeader = 24;             // original, included and record length, drops, time
constexpr std::uint32_t kMaxRecord = 262'144 + 1024;  // the largest snap length, and some padding
constexpr std::int64_t kSecond = 1'000'000'000;       // ns

ReadResult cut_short() { return {ReadOutcome::partial, "the file is cut short in the middle of a packet"}; }

// RFC 1761's numbers: 0 is IEEE 802.3, 4 is Ethernet, and their frames are told apart by their type field.
bool is_ethernet(std::uint32_t datalink) { return datalink == 0 || datalink == 4; }

ReadResult not_read(std::uint32_t datalink) {
  return {ReadOutcome::unreadable, "snoop link type " + std::to_string(datalink) +
                                       (datalink == 8 ? " (FDDI)" : "") + " is not read; use tshark"};
}

ReadResult read_record(ByteInput& input, RawFrame& frame, std::uint32_t& length) {
  const std::span<const std::uint8_t> start = input.peek(kRecordHeader);
  if (start.size() < kRecordHeader) return cut_short();
  const ByteView header{start, kRecordHeader};
  const std::uint32_t included = header.u32(4);
  length = header.u32(8);
  if (length < kRecordHeader || length > kMaxRecord || included > length - kRecordHeader) {
    return {ReadOutcome::partial, "the file is damaged (a record of impossible length)"};
  }
  frame.wire_length = header.u32(0);
  frame.time_ns = header.u32(16) * kSecond + std::int64_t{header.u32(20)} * 1000;
  const std::span<const std::uint8_t> record = input.peek(length);
  if (record.size() < length) return cut_short();
  ++frame.number;
  frame.bytes = record.subspan(kRecordHeader, included);
  return {};
}

}  // namespace

ReadResult read_snoop(ByteInput& input, const FrameHandler& handle) {
  using std::string_view_literals::operator""sv;
  constexpr std::string_view kMagic = "snoop\0\0\0"sv;
  const std::span<const std::uint8_t> start = input.peek(kFileHeader);
  const ByteView header{start, kFileHeader};
  const bool has_magic =
      start.size() == kFileHeader && std::equal(kMagic.begin(), kMagic.end(), start.begin());
  if (!has_magic || header.u32(8) != 2) return {ReadOutcome::unreadable, kUnknownFormat};
  if (!is_ethernet(header.u32(12))) return not_read(header.u32(12));
  input.advance(kFileHeader);
  RawFrame frame;
  frame.link_type = DLT_EN10MB;
  while (!input.at_end()) {
    std::uint32_t length = 0;
    ReadResult result = read_record(input, frame, length);
    if (result.outcome != ReadOutcome::complete) return result;
    handle(frame);
    input.advance(length);
  }
  return {};
}

}  // namespace tcpteardown
