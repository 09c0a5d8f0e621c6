// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/frame_decoder.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "capture/layers.h"
#include "tracking/own_facts.h"
#include "wire/checksum.h"

namespace tcpteardown {

namespace {

// No real frame nests deeper; each IPv6 extension header and each tag counts as one.
constexpr int kMaxDepth = 64;

constexpr std::size_t kHeader = 20;         // RFC 9293 §3.1, without options
constexpr std::size_t kThroughFlags = 14;   // as much as Wireshark 4.6 needs to number a stream
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
  if (!view.has(kThroughWindow)) return HeaderUse::cut;
  if (header < kHeader) return HeaderUse::short_header;
  return header > view.wire_length() ? HeaderUse::beyond_packet : HeaderUse::segment;
}

// In place: a segment is copied seldom enough.
void read_header(const RawFrame& frame, const LayerContext& context, ByteView view, TcpHeader& found) {
  const std::size_t header = std::size_t{view.u8(12)} / 16 * 4;
  found.use = use_of(context, view, header);
  found.length = static_cast<std::uint8_t>(header);
  found.is_fragment = !context.length_known;
  found.has_window = view.has(kThroughWindow);
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
  if (found.use == HeaderUse::segment && segment.payload_length == 0 && segment.payload_length_known &&
      view.has(header)) {
    segment.checksum = read_checksum(view.captured().first(header), context.source, context.destination);
  }
  if (found.use == HeaderUse::segment) read_own_facts(segment);
}

void read_tcp(const RawFrame& frame, const LayerContext& context, FrameContents& contents) {
  const ByteView view = *context.tcp;
  if (view.has(kThroughFlags)) read_header(frame, context, view, contents.header.emplace());
  if (context.quoted && view.has(kSureQuote)) contents.error = read_error(frame, context, view);
}

}  // namespace

FrameContents decode_frame(const RawFrame& frame, std::uint32_t packet) {
  FrameContents contents;
  LayerContext context;
  context.packet = packet;
  // What was captured was on the wire, whatever a record says of its length.
  const auto length = std::max(frame.wire_length, static_cast<std::uint32_t>(frame.bytes.size()));
  Step step{reader_of_link_type(frame.link_type), {frame.bytes, length}};
  if (step.read == nullptr) {
    contents.coverage = Coverage::unknown_link_type;
    return contents;
  }
  for (int depth = 0; depth < kMaxDepth && step.read != nullptr; ++depth) {
    step = step.read(step.view, context);
  }
  contents.has_more_packets = context.has_more_packets;
  if (context.tcp) read_tcp(frame, context, contents);
  const bool has_header = contents.header && contents.header->use != HeaderUse::cut;
  const bool is_cut = context.tcp && !has_header && !contents.error;
  if (!context.is_understood || is_cut) {
    contents.coverage = Coverage::not_understood;
    contents.obstacle = context.obstacle;
  }
  return contents;
}

}  // namespace tcpteardown
