// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/flow_key.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace tcpteardown {
namespace {

constexpr std::size_t kGroups = 8;  // of 16 bits in an IPv6 address
constexpr std::size_t kIpv4Bytes = 4;

void append_number(std::string& out, unsigned value, int base) {
  std::array<char, 12> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, base).ptr;
  out.append(text.data(), end);
}

void append_ipv4(std::string& out, const std::uint8_t* bytes) {
  for (std::size_t i = 0; i < kIpv4Bytes; ++i) {
    if (i != 0) out += '.';
    append_number(out, bytes[i], 10);
  }
}

unsigned group(const IpAddress& address, std::size_t i) {
  return static_cast<unsigned>(address.bytes[2 * i]) << 8 | address.bytes[2 * i + 1];
}

struct ZeroRun {
  std::size_t start = 0;
  std::size_t length = 0;
};

// RFC 5952 §4.2: the longest run of zero groups, the first of equals, never a single group.
ZeroRun longest_zero_run(const IpAddress& address) {
  ZeroRun best;
  ZeroRun run;
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (group(address, i) != 0) {
      run = {};
      continue;
    }
    if (run.length == 0) run.start = i;
    ++run.length;
    if (run.length > best.length) best = run;
  }
  return best.length >= 2 ? best : ZeroRun{};
}

// RFC 5952 §5: the last 32 bits in dotted form where the prefix says that they are IPv4.
bool is_ipv4_mapped(const IpAddress& address) {
  for (std::size_t i = 0; i < 5; ++i) {
    if (group(address, i) != 0) return false;
  }
  return group(address, 5) == 0xffff;
}

void append_ipv6(std::string& out, const IpAddress& address) {
  if (is_ipv4_mapped(address)) {
    out += "::ffff:";
    append_ipv4(out, address.bytes.data() + 12);
    return;
  }
  const ZeroRun zeros = longest_zero_run(address);
  for (std::size_t i = 0; i < kGroups;) {
    if (zeros.length != 0 && i == zeros.start) {
      out += "::";
      i += zeros.length;
      continue;
    }
    if (i != 0 && out.back() != ':') out += ':';
    append_number(out, group(address, i), 16);
    ++i;
  }
}

// The finalizer of SplitMix64: every bit of the input reaches every bit of the result.
constexpr std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9U;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

template <typename Word>  // in the machine's own order of bytes
Word word(const IpAddress& address, std::size_t offset) {
  Word value = 0;
  std::memcpy(&value, &address.bytes[offset], sizeof value);
  return value;
}

std::uint64_t absorb(std::uint64_t state, std::uint64_t value) {
  return mix(state ^ value) + 0x9e3779b97f4a7c15U;
}

// Two rounds for IPv4, whose addresses together are one word.
std::uint64_t absorb_addresses(std::uint64_t state, const FlowKey& key) {
  const IpAddress& low = key.low.address;
  const IpAddress& high = key.high.address;
  if (!low.is_ipv6 && !high.is_ipv6) {
    return absorb(state, std::uint64_t{word<std::uint32_t>(low, 0)} << 32 | word<std::uint32_t>(high, 0));
  }
  for (const IpAddress* address : {&low, &high}) {
    state = absorb(absorb(state, word<std::uint64_t>(*address, 0)), word<std::uint64_t>(*address, 8));
  }
  return state;
}

}  // namespace

std::string to_string(const IpAddress& address) {
  std::string out;
  if (address.is_ipv6) {
    append_ipv6(out, address);
  } else {
    append_ipv4(out, address.bytes.data());
  }
  return out;
}

std::string to_string(const TcpEndpoint& endpoint) {
  std::string out = to_string(endpoint.address);
  if (endpoint.address.is_ipv6) out = '[' + out + ']';
  out += ':';
  append_number(out, endpoint.port, 10);
  return out;
}

std::size_t FlowKeyHash::operator()(const FlowKey& key) const {
  const unsigned families = (key.low.address.is_ipv6 ? 1U : 0U) | (key.high.address.is_ipv6 ? 2U : 0U);
  const std::uint64_t ports = std::uint64_t{key.low.port} << 16 | key.high.port;
  const std::uint64_t state = absorb(seed, ports << 2 | families);
  return static_cast<std::size_t>(absorb_addresses(state, key));
}

}  // namespace tcpteardown
