// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/checksum.h"

#include <cstddef>

namespace tcpteardown {
namespace {

constexpr std::size_t kAt = 16;  // RFC 9293 §3.1
constexpr std::uint32_t kTcp = 6;

// Of a multiple of four bytes, two words at a time: the carries that this leaves out are folded in later
// (RFC 1071 §2).
std::uint64_t sum_of(std::span<const std::uint8_t> bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i + 3 < bytes.size(); i += 4) {
    sum += std::uint32_t{bytes[i]} << 24 | std::uint32_t{bytes[i + 1]} << 16 |
           std::uint32_t{bytes[i + 2]} << 8 | bytes[i + 3];
  }
  return sum;
}

std::uint16_t folded(std::uint64_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffffU) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

}  // namespace

// A network card that is to fill it in finds nothing there, or the sum of the pseudo-header, with the length
// (Linux, CHECKSUM_PARTIAL) or without it (Windows, large send offload).
Checksum read_checksum(std::span<const std::uint8_t> header, const IpAddress& source,
                       const IpAddress& destination) {
  if (header.size() < kAt + 2 || header.size() % 4 != 0) return Checksum::unknown;
  const std::size_t size = source.is_ipv6 ? 16 : 4;
  const std::uint64_t addresses =
      sum_of(std::span{source.bytes}.first(size)) + sum_of(std::span{destination.bytes}.first(size)) + kTcp;
  const auto length = static_cast<std::uint32_t>(header.size());
  if (folded(addresses + length + sum_of(header)) == 0xffff) return Checksum::right;
  const auto stored = static_cast<std::uint16_t>(header[kAt] << 8 | header[kAt + 1]);
  const bool to_be_filled =
      stored == 0 || stored == folded(addresses + length) || stored == folded(addresses);
  return to_be_filled ? Checksum::unknown : Checksum::wrong;
}

}  // namespace tcpteardown
