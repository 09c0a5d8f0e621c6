// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstddef>
#include <cstdint>

#include "capture/layers.h"

// Headers of the link layer and of what lies between it and IP.
namespace tcpteardown {
namespace {

constexpr std::uint16_t kEtherTypeMin = 0x0600;  // IEEE 802.3: below, the field is a length

std::uint64_t mac_address(ByteView view, std::size_t at) {
  return std::uint64_t{view.u16(at)} << 32 | view.u32(at + 2);
}

// IEEE 802.1Q tag: two bytes of priority and VLAN, two of EtherType or length.
Step after_tag(ByteView view) {
  if (!view.has(4)) return {};
  const std::uint16_t type = view.u16(2);
  if (type >= kEtherTypeMin) return {Layer::ether_type, type, view.after(4)};
  return {Layer::llc, 0, view.after(4).with_length(type)};
}

}  // namespace

Step read_ethernet(ByteView view, LayerContext& context) {
  if (!view.has(14)) return {};
  context.link_source = mac_address(view, 6);
  const std::uint16_t type = view.u16(12);
  if (type >= kEtherTypeMin) return {Layer::ether_type, type, view.after(14)};
  return {Layer::llc, 0, view.after(14).with_length(type)};
}

// IEEE 802.2 with SNAP (RFC 1042): AA AA 03, three bytes of organisation, the EtherType; and
// the one service access point that IP was given itself (06).
Step read_llc(ByteView view) {
  if (view.has(8) && view.u16(0) == 0xaaaa && view.u8(2) == 0x03) {
    return {Layer::ether_type, view.u16(6), view.after(8)};
  }
  if (view.has(3) && view.u16(0) == 0x0606 && view.u8(2) == 0x03) return {Layer::ipv4, 0, view.after(3)};
  return {};
}

// Linux cooked capture: packet type, ARPHRD, address length, address (8), protocol.
Step read_linux_sll(ByteView view, LayerContext& context) {
  if (!view.has(16)) return {};
  if (view.u16(4) == 6) context.link_source = mac_address(view, 6);
  const std::uint16_t protocol = view.u16(14);
  if (protocol == 0x0004) return {Layer::llc, 0, view.after(16)};  // LINUX_SLL_P_802_2
  return {Layer::ether_type, protocol, view.after(16)};
}

// Version 2: protocol, reserved, interface (4), ARPHRD, packet type, address length, address (8).
Step read_linux_sll2(ByteView view, LayerContext& context) {
  if (!view.has(20)) return {};
  if (view.u8(11) == 6) context.link_source = mac_address(view, 12);
  const std::uint16_t protocol = view.u16(0);
  if (protocol == 0x0004) return {Layer::llc, 0, view.after(20)};
  return {Layer::ether_type, protocol, view.after(20)};
}

// BSD loopback: the address family, in the byte order of the machine that captured. AF_INET is
// 2 everywhere; AF_INET6 is 10 on Linux, 23 on Windows, 24, 28 or 30 on the BSDs and macOS.
Step read_null_loopback(ByteView view) {
  if (!view.has(4)) return {};
  const bool is_big_endian = view.u16(0) == 0;
  switch (is_big_endian ? view.u8(3) : view.u8(0)) {
    case 2: return {Layer::ipv4, 0, view.after(4)};
    case 10:
    case 23:
    case 24:
    case 28:
    case 30: return {Layer::ipv6, 0, view.after(4)};
    default: return {};
  }
}

// Cisco HDLC: address, control, EtherType.
Step read_hdlc(ByteView view) {
  if (!view.has(4)) return {};
  if (view.u16(0) == 0xff03) return {Layer::ppp, 0, view};  // PPP in HDLC-like framing (RFC 1662)
  return {Layer::ether_type, view.u16(2), view.after(4)};
}

// RFC 1661: the protocol field has one byte if that is odd (protocol field compression).
Step read_ppp(ByteView view) {
  if (view.has(2) && view.u16(0) == 0xff03) view = view.after(2);
  if (!view.has(1)) return {};
  const bool is_short = (view.u8(0) & 1U) != 0;
  const std::uint16_t protocol = is_short ? view.u8(0) : view.u16(0);
  const ByteView rest = view.after(is_short ? 1 : 2);
  switch (protocol) {
    case 0x0021: return {Layer::ipv4, 0, rest};
    case 0x0057: return {Layer::ipv6, 0, rest};
    case 0x0281:
    case 0x0283: return {Layer::mpls, 0, rest};
    default: return {};
  }
}

// RFC 2516 §4: version and type, code, session, length.
Step read_pppoe(ByteView view) {
  if (!view.has(6) || view.u8(0) != 0x11 || view.u8(1) != 0) return {};
  return {Layer::ppp, 0, view.after(6).with_length(view.u16(4))};
}

// RFC 3032: four bytes a label, the last one marked. What follows is not said; IP is known by
// its version, and a first nibble of zero is a pseudowire's control word (RFC 4385 §3).
Step read_mpls(ByteView view) {
  while (view.has(4)) {
    const bool is_last = (view.u8(2) & 1U) != 0;
    view = view.after(4);
    if (!is_last) continue;
    switch (view.u8(0) >> 4) {
      case 4: return {Layer::ipv4, 0, view};
      case 6: return {Layer::ipv6, 0, view};
      case 0: return {Layer::ethernet, 0, view.after(4)};
      default: return {Layer::ethernet, 0, view};
    }
  }
  return {};
}

Step read_ether_type(std::uint16_t type, ByteView view) {
  switch (type) {
    case 0x0800: return {Layer::ipv4, 0, view};
    case 0x86dd: return {Layer::ipv6, 0, view};
    case 0x8100:  // IEEE 802.1Q
    case 0x88a8:  // IEEE 802.1ad
    case 0x9100:  // QinQ before the standard
      return after_tag(view);
    case 0x8864: return {Layer::pppoe, 0, view};
    case 0x8847:
    case 0x8848: return {Layer::mpls, 0, view};
    case 0x6558: return {Layer::ethernet, 0, view};  // transparent Ethernet bridging
    case 0x880b: return {Layer::ppp, 0, view};
    default: return {};
  }
}

}  // namespace tcpteardown
