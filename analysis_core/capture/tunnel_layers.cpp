// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "capture/layers.h"

// Packets inside packets. UDP tunnels are known by their registered port, as Wireshark knows them by default.
namespace tcpteardown {
namespace {

// ERSPAN, a switch's mirror of a port: type II has 8 bytes before the frame if the GRE header
// has a sequence number, and none (type I) otherwise.
Step erspan2(ByteView view, bool has_sequence) {
  if (has_sequence && view.u8(0) >> 4 != 1) return {};
  return {Layer::ethernet, 0, view.after(has_sequence ? 8 : 0)};
}

// Type III: 12 bytes, and 8 more if the O flag says so.
Step erspan3(ByteView view) {
  if (!view.has(12) || view.u8(0) >> 4 != 2) return {};
  return {Layer::ethernet, 0, view.after((view.u8(11) & 1U) != 0 ? 20 : 12)};
}

Layer tunnel_on_port(std::uint16_t port) {
  switch (port) {
    case 2152: return Layer::gtp_u;
    case 3544: return Layer::teredo;
    case 4789: return Layer::vxlan;
    case 4790: return Layer::vxlan_gpe;
    case 5072: return Layer::ayiya;
    case 6081: return Layer::geneve;
    case 6635: return Layer::mpls;  // RFC 7510
    default: return Layer::none;
  }
}

}  // namespace

// RFC 2784, RFC 2890; version 1 is PPTP's (RFC 2637 §4.1).
Step read_gre(ByteView view) {
  if (!view.has(4)) return {};
  const std::uint16_t flags = view.u16(0);
  const int version = flags & 7;
  const bool has_sequence = (flags & 0x1000U) != 0;
  if (version > 1 || (flags & 0x4000U) != 0) return {};  // source routes were never used
  std::size_t header = 4;
  if ((flags & 0x8000U) != 0) header += 4;
  if ((flags & 0x2000U) != 0) header += 4;
  if (has_sequence) header += 4;
  if (version == 1 && (flags & 0x0080U) != 0) header += 4;
  const ByteView rest = view.after(header);
  const std::uint16_t type = view.u16(2);
  if (type == 0x88be) return erspan2(rest, has_sequence);
  if (type == 0x22eb) return erspan3(rest);
  return {Layer::ether_type, type, rest};
}

Step read_ether_ip(ByteView view) { return {Layer::ethernet, 0, view.after(2)}; }  // RFC 3378

Step read_udp(ByteView view) {
  if (!view.has(8)) return {};
  const std::uint16_t low = std::min(view.u16(0), view.u16(2));
  const std::uint16_t high = std::max(view.u16(0), view.u16(2));
  const Layer by_low = tunnel_on_port(low);
  return {by_low != Layer::none ? by_low : tunnel_on_port(high), 0, view.after(8)};
}

// RFC 7348 §5: the I flag must be set.
Step read_vxlan(ByteView view) {
  if (!view.has(8) || (view.u8(0) & 0x08U) == 0) return {};
  return {Layer::ethernet, 0, view.after(8)};
}

// VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe §3.1): the next protocol is in the fourth byte.
Step read_vxlan_gpe(ByteView view) {
  if (!view.has(8)) return {};
  switch (view.u8(3)) {
    case 1: return {Layer::ipv4, 0, view.after(8)};
    case 2: return {Layer::ipv6, 0, view.after(8)};
    case 3: return {Layer::ethernet, 0, view.after(8)};
    default: return {};
  }
}

// RFC 8926 §3.4: version and option length (units of 4 bytes), flags, EtherType, network.
Step read_geneve(ByteView view) {
  if (!view.has(8) || view.u8(0) >> 6 != 0) return {};
  const std::size_t options = std::size_t{view.u8(0) & 0x3fU} * 4;
  return {Layer::ether_type, view.u16(2), view.after(8 + options)};
}

// 3GPP TS 29.281 §5.1: version 1; message 255 carries a user's packet. Any of three flags adds 4
// bytes, the last of them the type of the first extension header.
Step read_gtp_u(ByteView view) {
  if (!view.has(8) || (view.u8(0) & 0xf0U) != 0x30 || view.u8(1) != 255) return {};
  if ((view.u8(0) & 0x07U) == 0) return {Layer::any_ip, 0, view.after(8)};
  std::uint8_t extension = view.u8(11);
  view = view.after(12);
  while (extension != 0) {
    const std::size_t size = std::size_t{view.u8(0)} * 4;
    if (size == 0 || !view.has(size)) return {};
    extension = view.u8(size - 1);
    view = view.after(size);
  }
  return {Layer::any_ip, 0, view};
}

// AYIYA: lengths of identity (a power of two) and signature (words), operation, next header,
// time (4). Operation 1 forwards a packet.
Step read_ayiya(ByteView view) {
  if (!view.has(8) || (view.u8(2) & 0x0fU) != 1) return {};
  const std::size_t identity = std::size_t{1} << (view.u8(0) >> 4);
  const std::size_t signature = std::size_t{view.u8(1)} / 16 * 4;
  return {Layer::ip_payload, view.u8(3), view.after(8 + identity + signature)};
}

// RFC 4380 §5.1.1: an authentication and an origin header may stand before the IPv6 packet.
Step read_teredo(ByteView view) {
  if (view.has(4) && view.u16(0) == 0x0001) view = view.after(std::size_t{13} + view.u8(2) + view.u8(3));
  if (view.has(2) && view.u16(0) == 0x0000) view = view.after(8);
  if (view.u8(0) >> 4 != 6) return {};
  return {Layer::ipv6, 0, view};
}

}  // namespace tcpteardown
