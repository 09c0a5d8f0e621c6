// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "evidence/teardown.h"

namespace tcpteardown {

// How likely a third party forged the ending, with the evidence by name. The hard items can
// carry a verdict (SPEC E2.5 H1, H3, H4); the soft ones only raise the number.
struct Suspicion {
  std::uint8_t score = 0;  // 0 … 100
  std::array<std::string_view, 12> indicators{};
  std::uint8_t count = 0;
};

// Two RSTs of one side, the later one ahead of all that was sent or acknowledged (H4).
[[nodiscard]] bool burst_steps_ahead(const Teardown& teardown);

[[nodiscard]] Suspicion judge_suspicion(const Teardown& teardown);

}  // namespace tcpteardown
