// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/teardown.h"

// The reason that a RST itself states, for those who know where to look.
namespace tcpteardown {

struct StatedReason {
  enum class By : std::uint8_t { none, text, f5, netscaler };
  By by = By::none;
  bool passed_on = false;  // F5, NetScaler: the box was itself reset from its other side
  std::uint16_t code = 0;  // NetScaler
  std::string text;        // printable ASCII, without a full stop in the middle
};

[[nodiscard]] StatedReason stated_reason(const Teardown& teardown);

// What a NetScaler's code means; empty if it is none.
[[nodiscard]] std::string_view netscaler_meaning(std::uint16_t code);

// Lower-case letters, digits and hyphens: "No flow found" is "no-flow-found".
[[nodiscard]] std::string as_slug(std::string_view text);

}  // namespace tcpteardown
