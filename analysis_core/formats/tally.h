// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "report/report.h"

// What tables of many connections add up and sort by.
namespace tcpteardown {

// Unacknowledged bytes are lost where loss is certain. Bytes that were acknowledged but perhaps
// never read, and all of them where loss is only possible, may be lost.
struct LostBytes {
  std::uint64_t certain = 0;
  std::uint64_t possible = 0;
};

[[nodiscard]] LostBytes lost_bytes(const Report& report);

// Of a severity by name: 0 is the worst (error), then warn, note, chat, none.
[[nodiscard]] int badness(std::string_view severity);

}  // namespace tcpteardown
