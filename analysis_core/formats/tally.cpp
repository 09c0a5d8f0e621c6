// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/tally.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "verdict/judge.h"

namespace tcpteardown {

namespace {

// The value that has this name; the first one if none has.
template <typename Enum, std::size_t N>
Enum by_name(const std::array<Enum, N>& values, std::string_view name) {
  for (const Enum value : values) {
    if (to_string(value) == name) return value;
  }
  return values.front();
}

Loss loss_by_name(std::string_view name) {
  constexpr std::array kAll{Loss::none, Loss::possible, Loss::certain};
  return by_name(kAll, name);
}

}  // namespace

LostBytes lost_bytes(const Report& report) {
  return lost_bytes(loss_by_name(report.loss), report.client_unacked + report.server_unacked,
                    report.client_unread_max + report.server_unread_max);
}

int badness(std::string_view severity) {
  constexpr std::array<std::string_view, 4> kOrder{"error", "warn", "note", "chat"};
  const auto found = std::find(kOrder.begin(), kOrder.end(), severity);
  return static_cast<int>(found - kOrder.begin());
}

}  // namespace tcpteardown
