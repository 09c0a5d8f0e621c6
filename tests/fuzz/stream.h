// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "tracking/connection_table.h"
#include "wire/segment.h"

// Exchanges as bytes that a fuzzer can change and still have an exchange: sequence numbers count from what
// the same sender, or its peer, sent before, times from the item before, and ends are a few hosts and ports.
namespace tcpteardown::fuzz {

using Item = std::variant<Segment, IcmpError>;

inline constexpr unsigned kHosts = 8;
inline constexpr unsigned kPorts = 32;
inline constexpr FrameNumber kFrameStep = 4;  // room for a copy and for a stranger's frame between two items

[[nodiscard]] IpAddress host_address(unsigned host, bool is_ipv6);

// Any bytes are a stream. Payloads point into them.
[[nodiscard]] std::vector<Item> read_stream(std::span<const std::uint8_t> bytes);

// The items of an exchange as bytes; those with more hosts or ports than there are numbers for are left out.
[[nodiscard]] std::vector<std::uint8_t> write_stream(std::span<const Item> items);

}  // namespace tcpteardown::fuzz
