// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstddef>
#include <cstdint>

#include "capture/layers.h"

// What stands between a link-layer header and IP: tags, labels and sessions.
namespace tcpteardown {
namespace {

constexpr std::uint16_t kEtherTypeMin = 0x0600;  // IEEE 802.3: below, the field is a length

// IEEE 802.1Q tag: two bytes of priority and VLAN, two of EtherType or length.
Step read_vlan(ByteView view, LayerContext& context) {
  if (!view.has(4)) return {};
  return step_by_type_or_length(view.u16(2), view.after(4), context);
}

// Cisco MetaData: version, length, options (2), security group (2), EtherType.
Step read_cisco_metadata(ByteView view, LayerContext& context) {
  if (!view.has(8)) return {};
  return step_by_ether_type(view.u16(6), view.after(8), context);
}

// VN-tag, Cisco's forerunner of IEEE 802.1BR: direction, interfaces and version (4), EtherType.
Step read_vn_tag(ByteView view, LayerContext& context) {
  if (!view.has(6)) return {};
  return step_by_type_or_length(view.u16(4), view.after(6), context);
}

// IEEE 802.1ah, provider backbone bridge: I-tag (4), the customer's two addresses, EtherType.
Step read_backbone_bridge(ByteView view, LayerContext& context) {
  if (!view.has(18)) return {};
  return step_by_type_or_length(view.u16(16), view.after(18), context);
}

// Those without a reader are what many networks are full of: a capture of nothing else has no TCP, and
// nothing is left unread.
constexpr LayerRow kEtherTypes[] = {
    {0x0800, read_ipv4},   // IPv4
    {0x86dd, read_ipv6},   // IPv6
    {0x8100, read_vlan},   // IEEE 802.1Q
    {0x88a8, read_vlan},   // IEEE 802.1ad
    {0x9100, read_vlan},   // QinQ before the standard
    {0x8864, read_pppoe},  // PPPoE session
    {0x8847, read_mpls},   // MPLS
    {0x8848, read_mpls},   // MPLS with a label from upstream
    {0x8909, read_cisco_metadata},
    {0x8926, read_vn_tag},
    {0x88e7, read_backbone_bridge},
    {0x6558, read_ethernet},  // transparent Ethernet bridging
    {0x880b, read_ppp},       // PPP
    {0x0806, nullptr},        // ARP
    {0x0842, nullptr},        // wake-on-LAN
    {0x8035, nullptr},        // reverse ARP
    {0x809b, nullptr},        // AppleTalk
    {0x80f3, nullptr},        // AppleTalk's ARP
    {0x8137, nullptr},        // IPX
    {0x8808, nullptr},        // pause
    {0x8809, nullptr},        // LACP and other slow protocols
    {0x8863, nullptr},        // PPPoE discovery
    {0x8892, nullptr},        // PROFINET
    {0x888e, nullptr},        // EAPOL
    {0x88cc, nullptr},        // LLDP
    {0x88f7, nullptr},        // PTP
    {0x8902, nullptr},        // connectivity fault management
    {0x9000, nullptr},        // loopback test
};

}  // namespace

Step step_by_ether_type(std::uint16_t type, ByteView view, LayerContext& context) {
  const LayerRow* row = find_row(kEtherTypes, type);
  if (row != nullptr && row->read != nullptr) return {row->read, view};
  context.is_understood = row != nullptr;
  context.obstacle = {"EtherType", type};
  return {};
}

Step step_by_type_or_length(std::uint16_t field, ByteView view, LayerContext& context) {
  if (field >= kEtherTypeMin) return step_by_ether_type(field, view, context);
  return {read_llc, view.with_length(field)};
}

// IEEE 802.2 with SNAP: AA AA 03, three bytes of organisation, and an EtherType if that is 0 (RFC 1042) or
// 0000f8 (IEEE 802.1H); and the one service access point that IP was given itself (06). All others
// (spanning tree, IS-IS, Cisco's discovery) carry no IP.
Step read_llc(ByteView view, LayerContext& context) {
  if (view.has(8) && view.u16(0) == 0xaaaa && view.u8(2) == 0x03) {
    const std::uint32_t organisation = view.u32(2) & 0x00ff'ffffU;
    if (organisation == 0 || organisation == 0xf8) {
      return step_by_ether_type(view.u16(6), view.after(8), context);
    }
  }
  if (view.has(3) && view.u16(0) == 0x0606 && view.u8(2) == 0x03) return {read_ipv4, view.after(3)};
  context.is_understood = view.has(3);
  return {};
}

// RFC 3032: four bytes a label, the last one marked. What follows is not said; IP is known by
// its version, and a first nibble of zero is a pseudowire's control word (RFC 4385 §3).
Step read_mpls(ByteView view, LayerContext& /*context*/) {
  while (view.has(4)) {
    const bool is_last = (view.u8(2) & 1U) != 0;
    view = view.after(4);
    if (!is_last) continue;
    switch (view.u8(0) >> 4) {
      case 4: return {read_ipv4, view};
      case 6: return {read_ipv6, view};
      case 0: return {read_ethernet, view.after(4)};
      default: return {read_ethernet, view};
    }
  }
  return {};
}

// RFC 2516 §4: version and type, code, session, length.
Step read_pppoe(ByteView view, LayerContext& /*context*/) {
  if (!view.has(6) || view.u8(0) != 0x11 || view.u8(1) != 0) return {};
  return {read_ppp, view.after(6).with_length(view.u16(4))};
}

}  // namespace tcpteardown
