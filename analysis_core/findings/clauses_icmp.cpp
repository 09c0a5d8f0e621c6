// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/icmp.h"
#include "findings/clauses.h"

// What an ICMP error says.
namespace tcpteardown {
namespace {

std::string_view meaning(Failure failure) {
  switch (failure) {
    case Failure::no_route: return "that there is no route to the network";
    case Failure::no_host: return "that the host is unreachable";
    case Failure::no_protocol: return "that the host does not speak TCP";
    case Failure::no_port: return "that the port is unreachable";
    case Failure::prohibited: return "that a policy prohibits this traffic";
    case Failure::too_big: return "that a packet is too big";
    case Failure::too_many_hops: return "that the packet ran out of hops";
    case Failure::other: return "an error";
  }
  return "an error";
}

}  // namespace

std::string icmp_meaning(const IcmpFacts& icmp) {
  return std::string(meaning(read_icmp(icmp).failure)) +
         (icmp.is_icmpv6 ? " (ICMPv6 type " : " (ICMP type ") + std::to_string(icmp.type) + ", code " +
         std::to_string(icmp.code) + ')';
}

}  // namespace tcpteardown
