// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "verdict/verdict.h"

namespace tcpteardown {

// Causes that agree with the segments and with the verdict, most likely first: unread-data, linger0,
// process-exit, keepalive-race, close-notify, idle-timer:350, box-idle-time-out, mptcp:3, netscaler:9300,
// f5:no-flow-found-for-ack, reset-text:go-away, syn-scan …
[[nodiscard]] std::vector<std::string> cause_hints(const Teardown& teardown, const Verdict& row);

}  // namespace tcpteardown
