// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace tcpteardown {

// An IPv4 address (first four bytes, the rest zero) or an IPv6 address.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  bool is_ipv6 = false;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
  // One for each segment: compilers make two words of it.
  friend bool operator==(const IpAddress& x, const IpAddress& y) {
    return x.is_ipv6 == y.is_ipv6 && std::memcmp(x.bytes.data(), y.bytes.data(), sizeof x.bytes) == 0;
  }
};

// One end of a connection: address and port.
struct TcpEndpoint {
  IpAddress address;
  std::uint16_t port = 0;

  friend auto operator<=>(const TcpEndpoint&, const TcpEndpoint&) = default;
  friend bool operator==(const TcpEndpoint& x, const TcpEndpoint& y) {
    return x.port == y.port && x.address == y.address;
  }
};

// "10.0.0.1" or "2001:db8::1" (RFC 5952).
[[nodiscard]] std::string to_string(const IpAddress& address);
// "10.0.0.1:80" or "[2001:db8::1]:80".
[[nodiscard]] std::string to_string(const TcpEndpoint& endpoint);

// The two ends of a connection, whichever way a segment goes. The order is canonical
// (low <= high), so both directions give the same key.
struct FlowKey {
  TcpEndpoint low;
  TcpEndpoint high;

  friend bool operator==(const FlowKey&, const FlowKey&) = default;
};

// The key of a segment's ends, and which of them sent it.
struct Ends {
  FlowKey key;
  bool from_low = false;
};

// Which end is the low one does not matter, so the ports decide where they can: that is quick.
[[nodiscard]] constexpr Ends ends_of(const TcpEndpoint& source, const TcpEndpoint& destination) {
  const bool from_low = source.port != destination.port ? source.port < destination.port
                                                        : source.address <= destination.address;
  return from_low ? Ends{{source, destination}, true} : Ends{{destination, source}, false};
}
[[nodiscard]] constexpr FlowKey flow_key(const TcpEndpoint& one, const TcpEndpoint& other) {
  return ends_of(one, other).key;
}

// Mixes in a seed, so that a capture made to collide in one table does not collide in another.
struct FlowKeyHash {
  std::uint64_t seed = 0;
  [[nodiscard]] std::size_t operator()(const FlowKey& key) const;
};

}  // namespace tcpteardown
