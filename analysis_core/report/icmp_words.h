// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "tracking/connection.h"

namespace tcpteardown {

// What an ICMP or ICMPv6 error says, to follow "reported": "that the host is unreachable".
[[nodiscard]] std::string icmp_meaning(const IcmpFacts& icmp);
// What to look at after it: whole sentences. `from_target`: the error came from the address that
// was asked for.
[[nodiscard]] std::string icmp_advice(const IcmpFacts& icmp, bool from_target);

}  // namespace tcpteardown
