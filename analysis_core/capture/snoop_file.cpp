// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/snoop_file.h"

#include <pcap/dlt.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

ReadResult read_record(std::FILE* file, ByteView header, std::vector<std::uint8_t>& record, RawFrame& frame) {
  const std::uint32_t included = header.u32(4);
  const std::uint32_t length = header.u32(8);
  if (length < kRecordHeader || length > kMaxRecord || included > length - kRecordHeader) {
    return {ReadOutcome::partial, "the file is damaged (a record of impossible length)"};
  }
  record.resize(length - kRecordHeader);
  if (std::fread(record.data(), 1, record.size(), file) != record.size()) return cut_short();
  ++frame.number;
  frame.wire_length = header.u32(0);
  frame.bytes = std::span(record).first(included);
  frame.time_ns = header.u32(16) * kSecond + std::int64_t{header.u32(20)} * 1000;
  return {};
}

}  // namespace

ReadResult read_snoop(std::FILE* file, const FrameHandler& handle) {
  using std::string_view_literals::operator""sv;
  std::array<std::uint8_t, kRecordHeader> bytes{};
  const auto read = [&](std::size_t size) { return std::fread(bytes.data(), 1, size, file); };
  const std::size_t got = read(kFileHeader);
  const ByteView header{bytes, kRecordHeader};
  const bool has_magic = std::equal(bytes.begin(), bytes.begin() + 8, "snoop\0\0\0"sv.begin());
  if (got != kFileHeader || !has_magic || header.u32(8) != 2) {
    return {ReadOutcome::unreadable,
            "not a capture in a format that tcpteardown reads (pcap, pcapng, snoop)"};
  }
  if (!is_ethernet(header.u32(12))) return not_read(header.u32(12));
  RawFrame frame;
  frame.link_type = DLT_EN10MB;
  std::vector<std::uint8_t> record;
  while (const std::size_t size = read(kRecordHeader)) {
    if (size != kRecordHeader) return cut_short();
    ReadResult result = read_record(file, header, record, frame);
    if (result.outcome != ReadOutcome::complete) return result;
    handle(frame);
  }
  return {};
}

}  // namespace tcpteardown
