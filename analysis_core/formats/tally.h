// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "report/report.h"
#include "report/report_row.h"

// What tables of many connections add up and sort by.
namespace tcpteardown {

// What a report says of lost bytes.
[[nodiscard]] LostBytes lost_bytes(const Report& report);

// Of a severity by name: 0 is the worst (error), then warn, note, chat, none.
[[nodiscard]] int badness(std::string_view severity);

}  // namespace tcpteardown
