// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "capture/layers.h"

// IPv4 (RFC 791), IPv6 (RFC 8200) with its extension headers, and the ICMP errors that quote them.
namespace tcpteardown {
namespace {

enum Protocol : std::uint8_t {
  kHopByHop = 0,
  kIcmp = 1,
  kIpv4 = 4,
  kTcp = 6,
  kUdp = 17,
  kIpv6 = 41,
  kRouting = 43,
  kFragment = 44,
  kGre = 47,
  kAuthentication = 51,
  kIcmpv6 = 58,
  kDestinationOptions = 60,
  kEtherIp = 97,
  kMobility = 135,
  kMplsInIp = 137,
  kHostIdentity = 139,
  kShim6 = 140,
};

IpAddress address_at(ByteView view, std::size_t at, bool is_ipv6) {
  IpAddress address{.bytes = {}, .is_ipv6 = is_ipv6};
  const std::size_t size = is_ipv6 ? 16 : 4;
  for (std::size_t i = 0; i < size; ++i) address.bytes[i] = view.u8(at + i);
  return address;
}

// The packet a length field speaks of. Zero is a segment that the sender's network card was still to
// cut (TCP segmentation offload): then the frame's own length stands.
ByteView sized(ByteView view, std::uint32_t length, bool zero_means_frame) {
  return length == 0 && zero_means_frame ? view : view.with_length(length);
}

}  // namespace

Step read_any_ip(ByteView view) {
  if (!view.has(1)) return {};
  const int version = view.u8(0) >> 4;
  if (version == 4) return {Layer::ipv4, 0, view};
  if (version == 6) return {Layer::ipv6, 0, view};
  return {};
}

Step read_ipv4(ByteView view, LayerContext& context) {
  const std::size_t header = std::size_t{view.u8(0) & 0x0fU} * 4;
  if (!view.has(20) || view.u8(0) >> 4 != 4 || header < 20) return {};
  const std::uint16_t total = view.u16(2);
  if (total != 0 && total < header) return {};
  const std::uint16_t fragment = view.u16(6);
  if ((fragment & 0x1fffU) != 0) return {};  // a later fragment holds no TCP header
  context.source = address_at(view, 12, false);
  context.destination = address_at(view, 16, false);
  context.hop_limit = view.u8(8);
  context.has_ip_id = true;
  context.ip_id = view.u16(4);
  context.dont_fragment = (fragment & 0x4000U) != 0;
  context.first_fragment = (fragment & 0x2000U) != 0;
  context.length_known = !context.first_fragment;
  return {Layer::ip_payload, view.u8(9), sized(view, total, true).after(header)};
}

Step read_ipv6(ByteView view, LayerContext& context) {
  if (!view.has(40) || view.u8(0) >> 4 != 6) return {};
  context.source = address_at(view, 8, true);
  context.destination = address_at(view, 24, true);
  context.hop_limit = view.u8(7);
  context.has_ip_id = false;
  context.ip_id = 0;
  context.dont_fragment = false;
  context.first_fragment = false;
  context.length_known = true;
  return {Layer::ip_payload, view.u8(6), sized(view.after(40), view.u16(4), true)};
}

// One header behind an IP header: an extension header, or what IP carries.
Step read_ip_payload(std::uint16_t protocol, ByteView view, LayerContext& context) {
  const std::uint16_t next = view.u8(0);
  switch (protocol) {
    case kHopByHop:
    case kRouting:
    case kDestinationOptions:
    case kMobility:
    case kHostIdentity:
    case kShim6:  // RFC 8200 §4.2: the length counts units of 8 bytes after the first
      if (!view.has(2)) return {};
      return {Layer::ip_payload, next, view.after((std::size_t{view.u8(1)} + 1) * 8)};
    case kAuthentication:  // RFC 4302 §2.2: units of 4 bytes, minus 2
      if (!view.has(2)) return {};
      return {Layer::ip_payload, next, view.after((std::size_t{view.u8(1)} + 2) * 4)};
    case kFragment:
      if (!view.has(8) || (view.u16(2) & 0xfff8U) != 0) return {};
      if ((view.u16(2) & 1U) != 0) {
        context.first_fragment = true;
        context.length_known = false;
      }
      return {Layer::ip_payload, next, view.after(8)};
    case kTcp: return {Layer::tcp, 0, view};
    case kUdp: return {Layer::udp, 0, view};
    case kIcmp: return {Layer::icmp, 0, view};
    case kIcmpv6: return {Layer::icmpv6, 0, view};
    case kIpv4: return {Layer::ipv4, 0, view};
    case kIpv6: return {Layer::ipv6, 0, view};
    case kGre: return {Layer::gre, 0, view};
    case kEtherIp: return {Layer::ether_ip, 0, view};
    case kMplsInIp: return {Layer::mpls, 0, view};
    default: return {};
  }
}

// RFC 792: destination unreachable, source quench, redirect, time exceeded and parameter problem
// quote the packet behind 8 bytes.
Step read_icmp(ByteView view, LayerContext& context) {
  if (!view.has(8)) return {};
  const std::uint8_t type = view.u8(0);
  if (type != 3 && type != 4 && type != 5 && type != 11 && type != 12) return {};
  if (!context.quoted) context.icmp_sender = context.source;
  context.quoted = true;
  context.is_icmpv6 = false;
  context.icmp_type = type;
  context.icmp_code = view.u8(1);
  return {Layer::ipv4, 0, view.after(8)};
}

// RFC 4443 §2.1: types below 128 are errors; 1 to 4 quote the packet behind 8 bytes.
Step read_icmpv6(ByteView view, LayerContext& context) {
  if (!view.has(8)) return {};
  const std::uint8_t type = view.u8(0);
  if (type < 1 || type > 4) return {};
  if (!context.quoted) context.icmp_sender = context.source;
  context.quoted = true;
  context.is_icmpv6 = true;
  context.icmp_type = type;
  context.icmp_code = view.u8(1);
  return {Layer::ipv6, 0, view.after(8)};
}

}  // namespace tcpteardown
