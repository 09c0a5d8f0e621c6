// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace tcpteardown {

// Called by epan once: protocol, fields, preferences, tap and statistics.
void register_protocol();
// Called by epan once all protocols exist: the wrappers before TCP and ICMP.
void register_handoff();

}  // namespace tcpteardown
