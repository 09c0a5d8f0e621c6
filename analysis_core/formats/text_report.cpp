// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
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

// The report for people: what happened how often, then each connection in one line, the one
// most worth a look first; then the worst ones drawn.
namespace tcpteardown {
namespace {

int loss_rank(std::string_view loss) {
  if (loss == "certain") return 0;
  return loss == "possible" ? 1 : 2;
}

struct VerdictCount {
  std::string_view verdict;
  std::string_view severity;  // the worst of its connections
  std::uint64_t connections = 0;
  LostBytes lost;
};

std::vector<VerdictCount> count_verdicts(std::span<const Report> reports) {
  std::map<std::string_view, VerdictCount> counts;
  for (const Report& report : reports) {
    VerdictCount& count = counts[report.verdict];
    const bool first = count.connections == 0;
    count.verdict = report.verdict;
    if (first || badness(report.severity) < badness(count.severity)) count.severity = report.severity;
    ++count.connections;
    const LostBytes lost = lost_bytes(report);
    count.lost.certain += lost.certain;
    count.lost.possible += lost.possible;
  }
  std::vector<VerdictCount> rows;
  rows.reserve(counts.size());
  for (const auto& [verdict, count] : counts) rows.push_back(count);
  std::stable_sort(rows.begin(), rows.end(), [](const VerdictCount& x, const VerdictCount& y) {
    return std::tuple(badness(x.severity), y.connections) < std::tuple(badness(y.severity), x.connections);
  });
  return rows;
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

void append_headline(std::string& out, std::span<const Report> reports, std::string_view file) {
  out += "TCP teardown";
  if (!file.empty()) out += " of " + printable(file);
  out += ": ";
  if (reports.empty()) {
    out += "no TCP connections\n";
    return;
  }
  const auto ended = static_cast<std::uint64_t>(
      std::count_if(reports.begin(), reports.end(), [](const Report& r) { return r.ended; }));
  out += counted(reports.size(), "connection", "connections") + ", " + grouped(ended) + " ended\n";
}

void append_verdict_table(std::string& out, std::span<const Report> reports) {
  constexpr Align kAligns[] = {Align::left, Align::left, Align::right, Align::right, Align::right};
  std::vector<Cells> rows{{"verdict", "severity", "connections", "bytes lost", "perhaps lost"}};
  for (const VerdictCount& count : count_verdicts(reports)) {
    rows.push_back({std::string(count.verdict), std::string(count.severity), digits(count.connections),
                    grouped_or_dash(count.lost.certain), grouped_or_dash(count.lost.possible)});
  }
  append_table(out, rows, kAligns);
}

std::vector<const Report*> worst_first(std::span<const Report> reports) {
  std::vector<const Report*> order;
  order.reserve(reports.size());
  for (const Report& report : reports) order.push_back(&report);
  const auto key = [](const Report* r) {
    const LostBytes lost = lost_bytes(*r);
    return std::tuple(badness(r->severity), loss_rank(r->loss), ~lost.certain, ~lost.possible,
                      r->first_frame);
  };
  std::stable_sort(order.begin(), order.end(),
                   [&key](const Report* x, const Report* y) { return key(x) < key(y); });
  return order;
}

// A connection in one line: the summary names the ends, who did what, and what was lost.
Cells connection_line(const Report& report) {
  return {std::string(report.severity), report.stream ? digits(*report.stream) : "-",
          report.decisive_frame != 0 ? digits(report.decisive_frame) : "-", std::string(report.verdict),
          printable(report.summary)};
}

// How many of the worst are drawn: what is read at one sitting (our choice). Who wants others,
// filters: of one connection alone the drawing is always shown.
constexpr std::size_t kMostDrawn = 5;
bool is_worth_drawing(const Report& report) {
  return report.severity == "error" || report.severity == "warn";
}

}  // namespace

std::string text_report(std::span<const Report> reports, std::string_view file) {
  std::string out;
  append_headline(out, reports, file);
  if (reports.empty()) return out;
  // Of one connection alone the tables would only repeat what its own text says.
  if (reports.size() == 1) return out + '\n' + connection_text(reports.front());
  out += '\n';
  append_verdict_table(out, reports);
  out += '\n';
  constexpr Align kAligns[] = {Align::left, Align::right, Align::right, Align::left, Align::left};
  std::vector<Cells> rows{{"severity", "stream", "frame", "verdict", "what happened"}};
  const std::vector<const Report*> order = worst_first(reports);
  for (const Report* report : order) rows.push_back(connection_line(*report));
  append_table(out, rows, kAligns);
  for (std::size_t i = 0; i < order.size() && i < kMostDrawn; ++i) {
    if (is_worth_drawing(*order[i])) out += '\n' + connection_text(*order[i]);
  }
  return out;
}

}  // namespace tcpteardown
