// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "evidence/teardown.h"

namespace tcpteardown {

// A sign of a third party. The hard ones can carry a verdict: the purported sender went on, or a burst
// guesses ahead (Weaver, Sommer and Paxson, NDSS 2009). Attempts did not end the connection; the rest only
// raise the number.
struct Indicator {
  std::string_view name;
  FrameNumber frame = 0;  // of the RST it speaks of
  bool hard = false;
  bool attempt = false;
};

// How likely a third party forged the ending, with the evidence by name.
struct Suspicion {
  std::uint8_t score = 0;  // 0 … 100
  std::array<Indicator, 16> indicators{};
  std::uint8_t count = 0;
};

// Two RSTs of one side, the later one ahead of all that was sent or acknowledged, and one
// of them ended the connection.
[[nodiscard]] bool burst_steps_ahead(const Teardown& teardown);

[[nodiscard]] Suspicion find_suspicion(const Teardown& teardown);

// More likely than not a third party: nobody is named as the one who ended it.
[[nodiscard]] bool looks_foreign(const Teardown& teardown);

}  // namespace tcpteardown
