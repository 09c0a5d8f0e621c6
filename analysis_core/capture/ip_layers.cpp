// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "capture/layers.h"

// IPv4 (RFC 791), IPv6 (RFC 8200) with its extension headers, and the ICMP errors that quote them.
namespace tcpteardown {
namespace {

IpAddress address_at(ByteView view, std::size_t at, bool is_ipv6) {
  IpAddress address{.bytes = {}, .is_ipv6 = is_ipv6};
  const std::size_t size = is_ipv6 ? 16 : 4;
  if (view.has(at + size)) std::copy_n(view.captured().data() + at, size, address.bytes.data());
  return address;
}

// The packet a length field speaks of. Zero is a segment that the sender's network card was still to
// cut (TCP segmentation offload): then the frame's own length stands.
ByteView sized(ByteView view, std::uint32_t length) { return length == 0 ? view : view.with_length(length); }

Step end_at_tcp(ByteView view, LayerContext& context) {
  context.tcp = view;
  return {};
}

// RFC 8200 §4.2: the next header, and a length in units of 8 bytes after the first.
Step read_extension(ByteView view, LayerContext& /*context*/) {
  if (!view.has(2)) return {};
  return step_by_protocol(view.u8(0), view.after((std::size_t{view.u8(1)} + 1) * 8));
}

// RFC 4302 §2.2: the same, in units of 4 bytes minus 2.
Step read_authentication(ByteView view, LayerContext& /*context*/) {
  if (!view.has(2)) return {};
  return step_by_protocol(view.u8(0), view.after((std::size_t{view.u8(1)} + 2) * 4));
}

// RFC 8200 §4.5: a later fragment holds no TCP header.
Step read_fragment(ByteView view, LayerContext& context) {
  if (!view.has(8) || (view.u16(2) & 0xfff8U) != 0) return {};
  if ((view.u16(2) & 1U) != 0) {
    context.first_fragment = true;
    context.length_known = false;
  }
  return step_by_protocol(view.u8(0), view.after(8));
}

void note_error(ByteView view, LayerContext& context, bool is_icmpv6) {
  if (!context.quoted) context.icmp_sender = context.source;
  context.quoted = true;
  context.is_icmpv6 = is_icmpv6;
  context.icmp_type = view.u8(0);
  context.icmp_code = view.u8(1);
}

// RFC 792: destination unreachable, source quench, redirect, time exceeded and parameter problem
// quote the packet behind 8 bytes. Of a redirect's quotation Wireshark reads the 8 bytes that RFC 792 asks
// for and no more; so do we, because what we read of it decides on the numbers of streams.
Step read_icmp(ByteView view, LayerContext& context) {
  if (!view.has(8)) return {};
  const std::uint8_t type = view.u8(0);
  if (type != 3 && type != 4 && type != 5 && type != 11 && type != 12) return {};
  note_error(view, context, false);
  const ByteView quote = view.after(8);
  const bool is_redirect = type == 5;
  return {read_ipv4, is_redirect ? quote.with_length((quote.u8(0) & 0x0fU) * 4 + 8) : quote};
}

// RFC 4443 §2.1: types below 128 are errors; 1 to 4 quote the packet behind 8 bytes.
Step read_icmpv6(ByteView view, LayerContext& context) {
  if (!view.has(8) || view.u8(0) < 1 || view.u8(0) > 4) return {};
  note_error(view, context, true);
  return {read_ipv6, view.after(8)};
}

// Any other protocol carries no TCP, or hides it.
constexpr LayerRow kProtocols[] = {
    {6, end_at_tcp},            // TCP
    {17, read_udp},             // UDP
    {1, read_icmp},             // ICMP
    {58, read_icmpv6},          // ICMPv6
    {4, read_ipv4},             // IPv4 (RFC 2003)
    {41, read_ipv6},            // IPv6 (RFC 2473, RFC 4213)
    {47, read_gre},             // GRE
    {97, read_ether_ip},        // EtherIP
    {137, read_mpls},           // MPLS (RFC 4023)
    {0, read_extension},        // hop-by-hop options
    {43, read_extension},       // routing
    {60, read_extension},       // destination options
    {135, read_extension},      // mobility
    {139, read_extension},      // host identity
    {140, read_extension},      // shim6
    {44, read_fragment},        // fragment
    {51, read_authentication},  // authentication
};

}  // namespace

Step step_by_protocol(std::uint8_t protocol, ByteView view) {
  const LayerRow* row = find_row(kProtocols, protocol);
  return row == nullptr ? Step{} : Step{row->read, view};
}

Step read_any_ip(ByteView view, LayerContext& context) {
  const int version = view.u8(0) >> 4;
  if (version == 4) return {read_ipv4, view};
  if (version == 6) return {read_ipv6, view};
  context.obstacle = {"IP version", static_cast<std::uint16_t>(version)};
  return {};
}

Step read_ipv4(ByteView view, LayerContext& context) {
  const std::size_t header = std::size_t{view.u8(0) & 0x0fU} * 4;
  if (!view.has(20) || view.u8(0) >> 4 != 4 || header < 20) return {};
  const std::uint16_t total = view.u16(2);
  if (total != 0 && total < header) return {};
  context.is_understood = true;
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
  return step_by_protocol(view.u8(9), sized(view, total).after(header));
}

Step read_ipv6(ByteView view, LayerContext& context) {
  if (!view.has(40) || view.u8(0) >> 4 != 6) return {};
  context.is_understood = true;
  context.source = address_at(view, 8, true);
  context.destination = address_at(view, 24, true);
  context.hop_limit = view.u8(7);
  context.has_ip_id = false;
  context.ip_id = 0;
  context.dont_fragment = false;
  context.first_fragment = false;
  context.length_known = true;
  return step_by_protocol(view.u8(6), sized(view.after(40), view.u16(4)));
}

}  // namespace tcpteardown
