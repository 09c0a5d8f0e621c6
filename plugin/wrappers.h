// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace tcpteardown {

// Registers the names under which the wrappers appear (before the handoff).
void register_wrappers();
// Puts the wrappers before the dissectors of TCP, ICMP and ICMPv6.
void install_wrappers();

}  // namespace tcpteardown
