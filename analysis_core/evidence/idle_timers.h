// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "evidence/teardown.h"

// Idle timers that users meet, to compare an idle time with. A match is a hint, never a cause.
namespace tcpteardown {

struct IdleTimer {
  std::uint32_t seconds = 0;  // 0: none
  std::string_view whose;     // "nginx's keep-alive time-out (75 s)"; empty: of many, or of none
};

// The one that a time without data matches, or none.
[[nodiscard]] IdleTimer matching_idle_timer(std::int64_t idle_ns);

// Before the decisive RST or its trigger, or before the first FIN; negative if not known.
[[nodiscard]] std::int64_t idle_before_end(const Teardown& teardown);
// The timer that this time matches; none too if data was repeated meanwhile, or not captured.
[[nodiscard]] IdleTimer idle_timer_of(const Teardown& teardown);

}  // namespace tcpteardown
