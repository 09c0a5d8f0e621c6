// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "tracking/connection.h"

namespace tcpteardown {

// What an ICMP or ICMPv6 error says.
enum class Failure : std::uint8_t {
  no_route,
  no_host,
  no_protocol,
  no_port,
  prohibited,
  too_big,
  too_many_hops,
  other,
};

// What Linux makes of it for the program; unknown where that is none of those we tell.
enum class IcmpErrno : std::uint8_t { unknown, enetunreach, ehostunreach, econnrefused, eacces };

struct IcmpMeaning {
  Failure failure = Failure::other;
  IcmpErrno error = IcmpErrno::unknown;
};

[[nodiscard]] IcmpMeaning read_icmp(const IcmpFacts& icmp);

}  // namespace tcpteardown
