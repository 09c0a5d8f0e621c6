// SPDX-License-Identifier: GPL-2.0-or-later
#include "read_segment.h"

#include <epan/packet.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <type_traits>

// Does not stand alone: needs packet.h before it.
#include <epan/dissectors/packet-ip.h>

#include "wire/checksum.h"
#include "wire/frame_time.h"

namespace tcpteardown {
namespace {

// epan leaves functions by longjmp, which runs no destructors.
static_assert(std::is_trivially_destructible_v<SegmentRead>);
static_assert(std::is_trivially_destructible_v<IcmpErrorRead>);

constexpr unsigned kFixedHeader = 20;  // bytes, RFC 9293 §3.1
constexpr unsigned kUpToWindow = 16;   // all that the facts need; a snap length may cut the rest
constexpr unsigned kPortsAndSeq = 8;   // all that an ICMP error must quote, RFC 792

using Bytes = std::span<const guint8>;

std::uint16_t u16(Bytes b, std::size_t at) { return static_cast<std::uint16_t>(b[at] << 8 | b[at + 1]); }
std::uint32_t u32(Bytes b, std::size_t at) { return std::uint32_t{u16(b, at)} << 16 | u16(b, at + 2); }

std::uint64_t read_link_address(const address& from) {
  std::uint64_t number = 0;
  if (from.type != AT_ETHER || from.len != 6 || from.data == nullptr) return 0;
  const auto* byte = static_cast<const guint8*>(from.data);
  for (int i = 0; i < 6; ++i) number = number << 8 | byte[i];
  return number;
}

void read_ip_header(void* ip_header, Segment& segment) {
  constexpr unsigned kDontFragment = 0x4000;  // RFC 791 §3.1
  if (const ws_ip4* ip4 = WS_IP4_PTR(ip_header)) {
    segment.hop_limit = ip4->ip_ttl;
    segment.has_ip_id = true;
    segment.ip_id = static_cast<std::uint16_t>(ip4->ip_id);
    segment.dont_fragment = (ip4->ip_off & kDontFragment) != 0;
  } else if (const ws_ip6* ip6 = WS_IP6_PTR(ip_header)) {
    segment.hop_limit = ip6->ip6_hop;
  }
}

void read_options(Bytes bytes, unsigned header_length, Segment& segment) {
  const std::size_t end = std::min<std::size_t>(header_length, bytes.size());
  segment.options_complete = bytes.size() >= header_length;
  if (end > kFixedHeader) segment.options = parse_options(bytes.subspan(kFixedHeader, end - kFixedHeader));
}

// Where an IP header starts, told from where its source address stands, and how long its packet is.
struct IpPacket {
  const guint8* start = nullptr;
  unsigned length = 0;
};

IpPacket ip_packet(void* ip_header) {
  constexpr unsigned kLongHeader = 40;  // IPv6, RFC 8200 §3; the length field tells of what follows it
  constexpr int kSource4 = 12;          // where the source address stands
  constexpr int kSource6 = 8;
  const ws_ip4* ip4 = WS_IP4_PTR(ip_header);
  if (ip4 != nullptr && ip4->ip_src.data != nullptr)
    return {static_cast<const guint8*>(ip4->ip_src.data) - kSource4, ip4->ip_len};
  const ws_ip6* ip6 = WS_IP6_PTR(ip_header);
  if (ip6 != nullptr && ip6->ip6_src.data != nullptr && ip6->ip6_len != 0)
    return {static_cast<const guint8*>(ip6->ip6_src.data) - kSource6, ip6->ip6_len + kLongHeader};
  return {};
}

// IP's dissectors have cut the buffer to the IP length, so link padding is not in it. Some tools write the
// length that they cut a frame to where its length on the wire belongs; the IP header still tells that.
unsigned segment_length(tvbuff_t* tvb, const guint8* header, void* ip_header, bool is_fragment) {
  const unsigned reported = tvb_reported_length(tvb);
  const IpPacket packet = ip_packet(ip_header);
  if (is_fragment || packet.start == nullptr) return reported;
  if (packet.start + packet.length == header + reported) return reported;  // as nearly always
  tvbuff_t* const whole = tvb_get_ds_tvb(tvb);
  if (whole == nullptr) return reported;
  const std::less<> before;  // a packet made of fragments lies elsewhere than its last IP header
  const guint8* const first = tvb_get_ptr(whole, 0, 1);
  if (before(packet.start, first) || !before(packet.start, header)) return reported;
  const auto before_header = static_cast<std::size_t>(header - packet.start);
  if (before_header >= packet.length) return reported;
  return std::max(reported, packet.length - static_cast<unsigned>(before_header));
}

}  // namespace

bool read_address(const address& from, IpAddress& to) {
  const bool v4 = from.type == AT_IPv4 && from.len == 4;
  const bool v6 = from.type == AT_IPv6 && from.len == 16;
  if ((!v4 && !v6) || from.data == nullptr) return false;
  to.is_ipv6 = v6;
  if (v4) std::memcpy(to.bytes.data(), from.data, 4);
  if (v6) std::memcpy(to.bytes.data(), from.data, 16);
  return true;
}

std::int64_t frame_time_ns(const packet_info* pinfo) {
  return frame_time_ns(pinfo->abs_ts.secs, pinfo->abs_ts.nsecs);
}

SegmentRead read_segment(tvbuff_t* tvb, Bytes bytes, packet_info* pinfo, void* ip_header, Extent extent) {
  SegmentRead read;
  Segment& segment = read.segment;
  if (bytes.size() < kUpToWindow) return read;
  if (!read_address(pinfo->src, segment.source.address)) return read;
  if (!read_address(pinfo->dst, segment.destination.address)) return read;
  // No stack accepts a header that is shorter than the fixed part or longer than the segment.
  const unsigned header_length = unsigned{bytes[12]} / 16 * 4;
  const unsigned length = segment_length(tvb, bytes.data(), ip_header, pinfo->fragmented);
  if (header_length < kFixedHeader || header_length > length) return read;

  read.readable = true;
  segment.source.port = u16(bytes, 0);
  segment.destination.port = u16(bytes, 2);
  if (extent == Extent::ends) return read;
  segment.frame = pinfo->num;
  segment.time_ns = frame_time_ns(pinfo);
  segment.seq = {u32(bytes, 4)};
  segment.ack = {u32(bytes, 8)};
  segment.flags = flags_from_byte(bytes[13]);
  segment.window = u16(bytes, 14);
  segment.link_source = read_link_address(pinfo->dl_src);
  read_ip_header(ip_header, segment);
  read_options(bytes, header_length, segment);
  segment.payload_length = length - header_length;
  segment.payload_length_known = !pinfo->fragmented;
  if (bytes.size() > header_length) segment.payload = bytes.subspan(header_length);
  if (segment.payload_length == 0 && !pinfo->fragmented && bytes.size() >= header_length) {
    segment.checksum =
        read_checksum(bytes.first(header_length), segment.source.address, segment.destination.address);
  }
  return read;
}

IcmpErrorRead read_icmp_error(Bytes bytes, packet_info* pinfo, const SeenIcmp& icmp) {
  IcmpErrorRead read;
  IcmpError& error = read.error;
  if (bytes.size() < kPortsAndSeq) return read;
  if (!read_address(pinfo->src, error.quoted_source.address)) return read;
  if (!read_address(pinfo->dst, error.quoted_destination.address)) return read;
  if (!icmp.has_sender) return read;
  error.sender = icmp.sender;

  error.frame = pinfo->num;
  error.time_ns = frame_time_ns(pinfo);
  error.is_icmpv6 = icmp.is_icmpv6;
  error.type = icmp.type;
  error.code = icmp.code;
  error.quoted_source.port = u16(bytes, 0);
  error.quoted_destination.port = u16(bytes, 2);
  error.quoted_seq = {u32(bytes, 4)};
  read.readable = true;
  return read;
}

}  // namespace tcpteardown
