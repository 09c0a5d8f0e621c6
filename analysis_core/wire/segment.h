// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "wire/flow_key.h"
#include "wire/payload_signs.h"
#include "wire/seq.h"

namespace tcpteardown {

// Number of a frame in the capture, from 1 as Wireshark counts; 0 means "not seen".
using FrameNumber = std::uint32_t;

// The control bits we look at, as in RFC 9293 §3.1.
struct Flags {
  bool fin = false;
  bool syn = false;
  bool rst = false;
  bool psh = false;
  bool ack = false;
  bool urg = false;

  friend bool operator==(Flags, Flags) = default;
};

// From the low byte of the flags field of a TCP header.
[[nodiscard]] constexpr Flags flags_from_byte(std::uint8_t b) {
  return {.fin = (b & 0x01) != 0,
          .syn = (b & 0x02) != 0,
          .rst = (b & 0x04) != 0,
          .psh = (b & 0x08) != 0,
          .ack = (b & 0x10) != 0,
          .urg = (b & 0x20) != 0};
}

// What MPTCP (RFC 8684) says in this segment.
enum class MptcpOption : std::uint8_t { none, capable, join, dss, fastclose, tcprst, other };

// The TCP options we look at. An absent option is an empty optional or a zero count.
struct TcpOptions {
  std::optional<std::uint16_t> mss;          // bytes
  std::optional<std::uint8_t> window_scale;  // shift count, 0 … 14
  std::uint8_t sack_blocks = 0;              // blocks filled in `sack`, at most 4
  std::array<std::array<Seq, 2>, 4> sack{};  // left and right edges
  bool has_timestamps = false;
  std::uint32_t ts_value = 0;
  std::uint32_t ts_echo = 0;
  MptcpOption mptcp = MptcpOption::none;  // the most telling subtype of the segment
  std::uint8_t mptcp_reset_reason = 0;    // valid with MptcpOption::tcprst
};

// Unknown also where the sender's network card was still to fill it in.
enum class Checksum : std::uint8_t { unknown, right, wrong };

// Reads the options part of a TCP header: the bytes behind the first 20. Stops at the first
// option that does not fit; never reads beyond the span.
[[nodiscard]] TcpOptions parse_options(std::span<const std::uint8_t> bytes);

// One TCP segment as one capture shows it: the value that every adapter makes and the whole
// core works on. `payload` points into the adapter's buffer and lives only for the call.
struct Segment {
  FrameNumber frame = 0;
  std::int64_t time_ns = 0;  // since the epoch, as captured; may run backwards in merged captures
  TcpEndpoint source;
  TcpEndpoint destination;

  Seq seq;
  Seq ack;  // meaningful if flags.ack; kept as captured otherwise
  Flags flags;
  std::uint16_t window = 0;          // as on the wire, not scaled
  std::uint32_t payload_length = 0;  // bytes by the IP length (not by what was captured)
  bool payload_length_known = true;  // false: a first IP fragment, or an IP length that makes no sense
  TcpOptions options;
  bool options_complete = true;           // false: cut by the snap length
  std::span<const std::uint8_t> payload;  // what of the payload was captured, from its first byte
  PayloadSigns signs;                     // what it shows; see tracking/own_facts.h

  std::uint8_t hop_limit = 0;  // IPv4 TTL or IPv6 hop limit; 0: not known
  bool has_ip_id = false;      // IPv4 only
  std::uint16_t ip_id = 0;
  bool dont_fragment = false;             // IPv4 only
  std::uint64_t link_source = 0;          // MAC address of the frame's sender as a number; 0: not known
  Checksum checksum = Checksum::unknown;  // read without payload only
};

// An ICMP or ICMPv6 error that quotes the start of a TCP segment (RFC 792, RFC 4443).
struct IcmpError {
  FrameNumber frame = 0;
  std::int64_t time_ns = 0;
  IpAddress sender;  // who reported the error
  bool is_icmpv6 = false;
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  TcpEndpoint quoted_source;  // of the segment that could not be delivered
  TcpEndpoint quoted_destination;
  Seq quoted_seq;
};

}  // namespace tcpteardown
