// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/tally.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace tcpteardown {

LostBytes lost_bytes(const Report& report) {
  const std::uint64_t unacked = report.client_unacked + report.server_unacked;
  const std::uint64_t unread = report.client_unread_max + report.server_unread_max;
  if (report.loss == "certain") return {unacked, unread};
  if (report.loss == "possible") return {0, unacked + unread};
  return {};
}

int badness(std::string_view severity) {
  constexpr std::array<std::string_view, 4> kOrder{"error", "warn", "note", "chat"};
  const auto found = std::find(kOrder.begin(), kOrder.end(), severity);
  return static_cast<int>(found - kOrder.begin());
}

}  // namespace tcpteardown
