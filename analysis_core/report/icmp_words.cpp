// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/icmp_words.h"

#include <cstdint>

namespace tcpteardown {
namespace {

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

// RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1
Failure failure_of_icmp4(std::uint8_t type, std::uint8_t code) {
  if (type == 11) return Failure::too_many_hops;
  if (type != 3) return Failure::other;
  switch (code) {
    case 0:
    case 6:
    case 11: return Failure::no_route;
    case 1:
    case 7:
    case 8:
    case 12: return Failure::no_host;
    case 2: return Failure::no_protocol;
    case 3: return Failure::no_port;
    case 4: return Failure::too_big;
    case 9:
    case 10:
    case 13:
    case 14:
    case 15: return Failure::prohibited;
    default: return Failure::other;
  }
}

// RFC 4443 §3
Failure failure_of_icmp6(std::uint8_t type, std::uint8_t code) {
  if (type == 2) return Failure::too_big;
  if (type == 3) return Failure::too_many_hops;
  if (type != 1) return Failure::other;
  switch (code) {
    case 0: return Failure::no_route;
    case 1:
    case 5:
    case 6: return Failure::prohibited;
    case 2:
    case 3: return Failure::no_host;
    case 4: return Failure::no_port;
    default: return Failure::other;
  }
}

Failure failure_of(const IcmpFacts& icmp) {
  return icmp.is_icmpv6 ? failure_of_icmp6(icmp.type, icmp.code) : failure_of_icmp4(icmp.type, icmp.code);
}

std::string_view meaning(Failure failure) {
  switch (failure) {
    case Failure::no_route: return "that there is no route to the network";
    case Failure::no_host: return "that the host is unreachable";
    case Failure::no_protocol: return "that the host does not speak TCP";
    case Failure::no_port: return "that the port is unreachable";
    case Failure::prohibited: return "that a policy prohibits this traffic";
    case Failure::too_big: return "that a packet is too big for the path";
    case Failure::too_many_hops: return "that the packet ran out of hops";
    case Failure::other: return "an error";
  }
  return "an error";
}

}  // namespace

std::string icmp_meaning(const IcmpFacts& icmp) {
  return std::string(meaning(failure_of(icmp))) + (icmp.is_icmpv6 ? " (ICMPv6 type " : " (ICMP type ") +
         std::to_string(icmp.type) + ", code " + std::to_string(icmp.code) + ")";
}

std::string icmp_advice(const IcmpFacts& icmp, bool from_target) {
  const Failure failure = failure_of(icmp);
  const bool odd = failure == Failure::no_route || failure == Failure::no_host;
  if (from_target && odd) {
    return "A host does not say this of itself: look for a firewall rule on it, or in front of it, that "
           "rejects in this form.";
  }
  switch (failure) {
    case Failure::no_route:
      return "Look at the routing table of the reporter: it has no route to this address.";
    case Failure::no_host:
      return "The reporter is the last router before the host and found nobody at the address (no ARP or "
             "neighbour discovery answer), or it is a firewall that rejects in this form.";
    case Failure::no_protocol: return "Check that the address belongs to the host that was meant.";
    case Failure::no_port:
      return "A TCP stack answers a closed port with RST, so this is a firewall that rejects with ICMP "
             "(the default of the iptables REJECT target): look for the rule at the reporter.";
    case Failure::prohibited:
      return "Look for the firewall rule or access list at the reporter that denies this port.";
    case Failure::too_big: return "Check the MTU along the path.";
    case Failure::too_many_hops: return "Look for a routing loop with traceroute.";
    case Failure::other: break;
  }
  return "Read the ICMP type and code in that frame.";
}

}  // namespace tcpteardown
