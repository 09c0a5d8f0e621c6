// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// When it happened, so that a log of that time can be opened. Logs are in UTC or in local time, so both are
// told.
namespace tcpteardown {

// How many seconds local time was ahead of UTC then, on the machine that writes the report (TZ), as in
// Wireshark. Asked of whoever shows the report: the core knows no machine.
using LocalOffset = std::int64_t (*)(std::int64_t time_ns);

[[nodiscard]] std::int64_t utc_day(std::int64_t time_ns);  // since the epoch

inline constexpr std::string_view kLocalEnd = "end_time_local";  // the key, and the column

// Of a place whose clocks are so many seconds ahead of UTC.
[[nodiscard]] std::string date_at(std::int64_t time_ns, std::int64_t offset_s = 0);  // "2010-09-02"
[[nodiscard]] std::string time_at(std::int64_t time_ns, std::int64_t offset_s = 0);  // "07:31:00.123456"
// "2010-09-02T08:31:00.123456000+01:00".
[[nodiscard]] std::string local_iso(std::int64_t time_ns, std::int64_t offset_s);
[[nodiscard]] std::string offset_text(std::int64_t offset_s);  // "+01:00", as ISO 8601 has it

}  // namespace tcpteardown
