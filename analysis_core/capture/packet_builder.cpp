// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/packet_builder.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace tcpteardown {
namespace {

constexpr std::size_t kTcpHeader = 20;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kIcmpv6 = 58;
constexpr std::uint64_t kRouterMac = 0x02'00'00'00'00'ffU;  // locally administered

void put8(Bytes& out, std::uint32_t value) { out.push_back(static_cast<std::uint8_t>(value)); }

void put16(Bytes& out, std::uint32_t value) {
  put8(out, value >> 8);
  put8(out, value);
}

void put32(Bytes& out, std::uint32_t value) {
  put16(out, value >> 16);
  put16(out, value);
}

void put_address(Bytes& out, const IpAddress& address) {
  out.insert(out.end(), address.bytes.begin(), address.bytes.begin() + (address.is_ipv6 ? 16 : 4));
}

void put_mac(Bytes& out, std::uint64_t mac) {
  put16(out, static_cast<std::uint32_t>(mac >> 32));
  put32(out, static_cast<std::uint32_t>(mac));
}

// The Internet checksum (RFC 1071) of a header and what may stand before it.
std::uint16_t checksum(std::span<const std::uint8_t> pseudo, std::span<const std::uint8_t> bytes) {
  std::uint64_t sum = 0;
  for (const auto part : {pseudo, bytes}) {
    for (std::size_t i = 0; i < part.size(); ++i) sum += i % 2 == 0 ? std::uint64_t{part[i]} << 8 : part[i];
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

void set16(Bytes& out, std::size_t at, std::uint16_t value) {
  out[at] = static_cast<std::uint8_t>(value >> 8);
  out[at + 1] = static_cast<std::uint8_t>(value);
}

// RFC 9293 §3.1 and RFC 8200 §8.1: addresses, protocol and length go into the checksum too.
Bytes pseudo_header(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                    std::size_t size) {
  Bytes out;
  put_address(out, source);
  put_address(out, destination);
  put32(out, protocol);
  put32(out, static_cast<std::uint32_t>(size));
  return out;
}

Bytes tcp_packet(const Segment& s, std::span<const std::uint8_t> options,
                 std::span<const std::uint8_t> payload) {
  Bytes out;
  put16(out, s.source.port);
  put16(out, s.destination.port);
  put32(out, s.seq.raw);
  put32(out, s.ack.raw);
  put8(out, static_cast<std::uint32_t>((kTcpHeader + options.size()) / 4 << 4));
  put8(out, (s.flags.fin ? 0x01U : 0U) | (s.flags.syn ? 0x02U : 0U) | (s.flags.rst ? 0x04U : 0U) |
                (s.flags.psh ? 0x08U : 0U) | (s.flags.ack ? 0x10U : 0U) | (s.flags.urg ? 0x20U : 0U));
  put16(out, s.window);
  put32(out, 0);  // checksum, urgent pointer
  out.insert(out.end(), options.begin(), options.end());
  out.insert(out.end(), payload.begin(), payload.end());
  set16(out, 16, checksum(pseudo_header(s.source.address, s.destination.address, kTcp, out.size()), out));
  return out;
}

struct IpFields {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol = 0;
  std::uint8_t hop_limit = 64;
  std::uint16_t id = 0;
  bool dont_fragment = false;
};

Bytes ip_packet(const IpFields& ip, std::span<const std::uint8_t> content) {
  Bytes out;
  if (ip.source.is_ipv6) {
    put32(out, 0x6000'0000);
    put16(out, static_cast<std::uint32_t>(content.size()));
    put8(out, ip.protocol);
    put8(out, ip.hop_limit);
  } else {
    put16(out, 0x4500);
    put16(out, static_cast<std::uint32_t>(20 + content.size()));
    put16(out, ip.id);
    put16(out, ip.dont_fragment ? 0x4000 : 0);
    put8(out, ip.hop_limit);
    put8(out, ip.protocol);
    put16(out, 0);  // checksum
  }
  put_address(out, ip.source);
  put_address(out, ip.destination);
  if (!ip.source.is_ipv6) set16(out, 10, checksum({}, out));
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

Bytes ethernet_frame(std::uint64_t source_mac, bool is_ipv6, std::span<const std::uint8_t> packet) {
  Bytes out;
  put_mac(out, kRouterMac);
  put_mac(out, source_mac);
  put16(out, is_ipv6 ? 0x86dd : 0x0800);
  out.insert(out.end(), packet.begin(), packet.end());
  return out;
}

IpFields ip_fields(const Segment& s) {
  return {.source = s.source.address,
          .destination = s.destination.address,
          .protocol = kTcp,
          .hop_limit = s.hop_limit,
          .id = s.ip_id,
          .dont_fragment = s.dont_fragment};
}

}  // namespace

Bytes build_segment(const Segment& segment, std::span<const std::uint8_t> options,
                    std::span<const std::uint8_t> payload) {
  const Bytes tcp = tcp_packet(segment, options, payload);
  return ethernet_frame(segment.link_source, segment.source.address.is_ipv6,
                        ip_packet(ip_fields(segment), tcp));
}

Bytes build_error(const IcmpError& error, const Segment& quoted) {
  Bytes icmp;
  put8(icmp, error.type);
  put8(icmp, error.code);
  put16(icmp, 0);  // checksum
  put32(icmp, 0);
  const Bytes quotation = ip_packet(ip_fields(quoted), tcp_packet(quoted, {}, {}));
  icmp.insert(icmp.end(), quotation.begin(), quotation.end());
  const IpFields ip{.source = error.sender,
                    .destination = quoted.source.address,
                    .protocol = error.is_icmpv6 ? kIcmpv6 : kIcmp};
  const Bytes pseudo =
      error.is_icmpv6 ? pseudo_header(ip.source, ip.destination, kIcmpv6, icmp.size()) : Bytes{};
  set16(icmp, 2, checksum(pseudo, icmp));
  return ethernet_frame(kRouterMac, error.is_icmpv6, ip_packet(ip, icmp));
}

Bytes build_bystander() {
  Bytes out;
  put_mac(out, 0xffff'ffff'ffffU);
  put_mac(out, kRouterMac);
  put16(out, 0x0806);
  for (const std::uint32_t field : {0x0001U, 0x0800U, 0x0604U, 0x0001U}) put16(out, field);
  put_mac(out, kRouterMac);
  put32(out, 0xc000'0201);  // 192.0.2.1 (RFC 5737)
  put_mac(out, 0);
  put32(out, 0xc000'0202);
  return out;
}

}  // namespace tcpteardown
