// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/icmp.h"

#include <array>
#include <span>

namespace tcpteardown {
namespace {

constexpr int kAnyCode = -1;

struct Row {
  std::uint8_t type;
  int code;
  Failure failure;
  IcmpErrno error;
};

// RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1; Linux icmp_err_convert
constexpr std::array kIcmp4{
    Row{3, 0, Failure::no_route, IcmpErrno::enetunreach},
    Row{3, 1, Failure::no_host, IcmpErrno::ehostunreach},
    Row{3, 2, Failure::no_protocol, IcmpErrno::unknown},
    Row{3, 3, Failure::no_port, IcmpErrno::econnrefused},
    Row{3, 4, Failure::too_big, IcmpErrno::unknown},
    Row{3, 6, Failure::no_route, IcmpErrno::enetunreach},
    Row{3, 7, Failure::no_host, IcmpErrno::unknown},
    Row{3, 8, Failure::no_host, IcmpErrno::unknown},
    Row{3, 9, Failure::prohibited, IcmpErrno::enetunreach},
    Row{3, 10, Failure::prohibited, IcmpErrno::ehostunreach},
    Row{3, 11, Failure::no_route, IcmpErrno::enetunreach},
    Row{3, 12, Failure::no_host, IcmpErrno::ehostunreach},
    Row{3, 13, Failure::prohibited, IcmpErrno::ehostunreach},
    Row{3, 14, Failure::prohibited, IcmpErrno::ehostunreach},
    Row{3, 15, Failure::prohibited, IcmpErrno::ehostunreach},
    Row{11, kAnyCode, Failure::too_many_hops, IcmpErrno::ehostunreach},
};

// RFC 4443 §3; Linux icmpv6_err_convert
constexpr std::array kIcmp6{
    Row{1, 0, Failure::no_route, IcmpErrno::enetunreach},
    Row{1, 1, Failure::prohibited, IcmpErrno::eacces},
    Row{1, 2, Failure::no_host, IcmpErrno::ehostunreach},
    Row{1, 3, Failure::no_host, IcmpErrno::ehostunreach},
    Row{1, 4, Failure::no_port, IcmpErrno::econnrefused},
    Row{1, 5, Failure::prohibited, IcmpErrno::eacces},
    Row{1, 6, Failure::prohibited, IcmpErrno::eacces},
    Row{2, kAnyCode, Failure::too_big, IcmpErrno::unknown},
    Row{3, kAnyCode, Failure::too_many_hops, IcmpErrno::ehostunreach},
};

}  // namespace

IcmpMeaning read_icmp(const IcmpFacts& icmp) {
  const std::span<const Row> table =
      icmp.is_icmpv6 ? std::span<const Row>(kIcmp6) : std::span<const Row>(kIcmp4);
  for (const Row& row : table) {
    const bool matches = row.type == icmp.type && (row.code == kAnyCode || row.code == icmp.code);
    if (matches) return {row.failure, row.error};
  }
  return {};
}

}  // namespace tcpteardown
