// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "findings/phrasing.h"
#include "formats/connection_text.h"
#include "formats/output.h"
#include "formats/output_format.h"
#include "formats/tally.h"
#include "verdict/judge.h"

// The report for people: what happened how often, then each connection in one line, the one
// most worth a look first; then the worst ones drawn.
namespace tcpteardown {
namespace {

struct VerdictCount {
  VerdictId id = {};
  Severity severity = Severity::none;  // the worst of its connections
  std::uint64_t connections = 0;
  LostBytes lost;
};

std::vector<VerdictCount> count_verdicts(std::span<const ReportRow> connections) {
  std::vector<VerdictCount> counts(catalogue().size());
  for (const ReportRow& c : connections) {
    VerdictCount& count = counts[static_cast<std::size_t>(c.id)];
    count.id = c.id;
    count.severity = std::max(count.severity, c.severity);
    ++count.connections;
    count.lost.certain += c.lost.certain;
    count.lost.possible += c.lost.possible;
  }
  std::erase_if(counts, [](const VerdictCount& count) { return count.connections == 0; });
  const auto key = [](const VerdictCount& c) {
    return std::tuple(-static_cast<int>(c.severity), ~c.connections, row_of(c.id).slug);
  };
  std::sort(counts.begin(), counts.end(),
            [&key](const VerdictCount& x, const VerdictCount& y) { return key(x) < key(y); });
  return counts;
}

std::string digits(std::uint64_t value) {
  std::string out;
  append_unsigned(out, value);
  return out;
}

// Nothing is "-": a column of zeros hides the numbers that matter.
std::string grouped_or_dash(std::uint64_t value) { return value == 0 ? "-" : grouped(value); }

enum class Align : std::uint8_t { left, right };
using Cells = std::vector<std::string>;

// Columns as wide as their widest cell, two spaces between, no blanks at line ends.
void append_table(std::string& out, const std::vector<Cells>& rows, std::span<const Align> aligns) {
  std::vector<std::size_t> widths(aligns.size());
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size() || (i < row.size() && aligns[i] == Align::right); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  for (const Cells& row : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] > row[i].size() ? widths[i] - row[i].size() : 0, ' ');
      line += ' ' + (aligns[i] == Align::left ? row[i] + blanks : blanks + row[i]) + ' ';
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
}

void append_headline(std::string& out, std::span<const ReportRow> connections, std::string_view file) {
  out += "TCP teardown";
  if (!file.empty()) out += " of " + printable(file);
  out += ": ";
  if (connections.empty()) {
    out += "no TCP connections\n";
    return;
  }
  const auto ended = static_cast<std::uint64_t>(
      std::count_if(connections.begin(), connections.end(), [](const ReportRow& c) { return c.ended; }));
  out += counted(connections.size(), "connection", "connections") + ", " + grouped(ended) + " ended\n";
}

void append_verdict_table(std::string& out, const std::vector<VerdictCount>& counts) {
  constexpr Align kAligns[] = {Align::left, Align::left, Align::right, Align::right, Align::right};
  std::vector<Cells> rows{{"verdict", "severity", "connections", "bytes lost", "perhaps lost"}};
  for (const VerdictCount& count : counts) {
    rows.push_back({std::string(row_of(count.id).slug), std::string(to_string(count.severity)),
                    digits(count.connections), grouped_or_dash(count.lost.certain),
                    grouped_or_dash(count.lost.possible)});
  }
  append_table(out, rows, kAligns);
}

// How many connections of one verdict are shown: enough to see what they have in common (our choice).
constexpr std::size_t kRowsOfVerdict = 10;

// The places of the connections that are shown, worst first.
class Order {
 public:
  Order(std::span<const ReportRow> connections, RowsShown rows) : connections_(connections) {
    std::vector<std::vector<std::uint32_t>> by_verdict(catalogue().size());
    for (std::uint32_t i = 0; i < connections.size(); ++i) {
      by_verdict[static_cast<std::size_t>(connections[i].id)].push_back(i);
    }
    for (std::vector<std::uint32_t>& places : by_verdict) {
      const std::size_t most =
          rows == RowsShown::all ? places.size() : std::min(places.size(), kRowsOfVerdict);
      const auto shown_end = places.begin() + static_cast<std::ptrdiff_t>(most);
      const auto worse = [this](std::uint32_t x, std::uint32_t y) { return key(x) < key(y); };
      std::partial_sort(places.begin(), shown_end, places.end(), worse);
      shown_.insert(shown_.end(), places.begin(), shown_end);
    }
    std::sort(shown_.begin(), shown_.end(),
              [this](std::uint32_t x, std::uint32_t y) { return key(x) < key(y); });
  }

  [[nodiscard]] const std::vector<std::uint32_t>& shown() const { return shown_; }

 private:
  [[nodiscard]] std::tuple<int, int, std::uint64_t, std::uint64_t, FrameNumber, std::uint32_t> key(
      std::uint32_t place) const {
    const ReportRow& c = connections_[place];
    return {-static_cast<int>(c.severity),
            -static_cast<int>(c.loss),
            ~c.lost.certain,
            ~c.lost.possible,
            c.first_frame,
            place};
  }

  std::span<const ReportRow> connections_;
  std::vector<std::uint32_t> shown_;
};

// A connection in one line: the summary names the ends, who did what, and what was lost.
Cells connection_line(const Report& report) {
  return {std::string(report.severity), report.stream ? digits(*report.stream) : "-",
          report.decisive_frame != 0 ? digits(report.decisive_frame) : "-", std::string(report.verdict),
          printable(report.summary)};
}

// How many of the worst are drawn: what is read at one sitting (our choice). Who wants others,
// filters: of one connection alone the drawing is always shown.
constexpr std::size_t kMostDrawn = 5;
bool is_worth_drawing(const ReportRow& connection) { return connection.severity >= Severity::warn; }

// "… 20,130 more graceful" for each verdict of which not all are shown.
void append_rest(std::string& out, const std::vector<VerdictCount>& counts, RowsShown rows) {
  if (rows == RowsShown::all) return;
  bool is_first = true;
  for (const VerdictCount& count : counts) {
    if (count.connections <= kRowsOfVerdict) continue;
    if (is_first) out += '\n';
    out += "  ... " + grouped(count.connections - kRowsOfVerdict) + " more " +
           std::string(row_of(count.id).slug);
    if (is_first) out += ": tcpteardown --all or --csv, tshark -z tcpteardown,csv";
    out += '\n';
    is_first = false;
  }
}

void append_connections(std::string& out, const std::vector<std::uint32_t>& places, const MakeReport& make) {
  constexpr Align kAligns[] = {Align::left, Align::right, Align::right, Align::left, Align::left};
  std::vector<Cells> rows{{"severity", "stream", "frame", "verdict", "what happened"}};
  for (const std::uint32_t place : places) rows.push_back(connection_line(make(place)));
  append_table(out, rows, kAligns);
}

}  // namespace

std::string text_report(std::span<const ReportRow> connections, const MakeReport& make, std::string_view file,
                        RowsShown rows) {
  std::string out;
  append_headline(out, connections, file);
  if (connections.empty()) return out;
  // Of one connection alone the tables would only repeat what its own text says.
  if (connections.size() == 1) return out + '\n' + connection_text(make(0));
  const std::vector<VerdictCount> counts = count_verdicts(connections);
  out += '\n';
  append_verdict_table(out, counts);
  out += '\n';
  const Order order{connections, rows};
  append_connections(out, order.shown(), make);
  append_rest(out, counts, rows);
  for (std::size_t i = 0; i < order.shown().size() && i < kMostDrawn; ++i) {
    const std::uint32_t place = order.shown()[i];
    if (is_worth_drawing(connections[place])) out += '\n' + connection_text(make(place));
  }
  return out;
}

std::string text_report(std::span<const Report> reports, std::string_view file, RowsShown rows) {
  std::vector<ReportRow> connections;
  connections.reserve(reports.size());
  for (const Report& report : reports) connections.push_back(report_row_of(report));
  return text_report(
      connections, [reports](std::size_t place) { return reports[place]; }, file, rows);
}

}  // namespace tcpteardown
