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
  return {read_ethernet, view.after(has_sequence ? 8 : 0)};
}

// Type III: 12 bytes, and 8 more if the O flag says so.
Step erspan3(ByteView view) {
  if (!view.has(12) || view.u8(0) >> 4 != 2) return {};
  return {read_ethernet, view.after((view.u8(11) & 1U) != 0 ? 20 : 12)};
}

// Aruba's access points tunnel 802.11 frames, decrypted and aggregated ones too; the type tells tunnel and
// queue (Wireshark's GRE_ARUBA_8200 to GRE_ARUBA_8370).
bool is_aruba_wlan(std::uint16_t type) { return type >= 0x8200 && type <= 0x8370 && type % 16 == 0; }

// RFC 7348 §5: the I flag must be set.
Step read_vxlan(ByteView view, LayerContext& /*context*/) {
  if (!view.has(8) || (view.u8(0) & 0x08U) == 0) return {};
  return {read_ethernet, view.after(8)};
}

// VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe §3.1): the next protocol is in the fourth byte.
Step read_vxlan_gpe(ByteView view, LayerContext& /*context*/) {
  if (!view.has(8)) return {};
  switch (view.u8(3)) {
    case 1: return {read_ipv4, view.after(8)};
    case 2: return {read_ipv6, view.after(8)};
    case 3: return {read_ethernet, view.after(8)};
    default: return {};
  }
}

// RFC 8926 §3.4: version and option length (units of 4 bytes), flags, EtherType, network.
Step read_geneve(ByteView view, LayerContext& context) {
  if (!view.has(8) || view.u8(0) >> 6 != 0) return {};
  const std::size_t options = std::size_t{view.u8(0) & 0x3fU} * 4;
  return step_by_ether_type(view.u16(2), view.after(8 + options), context);
}

// 3GPP TS 29.281 §5.1: version 1; message 255 carries a user's packet. Any of three flags adds 4
// bytes, the last of them the type of the first extension header.
Step read_gtp_u(ByteView view, LayerContext& /*context*/) {
  if (!view.has(8) || (view.u8(0) & 0xf0U) != 0x30 || view.u8(1) != 255) return {};
  if ((view.u8(0) & 0x07U) == 0) return {read_any_ip, view.after(8)};
  std::uint8_t extension = view.u8(11);
  view = view.after(12);
  while (extension != 0) {
    const std::size_t size = std::size_t{view.u8(0)} * 4;
    if (size == 0 || !view.has(size)) return {};
    extension = view.u8(size - 1);
    view = view.after(size);
  }
  return {read_any_ip, view};
}

// AYIYA: lengths of identity (a power of two) and signature (words), operation, next header,
// time (4). Operation 1 forwards a packet.
Step read_ayiya(ByteView view, LayerContext& /*context*/) {
  if (!view.has(8) || (view.u8(2) & 0x0fU) != 1) return {};
  const std::size_t identity = std::size_t{1} << (view.u8(0) >> 4);
  const std::size_t signature = std::size_t{view.u8(1)} / 16 * 4;
  return step_by_protocol(view.u8(3), view.after(8 + identity + signature));
}

// RFC 4380 §5.1.1: an authentication and an origin header may stand before the IPv6 packet.
Step read_teredo(ByteView view, LayerContext& /*context*/) {
  if (view.has(4) && view.u16(0) == 0x0001) view = view.after(std::size_t{13} + view.u8(2) + view.u8(3));
  if (view.has(2) && view.u16(0) == 0x0000) view = view.after(8);
  if (view.u8(0) >> 4 != 6) return {};
  return {read_ipv6, view};
}

// RFC 5415 §4.3: preamble (1), then bits: header length (5, in words), radio (5), binding (5), T: not
// Ethernet, F: fragment, four more, K: keep-alive; fragment (2), fragment offset (13 bits).
Step read_capwap(ByteView view, LayerContext& context) {
  if (!view.has(8)) return {};
  const bool is_encrypted = view.u8(0) == 1;
  if (is_encrypted) {
    context.is_understood = false;
    context.obstacle = {"encrypted CAPWAP", {}};
  }
  const bool is_keep_alive = (view.u8(3) & 0x08U) != 0;
  const bool is_later_fragment = (view.u8(3) & 0x80U) != 0 && view.u16(6) >> 3 != 0;
  if (view.u8(0) != 0 || is_keep_alive || is_later_fragment) return {};
  const ByteView rest = view.after(std::size_t{view.u8(1)} / 8 * 4);
  const bool is_ethernet = (view.u8(2) & 1U) == 0;
  if (is_ethernet) return {read_ethernet, rest};
  const unsigned binding = view.u8(2) / 2 & 0x1fU;
  return binding == 1 ? Step{read_wlan_of_tunnel, rest} : Step{};  // 1: IEEE 802.11 (RFC 5416)
}

constexpr LayerRow kUdpPorts[] = {
    {2152, read_gtp_u},      // GTP-U
    {3544, read_teredo},     // Teredo
    {4789, read_vxlan},      // VXLAN
    {4790, read_vxlan_gpe},  // VXLAN-GPE
    {4754, read_gre},        // GRE in UDP (RFC 8086)
    {5072, read_ayiya},      // AYIYA
    {5247, read_capwap},     // CAPWAP data
    {6081, read_geneve},     // Geneve
    {6635, read_mpls},       // MPLS in UDP (RFC 7510)
};

}  // namespace

// RFC 2784, RFC 2890; version 1 is PPTP's (RFC 2637 §4.1).
Step read_gre(ByteView view, LayerContext& context) {
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
  if (is_aruba_wlan(type)) return {read_wlan, rest};
  return step_by_ether_type(type, rest, context);
}

// RFC 3378: four bits of version, twelve reserved.
Step read_ether_ip(ByteView view, LayerContext& /*context*/) { return {read_ethernet, view.after(2)}; }

// The port of either end names the tunnel; if both do, the lower one.
Step read_udp(ByteView view, LayerContext& /*context*/) {
  if (!view.has(8)) return {};
  const LayerRow* low = find_row(kUdpPorts, std::min(view.u16(0), view.u16(2)));
  const LayerRow* row = low != nullptr ? low : find_row(kUdpPorts, std::max(view.u16(0), view.u16(2)));
  return row == nullptr ? Step{} : Step{row->read, view.after(8)};
}

}  // namespace tcpteardown
