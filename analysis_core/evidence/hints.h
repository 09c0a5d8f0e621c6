// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evidence/teardown.h"

namespace tcpteardown {

// Idle timers that users meet (seconds), to compare an idle gap with; 0 if none matches. A
// match is a hint, never a cause.
[[nodiscard]] std::uint32_t matching_idle_timer(std::int64_t idle_ns);

// Before the decisive RST or its trigger, or before the first FIN; negative if not known.
[[nodiscard]] std::int64_t idle_before_end(const Teardown& teardown);
// The timer that this gap matches, in seconds; 0 if none does, or if data was repeated in the gap.
[[nodiscard]] std::uint32_t idle_timer_of(const Teardown& teardown);

// Causes that agree with the segments, most likely first: unread-data, linger0, process-exit,
// keepalive-race, close-notify, idle-timer:350, box-idle-time-out, mptcp:3, netscaler:9300,
// f5:no-flow-found-for-ack, reset-text:go-away, syn-scan …
[[nodiscard]] std::vector<std::string> cause_hints(const Teardown& teardown);

}  // namespace tcpteardown
