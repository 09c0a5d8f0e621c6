// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "formats/wall_clock.h"
#include "report/report.h"
#include "report/report_row.h"

namespace tcpteardown {

// One JSON object and a line end: the keys of connection_fields() behind the connection's
// own (file, stream, client, …), then the array "rsts".
// With the end in local time too, where somebody knows that.
void append_json(std::string& out, const Report& report, std::string_view file, LocalOffset local = nullptr);

// The header line, and one line for a connection (RFC 4180 quoting).
void append_csv_header(std::string& out);
void append_csv(std::string& out, const Report& report, std::string_view file, LocalOffset local = nullptr);

// What the text report has, and how wide it is.
enum class RowsShown : std::uint8_t {
  few,  // of each verdict the ten worst, none that ended well or goes on, and how many more there are
  all,
};
enum class Tables : std::uint8_t { report, by_server, by_client };

struct TextLayout {
  RowsShown rows = RowsShown::few;
  Tables tables = Tables::report;  // by_server, by_client: only that table, whole
  // Columns of the terminal; 0: it goes elsewhere, so that lines of the list stay whole, for grep.
  std::size_t width = 0;
  LocalOffset local = nullptr;  // nullptr: times are told in UTC only
};

// The report of the connection at this place, with its last segments: asked for where it is shown.
using MakeReport = std::function<Report(std::size_t)>;

// The report for people, the answer first: what programs saw and who caused it, the verdicts with counts and
// bytes lost, one example of each verdict worth a look with findings and drawing, then a line for each
// connection, worst first.
class TextReport {
 public:
  explicit TextReport(const TextLayout& layout);
  TextReport(const TextReport&) = delete;
  TextReport& operator=(const TextReport&) = delete;
  ~TextReport();

  // The place is what its report will be asked for with.
  void add(const ReportRow& row, std::uint32_t place);
  [[nodiscard]] std::string write(const MakeReport& make, std::string_view file) const;

 private:
  struct Tally;

  TextLayout layout_;
  std::unique_ptr<Tally> tally_;
};

// The same of all at once, by their places.
[[nodiscard]] std::string text_report(std::span<const ReportRow> connections, const MakeReport& make,
                                      std::string_view file, const TextLayout& layout = {});

}  // namespace tcpteardown
