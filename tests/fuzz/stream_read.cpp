// SPDX-License-Identifier: GPL-2.0-or-later
#include "stream.h"
#include "stream_format.h"

namespace tcpteardown::fuzz {
namespace {

class StreamReader {
 public:
  explicit StreamReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::vector<Item> read() {
    std::vector<Item> items;
    while (!bytes_.is_empty() && items.size() < kMostItems) {
      frame_ += kFrameStep;
      const std::uint8_t kind = bytes_.u8();
      read_time();
      if ((kind & kIcmp) != 0) {
        items.emplace_back(read_error(kind));
      } else {
        items.emplace_back(read_segment(kind));
      }
    }
    return items;
  }

 private:
  static constexpr std::size_t kMostItems = 2'000;

  void read_time() {
    auto now = static_cast<std::uint64_t>(time_ns_);  // wraps where a fuzzer wants it to
    switch (bytes_.u8() & 7U) {
      case kSameTime: break;
      case kMicroseconds: now += std::uint64_t{bytes_.u8()} * 1'000; break;
      case kMilliseconds: now += std::uint64_t{bytes_.u8()} * 1'000'000; break;
      case kManyMilliseconds: now += std::uint64_t{bytes_.u16()} * 1'000'000; break;
      case kManyMicroseconds: now += std::uint64_t{bytes_.u32()} * 1'000; break;
      case kSeconds: now += std::uint64_t{bytes_.u8()} * 1'000'000'000; break;
      case kAnyStep: now += bytes_.u64(); break;
      default: now = bytes_.u64(); break;
    }
    time_ns_ = static_cast<std::int64_t>(now);
  }

  [[nodiscard]] static TcpEndpoint end(std::uint8_t number, bool is_ipv6) {
    return {host_address(number % kHosts, is_ipv6), port_number(number / kHosts)};
  }

  Segment read_segment(std::uint8_t kind) {
    const bool is_ipv6 = (kind & kIpv6) != 0;
    const std::uint8_t source = bytes_.u8();
    const std::uint8_t destination = bytes_.u8();
    const std::uint16_t sender = SequenceNumbers::sender(source, destination);
    Segment s;
    s.frame = frame_;
    s.time_ns = time_ns_;
    s.source = end(source, is_ipv6);
    s.destination = end(destination, is_ipv6);
    s.flags = flags_from_byte(bytes_.u8());
    s.seq = numbers_.read_seq(bytes_, sender);
    s.ack = numbers_.read_ack(bytes_, sender);
    s.window = bytes_.u16();
    s.payload_length = (kind & kLongPayload) != 0 ? bytes_.u32() : bytes_.u8();
    s.payload_length_known = (kind & kLengthUnknown) == 0;
    s.options = parse_options(bytes_.take(bytes_.u8() % 41));
    s.options_complete = (kind & kOptionsCut) == 0;
    s.payload = bytes_.take(bytes_.u8());
    if (s.payload.size() > s.payload_length) s.payload = s.payload.first(s.payload_length);
    s.hop_limit = bytes_.u8();
    s.has_ip_id = !is_ipv6;
    s.ip_id = bytes_.u16();
    s.dont_fragment = (kind & kDontFragment) != 0;
    s.link_source = bytes_.u8();
    if (is_ipv6) s.ip_id = 0;
    numbers_.note(sender, s);
    return s;
  }

  IcmpError read_error(std::uint8_t kind) {
    const bool is_ipv6 = (kind & kIpv6) != 0;
    const std::uint8_t source = bytes_.u8();
    const std::uint8_t destination = bytes_.u8();
    return {.frame = frame_,
            .time_ns = time_ns_,
            .sender = host_address(bytes_.u8() % kHosts, is_ipv6),
            .is_icmpv6 = is_ipv6,
            .type = bytes_.u8(),
            .code = bytes_.u8(),
            .quoted_source = end(source, is_ipv6),
            .quoted_destination = end(destination, is_ipv6),
            .quoted_seq = numbers_.read_seq(bytes_, SequenceNumbers::sender(source, destination))};
  }

  ByteReader bytes_;
  SequenceNumbers numbers_;
  std::int64_t time_ns_ = kStart;
  FrameNumber frame_ = 0;
};

}  // namespace

IpAddress host_address(unsigned host, bool is_ipv6) {
  IpAddress address;
  address.is_ipv6 = is_ipv6;
  const auto number = static_cast<std::uint8_t>(host + 1);
  if (is_ipv6) {
    address.bytes = {0x20, 0x01, 0x0d, 0xb8};
    address.bytes[15] = number;
  } else {
    address.bytes = {10, 0, 0, number};
  }
  return address;
}

std::vector<Item> read_stream(std::span<const std::uint8_t> bytes) { return StreamReader{bytes}.read(); }

}  // namespace tcpteardown::fuzz
