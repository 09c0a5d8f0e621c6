// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "report/report.h"

namespace tcpteardown {

// One JSON object and a line end: the keys of connection_fields() behind the connection's
// own (file, stream, client, …), then the array "rsts".
void append_json(std::string& out, const Report& report, std::string_view file);

// The header line, and one line for a connection (RFC 4180 quoting).
void append_csv_header(std::string& out);
void append_csv(std::string& out, const Report& report, std::string_view file);

// The report for people: a table of verdicts with counts and bytes lost, then one line for
// each connection, worst first.
[[nodiscard]] std::string text_report(std::span<const Report> reports, std::string_view file);

}  // namespace tcpteardown
