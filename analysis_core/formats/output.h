// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "report/report.h"
#include "report/report_row.h"

namespace tcpteardown {

// One JSON object and a line end: the keys of connection_fields() behind the connection's
// own (file, stream, client, …), then the array "rsts".
void append_json(std::string& out, const Report& report, std::string_view file);

// The header line, and one line for a connection (RFC 4180 quoting).
void append_csv_header(std::string& out);
void append_csv(std::string& out, const Report& report, std::string_view file);

// Which rows the text report has.
enum class RowsShown : std::uint8_t {
  few,  // of each verdict the ten worst, and how many more there are
  all,
};

// The report of the connection at this place, with its last segments: asked for where it is shown.
using MakeReport = std::function<Report(std::size_t)>;

// The report for people: a table of verdicts with counts and bytes lost, then one line for
// each connection, worst first, then the worst ones with findings and drawing.
[[nodiscard]] std::string text_report(std::span<const ReportRow> connections, const MakeReport& make,
                                      std::string_view file, RowsShown rows = RowsShown::few);
// The same of reports that have been made already.
[[nodiscard]] std::string text_report(std::span<const Report> reports, std::string_view file,
                                      RowsShown rows = RowsShown::few);

}  // namespace tcpteardown
