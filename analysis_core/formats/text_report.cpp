// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "findings/phrasing.h"
#include "formats/badness.h"
#include "formats/connection_text.h"
#include "formats/host_table.h"
#include "formats/output.h"
#include "formats/symptom_table.h"
#include "formats/table.h"
#include "formats/wall_clock.h"
#include "verdict/judge.h"

// The report for people, in the order in which they ask: what did the programs see and who caused it, what
// happened how often, how do we know, and which connections were it. What is kept of each connection until
// then does not grow with their number, unless all are to be listed.
namespace tcpteardown {
namespace {

constexpr std::size_t kSeverities = static_cast<std::size_t>(Severity::error) + 1;

// How many connections of one verdict are listed: enough to see what they have in common (our choice).
constexpr std::size_t kRowsOfVerdict = 10;
// Which servers: as many as one reads. Who wants all asks for them (our choice).
constexpr std::size_t kServersShown = 5;
// How many verdicts are explained: what is read at one sitting (our choice).
constexpr std::size_t kMostExplained = 5;

// Nobody looks for a connection that ended well, or that goes on.
bool is_listed(const ReportRow& row) { return row.severity >= Severity::note; }

struct VerdictCount {
  VerdictId id = {};
  Severity severity = Severity::none;  // the worst of its connections
  std::array<std::uint64_t, kSeverities> of_severity{};
  std::uint64_t connections = 0;
  LostBytes lost;
  std::vector<Badness> listed;  // those that the list shows, worst first unless it shows all
};

// "error", or "2 error, 16 chat" where a verdict's endings are not all equally bad.
std::string severities_of(const VerdictCount& count) {
  std::string text;
  for (std::size_t i = kSeverities; i-- > 0;) {
    const std::string_view name = to_string(static_cast<Severity>(i));
    if (count.of_severity[i] == count.connections) return std::string(name);
    if (count.of_severity[i] == 0) continue;
    text += (text.empty() ? "" : ", ") + grouped(count.of_severity[i]) + ' ' + std::string(name);
  }
  return text;
}

std::string in_list(std::int64_t time_ns, std::int64_t offset_s, bool with_date) {
  return (with_date ? date_at(time_ns, offset_s) + ' ' : "") + time_at(time_ns, offset_s);
}

}  // namespace

struct TextReport::Tally {
  std::vector<VerdictCount> verdicts = std::vector<VerdictCount>(catalogue().size());
  SymptomTable symptoms;
  HostTable hosts;
  std::uint64_t connections = 0;
  std::uint64_t ended = 0;
  std::int64_t first_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_ns = std::numeric_limits<std::int64_t>::min();
  std::uint32_t only_place = 0;  // of the one connection, if there is no other

  explicit Tally(HostSide side) : hosts(side) {}

  void add(const ReportRow& row, std::uint32_t place, RowsShown rows);
  void append_headline(std::string& out, std::string_view file, const TextLayout& layout) const;
  void append_verdicts(std::string& out) const;
  void append_examples(std::string& out, const MakeReport& make, const TextLayout& layout) const;
  void append_list(std::string& out, const MakeReport& make, const TextLayout& layout) const;
  void append_rest(std::string& out) const;

 private:
  [[nodiscard]] std::string captured(LocalOffset local) const;
  [[nodiscard]] bool is_one_day() const { return utc_day(first_ns) == utc_day(last_ns); }
  [[nodiscard]] std::vector<const VerdictCount*> sorted_verdicts() const;

  friend class TextReport;
};

void TextReport::Tally::add(const ReportRow& row, std::uint32_t place, RowsShown rows) {
  const Badness badness = badness_of(row, place);
  VerdictCount& count = verdicts[static_cast<std::size_t>(row.id)];
  count.id = row.id;
  count.severity = std::max(count.severity, row.severity);
  ++count.of_severity[static_cast<std::size_t>(row.severity)];
  ++count.connections;
  count.lost.certain += row.lost.certain;
  count.lost.possible += row.lost.possible;
  if (rows == RowsShown::all) {
    count.listed.push_back(badness);
  } else if (is_listed(row)) {
    count.listed.insert(std::upper_bound(count.listed.begin(), count.listed.end(), badness), badness);
    if (count.listed.size() > kRowsOfVerdict) count.listed.pop_back();
  }
  symptoms.add(row, badness);
  hosts.add(row);
  ++connections;
  if (row.ended()) ++ended;
  first_ns = std::min(first_ns, row.first.time_ns);
  last_ns = std::max(last_ns, row.last.time_ns);
  only_place = place;
}

std::vector<const VerdictCount*> TextReport::Tally::sorted_verdicts() const {
  std::vector<const VerdictCount*> sorted;
  for (const VerdictCount& count : verdicts) {
    if (count.connections > 0) sorted.push_back(&count);
  }
  const auto key = [](const VerdictCount* c) {
    return std::tuple(-static_cast<int>(c->severity), ~c->connections, row_of(c->id).slug);
  };
  std::sort(sorted.begin(), sorted.end(), [&key](const auto* x, const auto* y) { return key(x) < key(y); });
  return sorted;
}

// From the first segment to the last: "2026-11-20 10:03:11 to 10:05:40 UTC".
std::string TextReport::Tally::captured(LocalOffset local) const {
  constexpr std::size_t kToSeconds = 8;
  std::string text = date_at(first_ns) + ' ' + time_at(first_ns).substr(0, kToSeconds) + " to ";
  if (!is_one_day()) text += date_at(last_ns) + ' ';
  text += time_at(last_ns).substr(0, kToSeconds) + " UTC";
  const std::int64_t offset = local == nullptr ? 0 : local(first_ns);
  return offset == 0 ? text : text + ", local time is UTC" + offset_text(offset);
}

void TextReport::Tally::append_headline(std::string& out, std::string_view file,
                                        const TextLayout& layout) const {
  out += "TCP teardown";
  if (!file.empty()) out += " of " + printable(file);
  out += ": ";
  if (connections == 0) {
    out += "no TCP connections\n";
    return;
  }
  out += counted(connections, "connection", "connections") + ", " + grouped(ended) + " ended, " +
         captured(layout.local) + '\n';
}

void TextReport::Tally::append_verdicts(std::string& out) const {
  constexpr std::array kAligns{Align::left, Align::left, Align::right, Align::right, Align::right};
  std::vector<Cells> rows{{"verdict", "severity", "connections", "bytes lost", "perhaps lost"}};
  for (const VerdictCount* count : sorted_verdicts()) {
    rows.push_back({std::string(row_of(count->id).slug), severities_of(*count), grouped(count->connections),
                    grouped_or_dash(count->lost.certain), grouped_or_dash(count->lost.possible)});
  }
  out += '\n';
  append_table(out, rows, kAligns);
}

// The worst connection of each verdict that is worth a look.
void TextReport::Tally::append_examples(std::string& out, const MakeReport& make,
                                        const TextLayout& layout) const {
  std::vector<Badness> worst;
  for (const VerdictCount& count : verdicts) {
    if (count.severity < Severity::warn) continue;
    worst.push_back(*std::min_element(count.listed.begin(), count.listed.end()));
  }
  std::sort(worst.begin(), worst.end());
  for (std::size_t i = 0; i < worst.size() && i < kMostExplained; ++i) {
    out += '\n' + connection_text(make(worst[i].place), layout);
  }
  if (worst.size() > kMostExplained) {
    out += "\nFor an example of the others: tcpteardown --verdict VERDICT\n";
  }
}

// Each connection in one line: the summary names the ends, who did what, and what was lost.
void TextReport::Tally::append_list(std::string& out, const MakeReport& make,
                                    const TextLayout& layout) const {
  std::vector<Badness> shown;
  for (const VerdictCount& count : verdicts) {
    shown.insert(shown.end(), count.listed.begin(), count.listed.end());
  }
  if (shown.empty()) return;
  std::sort(shown.begin(), shown.end());
  const auto offset = [&layout](std::int64_t at) { return layout.local == nullptr ? 0 : layout.local(at); };
  const bool with_local = offset(first_ns) != 0;
  std::vector<Align> aligns{Align::left, Align::right, Align::right, Align::left, Align::left, Align::left};
  std::vector<Cells> rows{{"severity", "stream", "frame", "time (UTC)", "verdict", "what happened"}};
  if (with_local) {
    aligns.insert(aligns.begin() + 4, Align::left);
    rows.front().insert(rows.front().begin() + 4, "local time");
  }
  for (const Badness& one : shown) {
    const Report report = make(one.place);
    const std::int64_t at = report.ended ? report.decisive_ns : report.start_ns + report.duration_ns;
    Cells cells{std::string(report.severity), report.stream ? digits(*report.stream) : "-",
                report.ended ? digits(report.decisive_frame) : "-", in_list(at, 0, !is_one_day())};
    if (with_local) cells.push_back(in_list(at, offset(at), !is_one_day()));
    cells.emplace_back(report.verdict);
    cells.push_back(printable(report.summary));
    rows.push_back(std::move(cells));
  }
  out += '\n';
  append_table(out, rows, aligns, layout.width == 0 ? kNoWidth : layout.width);
}

// "... and 20,130 graceful": of each verdict those that are not listed.
void TextReport::Tally::append_rest(std::string& out) const {
  std::string rest;
  for (const VerdictCount* count : sorted_verdicts()) {
    if (count->connections == count->listed.size()) continue;
    if (!rest.empty()) rest += ", ";
    rest += grouped(count->connections - count->listed.size()) + ' ' + std::string(row_of(count->id).slug);
  }
  if (rest.empty()) return;
  out += '\n' +
         wrapped("... and " + rest + ". All: tcpteardown --all, --csv or --json; tshark -z tcpteardown,csv",
                 kTextWidth, "  ");
}

TextReport::TextReport(const TextLayout& layout)
    : layout_(layout),
      tally_(std::make_unique<Tally>(layout.tables == Tables::by_client ? HostSide::client
                                                                        : HostSide::server)) {}
TextReport::~TextReport() = default;

void TextReport::add(const ReportRow& row, std::uint32_t place) { tally_->add(row, place, layout_.rows); }

std::string TextReport::write(const MakeReport& make, std::string_view file) const {
  std::string out;
  tally_->append_headline(out, file, layout_);
  if (tally_->connections == 0) return out;
  if (layout_.tables != Tables::report) {
    tally_->hosts.append(out, std::numeric_limits<std::size_t>::max());
    return out;
  }
  // Of one connection alone the tables would only repeat what its own text says.
  if (tally_->connections == 1) return out + '\n' + connection_text(make(tally_->only_place), layout_);
  tally_->symptoms.append(out, !tally_->is_one_day());
  tally_->append_verdicts(out);
  if (tally_->hosts.size() > 1) tally_->hosts.append(out, kServersShown);
  tally_->append_examples(out, make, layout_);
  tally_->append_list(out, make, layout_);
  tally_->append_rest(out);
  return out;
}

std::string text_report(std::span<const ReportRow> connections, const MakeReport& make, std::string_view file,
                        const TextLayout& layout) {
  TextReport report{layout};
  for (std::uint32_t i = 0; i < connections.size(); ++i) report.add(connections[i], i);
  return report.write(make, file);
}

}  // namespace tcpteardown
