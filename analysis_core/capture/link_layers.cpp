// SPDX-License-Identifier: GPL-2.0-or-later
#include <pcap/dlt.h>

#include <cstddef>
#include <cstdint>

#include "capture/layers.h"

// The first header of a frame, by the link type of its file or interface.
namespace tcpteardown {
namespace {

constexpr int kLinkTypeRaw = 101;  // DLT_RAW as files number it

std::uint64_t mac_address(ByteView view, std::size_t at) {
  return std::uint64_t{view.u16(at)} << 32 | view.u32(at + 2);
}

// What a "cooked" header says follows: an EtherType, or 4 for IEEE 802.2 (LINUX_SLL_P_802_2).
Step after_cooked(std::uint16_t protocol, ByteView view, LayerContext& context) {
  if (protocol == 0x0004) return {read_llc, view};
  return step_by_ether_type(protocol, view, context);
}

// Linux cooked capture: packet type, ARPHRD, address length, address (8), protocol.
Step read_linux_sll(ByteView view, LayerContext& context) {
  if (!view.has(16)) return {};
  if (view.u16(4) == 6) context.link_source = mac_address(view, 6);
  return after_cooked(view.u16(14), view.after(16), context);
}

// Version 2: protocol, reserved, interface (4), ARPHRD, packet type, address length, address (8).
Step read_linux_sll2(ByteView view, LayerContext& context) {
  if (!view.has(20)) return {};
  if (view.u8(11) == 6) context.link_source = mac_address(view, 12);
  return after_cooked(view.u16(0), view.after(20), context);
}

// BSD loopback: the address family, in the byte order of the machine that captured. AF_INET is
// 2 everywhere; AF_INET6 is 10 on Linux, 23 on Windows, 24, 28 or 30 on the BSDs and macOS.
Step read_null_loopback(ByteView view, LayerContext& context) {
  if (!view.has(4)) return {};
  const bool is_big_endian = view.u16(0) == 0;
  const std::uint8_t family = is_big_endian ? view.u8(3) : view.u8(0);
  switch (family) {
    case 2: return {read_ipv4, view.after(4)};
    case 10:
    case 23:
    case 24:
    case 28:
    case 30: return {read_ipv6, view.after(4)};
    default: context.obstacle = {"address family", family}; return {};
  }
}

// Cisco HDLC: address, control, EtherType.
Step read_hdlc(ByteView view, LayerContext& context) {
  if (!view.has(4)) return {};
  if (view.u16(0) == 0xff03) return {read_ppp, view};  // PPP in HDLC-like framing (RFC 1662)
  return step_by_ether_type(view.u16(2), view.after(4), context);
}

constexpr LayerRow kLinkTypes[] = {
    {DLT_EN10MB, read_ethernet},
    {DLT_LINUX_SLL, read_linux_sll},
    {DLT_LINUX_SLL2, read_linux_sll2},
    {DLT_NULL, read_null_loopback},
    {DLT_LOOP, read_null_loopback},
    {DLT_RAW, read_any_ip},
    {kLinkTypeRaw, read_any_ip},
    {DLT_IPV4, read_ipv4},
    {DLT_IPV6, read_ipv6},
    {DLT_PPP, read_ppp},
    {DLT_PPP_SERIAL, read_ppp},
    {DLT_PPP_ETHER, read_pppoe},
    {DLT_C_HDLC, read_hdlc},
    {DLT_IEEE802_11, read_wlan},
    {DLT_IEEE802_11_RADIO, read_radiotap},
    {DLT_IEEE802_11_RADIO_AVS, read_avs},
    {DLT_PRISM_HEADER, read_prism},
};

}  // namespace

ReadLayer reader_of_link_type(int link_type) {
  const LayerRow* row = find_row(kLinkTypes, static_cast<std::uint32_t>(link_type));
  return row == nullptr ? nullptr : row->read;
}

Step read_ethernet(ByteView view, LayerContext& context) {
  if (!view.has(14)) return {};
  context.link_source = mac_address(view, 6);
  return step_by_type_or_length(view.u16(12), view.after(14), context);
}

// RFC 1661: the protocol field has one byte if that is odd (protocol field compression). Protocols from
// 0x4000 on carry no packets of a network (§2): link control, authentication and the like.
Step read_ppp(ByteView view, LayerContext& context) {
  if (view.has(2) && view.u16(0) == 0xff03) view = view.after(2);
  if (!view.has(1)) return {};
  const bool is_short = (view.u8(0) & 1U) != 0;
  const std::uint16_t protocol = is_short ? view.u8(0) : view.u16(0);
  const ByteView rest = view.after(is_short ? 1 : 2);
  switch (protocol) {
    case 0x0021: return {read_ipv4, rest};
    case 0x0057: return {read_ipv6, rest};
    case 0x0281:
    case 0x0283: return {read_mpls, rest};
    default: break;
  }
  context.is_understood = protocol >= 0x4000;
  context.obstacle = {"PPP protocol", protocol};
  return {};
}

}  // namespace tcpteardown
