// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "report/report_row.h"

// Tables of many connections, each row of which is a group of them.
namespace tcpteardown {

// Which of two connections is the worse one; of equals the one that comes first.
using IsWorse = std::function<bool(std::uint32_t, std::uint32_t)>;

// Whether the time of day is enough to tell them apart.
[[nodiscard]] bool are_of_one_day(std::span<const ReportRow> connections);

// What programs saw ("connection reset by peer"): how often, who saw it, who caused it, as which verdict, at
// which server, and where to look first.
void append_symptoms(std::string& out, std::span<const ReportRow> connections, const IsWorse& is_worse);

enum class HostSide : std::uint8_t { client, server };

// A line for each server (address and port) or client (address), those with most endings worth a look first;
// at most `most` of them.
void append_hosts(std::string& out, std::span<const ReportRow> connections, HostSide side, std::size_t most);
// Whether they have more than one server.
[[nodiscard]] bool have_several_servers(std::span<const ReportRow> connections);

// Whether a connection's end is worth a look (severity warning or error).
[[nodiscard]] inline bool is_worth_a_look(const ReportRow& row) { return row.severity >= Severity::warn; }

}  // namespace tcpteardown
