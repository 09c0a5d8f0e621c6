// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/segment_code.h"

namespace tcpteardown {
namespace {

// First byte: the flags as in a TCP header, and:
constexpr std::uint8_t kFromB = 0x40;
constexpr std::uint8_t kNewForm = 0x80;

// Second byte: what is told because it is not as expected.
constexpr std::uint8_t kSeq = 0x01;
constexpr std::uint8_t kAck = 0x02;
constexpr std::uint8_t kWindow = 0x04;
constexpr std::uint8_t kNextIpId = 0x08;
constexpr std::uint8_t kIpId = 0x10;
constexpr std::uint8_t kIcmp = kNextIpId | kIpId;  // no segment
constexpr std::uint8_t kStamps = 0x20;
constexpr std::uint8_t kOptions = 0x40;
constexpr std::uint8_t kPayload = 0x80;

// Form: what seldom changes from one segment of a side to the next.
constexpr std::uint8_t kHasIpId = 0x01;
constexpr std::uint8_t kDontFragment = 0x02;
constexpr std::uint8_t kHasStamps = 0x04;
constexpr std::uint8_t kOptionsCut = 0x08;
constexpr std::uint8_t kLengthUnknown = 0x10;
constexpr std::uint8_t kNewLink = 0x20;
constexpr std::uint8_t kOddChecksum = 0x40;
constexpr std::uint8_t kSpoken = 0x80;

// Options other than time stamps, with the number of SACK blocks above them.
constexpr std::uint8_t kMss = 0x01;
constexpr std::uint8_t kWindowScale = 0x02;
constexpr std::uint8_t kMptcp = 0x04;
constexpr unsigned kSackShift = 3;

// Payload: TLS and the last chunk in two bits each.
constexpr unsigned kChunkShift = 2;
constexpr std::uint8_t kAllCaptured = 0x10;
constexpr std::uint8_t kHttp = 0x20;

// The head of an HTTP message; which one in two bits.
constexpr std::uint8_t kLengthField = 0x04;
constexpr std::uint8_t kLengthNumber = 0x08;
constexpr std::uint8_t kTransferEncoding = 0x10;
constexpr std::uint8_t kChunked = 0x20;

std::uint8_t when(bool holds, std::uint8_t bit) { return holds ? bit : std::uint8_t{0}; }

template <typename... Bits>
std::uint8_t bits(Bits... some) {
  return static_cast<std::uint8_t>((0U | ... | some));
}

// It is read without payload only.
Checksum expected_checksum(const Segment& s) {
  return s.payload_length == 0 ? Checksum::right : Checksum::unknown;
}

std::uint8_t form_of(const Segment& s) {
  return bits(when(s.has_ip_id, kHasIpId), when(s.dont_fragment, kDontFragment),
              when(s.options.has_timestamps, kHasStamps), when(!s.options_complete, kOptionsCut),
              when(!s.payload_length_known, kLengthUnknown),
              when(s.checksum != expected_checksum(s), kOddChecksum), kSpoken);
}

std::uint8_t flags_byte(Flags f) {
  return bits(when(f.fin, 0x01), when(f.syn, 0x02), when(f.rst, 0x04), when(f.psh, 0x08), when(f.ack, 0x10),
              when(f.urg, 0x20));
}

Seq expected_ack(Flags flags, const LastSaid& peer) { return flags.ack ? peer.next : Seq{}; }

// What is expected of the sender's next segment.
void note_said(LastSaid& own, const Segment& s, std::uint8_t form) {
  const Seq end = s.seq + s.payload_length + (s.flags.syn ? 1U : 0U) + (s.flags.fin ? 1U : 0U);
  if (!own.has_spoken() || after(end, own.next)) own.next = end;
  if (s.options.has_timestamps) own.ts_value = s.options.ts_value;
  own.window = s.window;
  own.ip_id = s.ip_id;
  own.hop_limit = s.hop_limit;
  own.form = form;
  own.link_source = s.link_source;
}

bool has_other_options(const TcpOptions& o) {
  return o.mss || o.window_scale || o.mptcp != MptcpOption::none || o.sack_blocks > 0;
}

void write_options(CodeWriter& out, const TcpOptions& o, Seq ack) {
  const bool has_mptcp = o.mptcp != MptcpOption::none;
  out.u8(bits(when(o.mss.has_value(), kMss), when(o.window_scale.has_value(), kWindowScale),
              when(has_mptcp, kMptcp), unsigned{o.sack_blocks} << kSackShift));
  if (o.mss) out.u16(*o.mss);
  if (o.window_scale) out.u8(*o.window_scale);
  if (has_mptcp) {
    out.u8(static_cast<std::uint8_t>(o.mptcp));
    out.u8(o.mptcp_reset_reason);
  }
  for (std::size_t i = 0; i < o.sack_blocks && i < o.sack.size(); ++i) {
    out.step(ack.raw, o.sack[i][0].raw);
    out.step(o.sack[i][0].raw, o.sack[i][1].raw);
  }
}

void read_options(CodeReader& in, TcpOptions& o, Seq ack) {
  const std::uint8_t which = in.u8();
  if ((which & kMss) != 0) o.mss = in.u16();
  if ((which & kWindowScale) != 0) o.window_scale = in.u8();
  if ((which & kMptcp) != 0) {
    o.mptcp = static_cast<MptcpOption>(in.u8());
    o.mptcp_reset_reason = in.u8();
  }
  o.sack_blocks = static_cast<std::uint8_t>(which >> kSackShift);
  for (std::size_t i = 0; i < o.sack_blocks && i < o.sack.size(); ++i) {
    o.sack[i][0] = {in.step(ack.raw)};
    o.sack[i][1] = {in.step(o.sack[i][0].raw)};
  }
}

void write_http(CodeWriter& out, const HttpHead& head) {
  out.u8(bits(static_cast<unsigned>(head.message), when(head.has_content_length, kLengthField),
              when(head.content_length.has_value(), kLengthNumber),
              when(head.has_transfer_encoding, kTransferEncoding), when(head.is_chunked, kChunked)));
  out.number(head.status);
  out.number(head.length);
  if (head.content_length) out.number(*head.content_length);
}

HttpHead read_http(CodeReader& in) {
  HttpHead head;
  const std::uint8_t what = in.u8();
  head.message = static_cast<HttpMessage>(what & 3U);
  head.has_content_length = (what & kLengthField) != 0;
  head.has_transfer_encoding = (what & kTransferEncoding) != 0;
  head.is_chunked = (what & kChunked) != 0;
  head.status = static_cast<std::uint16_t>(in.number());
  head.length = static_cast<std::uint16_t>(in.number());
  if ((what & kLengthNumber) != 0) head.content_length = static_cast<std::uint32_t>(in.number());
  return head;
}

void write_payload(CodeWriter& out, const Segment& s) {
  const PayloadSigns& signs = s.signs;
  const bool has_http = signs.http.message != HttpMessage::none;
  out.number(s.payload_length);
  out.u8(bits(static_cast<unsigned>(signs.tls), static_cast<unsigned>(signs.last_chunk) << kChunkShift,
              when(signs.captured == s.payload_length, kAllCaptured), when(has_http, kHttp)));
  if (signs.captured != s.payload_length) out.number(signs.captured);
  if (signs.tls == TlsSign::fatal_alert) out.u8(signs.fatal_alert_code);
  if (has_http) write_http(out, signs.http);
}

void read_payload(CodeReader& in, Segment& s) {
  s.payload_length = static_cast<std::uint32_t>(in.number());
  const std::uint8_t what = in.u8();
  s.signs.tls = static_cast<TlsSign>(what & 3U);
  s.signs.last_chunk = static_cast<LastChunk>(what >> kChunkShift & 3U);
  s.signs.captured = (what & kAllCaptured) != 0 ? s.payload_length : static_cast<std::uint32_t>(in.number());
  if (s.signs.tls == TlsSign::fatal_alert) s.signs.fatal_alert_code = in.u8();
  if ((what & kHttp) != 0) s.signs.http = read_http(in);
}

void write_time(CodeWriter& out, FrameNumber frame, std::int64_t time_ns, Told& told) {
  out.step(told.frame, frame);
  out.difference(time_ns - told.time_ns);
  told.frame = frame;
  told.time_ns = time_ns;
}

void read_time(CodeReader& in, FrameNumber& frame, std::int64_t& time_ns, Told& told) {
  frame = told.frame = in.step(told.frame);
  time_ns = told.time_ns += in.difference();
}

std::uint8_t ip_id_bits(const LastSaid& own, std::uint16_t ip_id) {
  if (ip_id == own.ip_id) return 0;
  return ip_id == static_cast<std::uint16_t>(own.ip_id + 1) ? kNextIpId : kIpId;
}

void write_form(CodeWriter& out, const LastSaid& own, const Segment& s, std::uint8_t form) {
  const bool new_link = s.link_source != own.link_source;
  out.u8(bits(form, when(new_link, kNewLink)));
  out.u8(s.hop_limit);
  if (new_link) out.number(s.link_source);
}

// The form, or what it was before.
std::uint8_t read_form(CodeReader& in, bool is_new, const LastSaid& own, Segment& s) {
  const std::uint8_t form = is_new ? in.u8() : own.form;
  s.has_ip_id = (form & kHasIpId) != 0;
  s.dont_fragment = (form & kDontFragment) != 0;
  s.options.has_timestamps = (form & kHasStamps) != 0;
  s.options_complete = (form & kOptionsCut) == 0;
  s.payload_length_known = (form & kLengthUnknown) == 0;
  s.hop_limit = is_new ? in.u8() : own.hop_limit;
  s.link_source = (form & kNewLink) != 0 ? in.number() : own.link_source;
  return form;
}

struct Parts {
  std::uint8_t first = 0;
  std::uint8_t second = 0;
};

// What of the segment is not as expected.
Parts parts_of(const Segment& s, std::uint8_t form, Side sender, const LastSaid& own, const LastSaid& peer) {
  const bool new_form = form != own.form || s.hop_limit != own.hop_limit || s.link_source != own.link_source;
  const bool new_stamps =
      s.options.has_timestamps && (s.options.ts_value != own.ts_value || s.options.ts_echo != peer.ts_value);
  return {bits(flags_byte(s.flags), when(sender == Side::b, kFromB), when(new_form, kNewForm)),
          bits(when(s.seq != own.next, kSeq), when(s.ack != expected_ack(s.flags, peer), kAck),
               when(s.window != own.window, kWindow), ip_id_bits(own, s.ip_id), when(new_stamps, kStamps),
               when(has_other_options(s.options), kOptions),
               when(s.payload_length > 0 || s.signs.captured > 0, kPayload))};
}

void read_segment(CodeReader& in, Parts parts, Segment& s, const LastSaid& own, const LastSaid& peer) {
  const auto told = [&parts](std::uint8_t bit) { return (parts.second & bit) != 0; };
  s.flags = flags_from_byte(parts.first);
  const std::uint8_t form = read_form(in, (parts.first & kNewForm) != 0, own, s);
  s.seq = told(kSeq) ? Seq{in.step(own.next.raw)} : own.next;
  const Seq ack = expected_ack(s.flags, peer);
  s.ack = told(kAck) ? Seq{in.step(ack.raw)} : ack;
  s.window = told(kWindow) ? in.u16() : own.window;
  s.ip_id = told(kIpId) ? in.u16() : static_cast<std::uint16_t>(own.ip_id + (told(kNextIpId) ? 1U : 0U));
  if (s.options.has_timestamps) {
    s.options.ts_value = told(kStamps) ? in.step(own.ts_value) : own.ts_value;
    s.options.ts_echo = told(kStamps) ? in.step(peer.ts_value) : peer.ts_value;
  }
  if (told(kOptions)) read_options(in, s.options, s.ack);
  if (told(kPayload)) read_payload(in, s);
  s.checksum = (form & kOddChecksum) != 0 ? static_cast<Checksum>(in.u8()) : expected_checksum(s);
}

void read_error(CodeReader& in, IcmpError& error) {
  error.sender.is_ipv6 = in.u8() != 0;
  for (std::uint8_t& byte : error.sender.bytes) byte = in.u8();
  error.is_icmpv6 = in.u8() != 0;
  error.type = in.u8();
  error.code = in.u8();
  error.quoted_seq = {static_cast<std::uint32_t>(in.number())};
}

}  // namespace

SegmentCode encode(const Segment& s, Side sender, Told& told) {
  LastSaid& own = told.by[static_cast<std::size_t>(sender)];
  const LastSaid& peer = told.by[static_cast<std::size_t>(other(sender))];
  const std::uint8_t form = form_of(s);
  const Parts parts = parts_of(s, form, sender, own, peer);
  const auto tells = [&parts](std::uint8_t bit) { return (parts.second & bit) != 0; };
  SegmentCode code;
  CodeWriter out{code};
  out.u8(parts.first);
  out.u8(parts.second);
  write_time(out, s.frame, s.time_ns, told);
  if ((parts.first & kNewForm) != 0) write_form(out, own, s, form);
  if (tells(kSeq)) out.step(own.next.raw, s.seq.raw);
  if (tells(kAck)) out.step(expected_ack(s.flags, peer).raw, s.ack.raw);
  if (tells(kWindow)) out.u16(s.window);
  if (tells(kIpId)) out.u16(s.ip_id);
  if (tells(kStamps)) {
    out.step(own.ts_value, s.options.ts_value);
    out.step(peer.ts_value, s.options.ts_echo);
  }
  if (tells(kOptions)) write_options(out, s.options, s.ack);
  if (tells(kPayload)) write_payload(out, s);
  if (s.checksum != expected_checksum(s)) out.u8(static_cast<std::uint8_t>(s.checksum));
  note_said(own, s, form);
  return code;
}

SegmentCode encode(const IcmpError& error, Side about, Told& told) {
  SegmentCode code;
  CodeWriter out{code};
  out.u8(when(about == Side::b, kFromB));
  out.u8(kIcmp);
  write_time(out, error.frame, error.time_ns, told);
  out.u8(error.sender.is_ipv6 ? 1 : 0);
  for (const std::uint8_t byte : error.sender.bytes) out.u8(byte);
  out.u8(error.is_icmpv6 ? 1 : 0);
  out.u8(error.type);
  out.u8(error.code);
  out.number(error.quoted_seq.raw);
  return code;
}

DecodedSegment decode(std::span<const std::uint8_t>& bytes, Told& told) {
  DecodedSegment decoded;
  CodeReader in{bytes};
  Parts parts;
  parts.first = in.u8();
  parts.second = in.u8();
  decoded.side = (parts.first & kFromB) != 0 ? Side::b : Side::a;
  decoded.is_icmp = (parts.second & kIcmp) == kIcmp;
  if (decoded.is_icmp) {
    read_time(in, decoded.error.frame, decoded.error.time_ns, told);
    read_error(in, decoded.error);
    return decoded;
  }
  LastSaid& own = told.by[static_cast<std::size_t>(decoded.side)];
  read_time(in, decoded.segment.frame, decoded.segment.time_ns, told);
  read_segment(in, parts, decoded.segment, own, told.side(other(decoded.side)));
  note_said(own, decoded.segment, form_of(decoded.segment));
  return decoded;
}

}  // namespace tcpteardown
