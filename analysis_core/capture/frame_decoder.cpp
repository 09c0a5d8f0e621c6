// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/frame_decoder.h"

#include <pcap/dlt.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "capture/layers.h"

namespace tcpteardown {

constexpr int kLinkTypeRaw = 101;  // DLT_RAW as files number it

Layer first_layer(int link_type) {
  switch (link_type) {
    case DLT_EN10MB: return Layer::ethernet;
    case DLT_LINUX_SLL: return Layer::linux_sll;
    case DLT_LINUX_SLL2: return Layer::linux_sll2;
    case DLT_NULL:
    case DLT_LOOP: return Layer::null_loopback;
    case DLT_RAW:
    case kLinkTypeRaw: return Layer::any_ip;
    case DLT_IPV4: return Layer::ipv4;
    case DLT_IPV6: return Layer::ipv6;
    case DLT_PPP:
    case DLT_PPP_SERIAL: return Layer::ppp;
    case DLT_PPP_ETHER: return Layer::pppoe;
    case DLT_C_HDLC: return Layer::hdlc;
    default: return Layer::none;
  }
}

namespace {

// No real frame nests deeper; each IPv6 extension header and each tag counts as one.
constexpr int kMaxDepth = 64;

Step read_layer(const Step& at, LayerContext& context) {
  switch (at.layer) {
    case Layer::ethernet: return read_ethernet(at.view, context);
    case Layer::ether_type: return read_ether_type(at.type, at.view);
    case Layer::llc: return read_llc(at.view);
    case Layer::linux_sll: return read_linux_sll(at.view, context);
    case Layer::linux_sll2: return read_linux_sll2(at.view, context);
    case Layer::null_loopback: return read_null_loopback(at.view);
    case Layer::hdlc: return read_hdlc(at.view);
    case Layer::ppp: return read_ppp(at.view);
    case Layer::pppoe: return read_pppoe(at.view);
    case Layer::mpls: return read_mpls(at.view);
    case Layer::any_ip: return read_any_ip(at.view);
    case Layer::ipv4: return read_ipv4(at.view, context);
    case Layer::ipv6: return read_ipv6(at.view, context);
    case Layer::ip_payload: return read_ip_payload(at.type, at.view, context);
    case Layer::gre: return read_gre(at.view);
    case Layer::ether_ip: return read_ether_ip(at.view);
    case Layer::udp: return read_udp(at.view);
    case Layer::vxlan: return read_vxlan(at.view);
    case Layer::vxlan_gpe: return read_vxlan_gpe(at.view);
    case Layer::geneve: return read_geneve(at.view);
    case Layer::gtp_u: return read_gtp_u(at.view);
    case Layer::ayiya: return read_ayiya(at.view);
    case Layer::teredo: return read_teredo(at.view);
    case Layer::icmp: return read_icmp(at.view, context);
    case Layer::icmpv6: return read_icmpv6(at.view, context);
    case Layer::tcp:
    case Layer::none: return {};
  }
  return {};
}

constexpr std::size_t kHeader = 20;         // RFC 9293 §3.1, without options
constexpr std::size_t kThroughWindow = 16;  // without it a header cut by the snap length is useless
constexpr std::size_t kSureQuote = 8;       // what an ICMP error quotes at least (RFC 792)

IcmpError read_error(const RawFrame& frame, const LayerContext& context, ByteView view) {
  return {.frame = frame.number,
          .time_ns = frame.time_ns,
          .sender = context.icmp_sender,
          .is_icmpv6 = context.is_icmpv6,
          .type = context.icmp_type,
          .code = context.icmp_code,
          .quoted_source = {context.source, view.u16(0)},
          .quoted_destination = {context.destination, view.u16(2)},
          .quoted_seq = Seq{view.u32(4)}};
}

void read_payload(Segment& segment, ByteView view, std::size_t header, bool length_known) {
  const std::size_t options_captured = std::min(header, view.captured().size());
  if (options_captured > kHeader) {
    segment.options = parse_options(view.captured().subspan(kHeader, options_captured - kHeader));
  }
  segment.options_complete = options_captured == header;
  const ByteView payload = view.after(header);
  segment.payload_length_known = length_known;
  segment.payload_length = payload.wire_length();
  segment.payload = payload.captured();
}

HeaderUse use_of(const LayerContext& context, ByteView view, std::size_t header) {
  if (context.quoted) return HeaderUse::quoted;
  if (header < kHeader) return HeaderUse::short_header;
  return header > view.wire_length() ? HeaderUse::beyond_packet : HeaderUse::segment;
}

TcpHeader read_tcp(const RawFrame& frame, const LayerContext& context, ByteView view) {
  const std::size_t header = std::size_t{view.u8(12)} / 16 * 4;
  TcpHeader found{.segment = {}, .use = use_of(context, view, header)};
  Segment& segment = found.segment;
  segment.frame = frame.number;
  segment.time_ns = frame.time_ns;
  segment.source = {context.source, view.u16(0)};
  segment.destination = {context.destination, view.u16(2)};
  segment.seq = Seq{view.u32(4)};
  segment.ack = Seq{view.u32(8)};
  segment.flags = flags_from_byte(view.u8(13));
  segment.window = view.u16(14);
  if (found.use == HeaderUse::segment) read_payload(segment, view, header, context.length_known);
  segment.hop_limit = context.hop_limit;
  segment.has_ip_id = context.has_ip_id;
  segment.ip_id = context.ip_id;
  segment.dont_fragment = context.dont_fragment;
  segment.link_source = context.link_source;
  return found;
}

}  // namespace

FrameContents decode_frame(const RawFrame& frame) {
  LayerContext context;
  Step step{first_layer(frame.link_type), 0, {frame.bytes, frame.wire_length}};
  for (int depth = 0; depth < kMaxDepth && step.layer != Layer::none && step.layer != Layer::tcp; ++depth) {
    step = read_layer(step, context);
  }
  FrameContents contents;
  if (step.layer != Layer::tcp) return contents;
  if (step.view.has(kThroughWindow)) contents.header = read_tcp(frame, context, step.view);
  if (context.quoted && step.view.has(kSureQuote)) contents.error = read_error(frame, context, step.view);
  return contents;
}

}  // namespace tcpteardown
