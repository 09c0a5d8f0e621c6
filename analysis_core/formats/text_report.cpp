// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
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
#include "formats/row_tables.h"
#include "formats/table.h"
#include "formats/wall_clock.h"
#include "verdict/judge.h"

// The report for people, in the order in which they ask: what did the programs see and who caused it, what
// happened how often, how do we know, and which connections were it.
namespace tcpteardown {
namespace {

constexpr std::size_t kSeverities = static_cast<std::size_t>(Severity::error) + 1;

struct VerdictCount {
  VerdictId id = {};
  Severity severity = Severity::none;  // the worst of its connections
  std::array<std::uint64_t, kSeverities> of_severity{};
  std::uint64_t connections = 0;
  std::uint64_t listed = 0;
  LostBytes lost;
};

std::vector<VerdictCount> count_verdicts(std::span<const ReportRow> connections) {
  std::vector<VerdictCount> counts(catalogue().size());
  for (const ReportRow& c : connections) {
    VerdictCount& count = counts[static_cast<std::size_t>(c.id)];
    count.id = c.id;
    count.severity = std::max(count.severity, c.severity);
    ++count.of_severity[static_cast<std::size_t>(c.severity)];
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

// --- head --------------------------------------------------------------------------------------

// From the first segment to the last: "2026-11-20 10:03:11 to 10:05:40 UTC".
std::string captured(std::span<const ReportRow> connections, LocalOffset local) {
  std::int64_t first = connections.front().first.time_ns;
  std::int64_t last = connections.front().last.time_ns;
  for (const ReportRow& c : connections) {
    first = std::min(first, c.first.time_ns);
    last = std::max(last, c.last.time_ns);
  }
  constexpr std::size_t kToSeconds = 8;
  std::string text = date_at(first) + ' ' + time_at(first).substr(0, kToSeconds) + " to ";
  if (date_at(last) != date_at(first)) text += date_at(last) + ' ';
  text += time_at(last).substr(0, kToSeconds) + " UTC";
  const std::int64_t offset = local == nullptr ? 0 : local(first);
  return offset == 0 ? text : text + ", local time is UTC" + offset_text(offset);
}

void append_headline(std::string& out, std::span<const ReportRow> connections, std::string_view file,
                     const TextLayout& layout) {
  out += "TCP teardown";
  if (!file.empty()) out += " of " + printable(file);
  out += ": ";
  if (connections.empty()) {
    out += layout.is_selection ? "no connection was asked for\n" : "no TCP connections\n";
    return;
  }
  const auto ended = static_cast<std::uint64_t>(
      std::count_if(connections.begin(), connections.end(), [](const ReportRow& c) { return c.ended(); }));
  out += counted(connections.size(), "connection", "connections") + ", " + grouped(ended) + " ended, " +
         captured(connections, layout.local) + '\n';
}

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

void append_verdict_table(std::string& out, const std::vector<VerdictCount>& counts) {
  constexpr std::array kAligns{Align::left, Align::left, Align::right, Align::right, Align::right};
  std::vector<Cells> rows{{"verdict", "severity", "connections", "bytes lost", "perhaps lost"}};
  for (const VerdictCount& count : counts) {
    rows.push_back({std::string(row_of(count.id).slug), severities_of(count), digits(count.connections),
                    grouped_or_dash(count.lost.certain), grouped_or_dash(count.lost.possible)});
  }
  out += '\n';
  append_table(out, rows, kAligns);
}

// --- connections -------------------------------------------------------------------------------

// How many connections of one verdict are listed: enough to see what they have in common (our choice).
constexpr std::size_t kRowsOfVerdict = 10;
// Which servers: as many as one reads. Who wants all asks for them (our choice).
constexpr std::size_t kServersShown = 5;
// How many verdicts are explained: what is read at one sitting (our choice).
constexpr std::size_t kMostExplained = 5;

// Nobody looks for a connection that ended well, or that goes on.
bool is_listed(const ReportRow& row) { return row.severity >= Severity::note; }

std::tuple<int, int, std::uint64_t, std::uint64_t, FrameNumber> badness_of(const ReportRow& c) {
  return {-static_cast<int>(c.severity), -static_cast<int>(c.loss), ~c.lost.certain, ~c.lost.possible,
          c.first.frame};
}

// The places of connections, worst first.
class Order {
 public:
  explicit Order(std::span<const ReportRow> connections) : connections_(connections) {}

  [[nodiscard]] bool is_worse(std::uint32_t x, std::uint32_t y) const {
    return std::pair(badness_of(connections_[x]), x) < std::pair(badness_of(connections_[y]), y);
  }

  // Those that the list shows; notes how many of each verdict.
  [[nodiscard]] std::vector<std::uint32_t> listed(RowsShown rows, std::vector<VerdictCount>& counts) const {
    std::vector<std::vector<std::uint32_t>> by_verdict(catalogue().size());
    for (std::uint32_t i = 0; i < connections_.size(); ++i) {
      if (rows == RowsShown::all || is_listed(connections_[i])) {
        by_verdict[static_cast<std::size_t>(connections_[i].id)].push_back(i);
      }
    }
    const auto worse = [this](std::uint32_t x, std::uint32_t y) { return is_worse(x, y); };
    std::vector<std::uint32_t> shown;
    for (VerdictCount& count : counts) {
      std::vector<std::uint32_t>& places = by_verdict[static_cast<std::size_t>(count.id)];
      count.listed = rows == RowsShown::all ? places.size() : std::min(places.size(), kRowsOfVerdict);
      const auto end = places.begin() + static_cast<std::ptrdiff_t>(count.listed);
      std::partial_sort(places.begin(), end, places.end(), worse);
      shown.insert(shown.end(), places.begin(), end);
    }
    std::sort(shown.begin(), shown.end(), worse);
    return shown;
  }

  // The worst connection of each verdict that is worth a look.
  [[nodiscard]] std::vector<std::uint32_t> examples() const {
    std::vector<std::uint32_t> worst(catalogue().size(), kNobody);
    for (std::uint32_t i = 0; i < connections_.size(); ++i) {
      std::uint32_t& best = worst[static_cast<std::size_t>(connections_[i].id)];
      if (is_worth_a_look(connections_[i]) && (best == kNobody || is_worse(i, best))) best = i;
    }
    std::erase(worst, kNobody);
    std::sort(worst.begin(), worst.end(),
              [this](std::uint32_t x, std::uint32_t y) { return is_worse(x, y); });
    return worst;
  }

 private:
  static constexpr std::uint32_t kNobody = 0xffffffff;

  std::span<const ReportRow> connections_;
};

void append_examples(std::string& out, std::span<const std::uint32_t> places, const MakeReport& make,
                     const TextLayout& layout) {
  for (const std::uint32_t place : places.first(std::min(places.size(), kMostExplained))) {
    out += '\n' + connection_text(make(place), layout);
  }
  if (places.size() <= kMostExplained) return;
  out += "\nFor an example of the others: tcpteardown --verdict VERDICT\n";
}

std::string in_list(std::int64_t time_ns, std::int64_t offset_s, bool with_date) {
  return (with_date ? date_at(time_ns, offset_s) + ' ' : "") + time_at(time_ns, offset_s);
}

// Each connection in one line: the summary names the ends, who did what, and what was lost.
void append_list(std::string& out, std::span<const ReportRow> connections,
                 const std::vector<std::uint32_t>& places, const MakeReport& make, const TextLayout& layout) {
  if (places.empty()) return;
  const bool with_date = !are_of_one_day(connections);
  const auto offset = [&layout](std::int64_t at) { return layout.local == nullptr ? 0 : layout.local(at); };
  const bool with_local = offset(connections.front().first.time_ns) != 0;
  std::vector<Align> aligns{Align::left, Align::right, Align::right, Align::left, Align::left, Align::left};
  std::vector<Cells> rows{{"severity", "stream", "frame", "time (UTC)", "verdict", "what happened"}};
  if (with_local) {
    aligns.insert(aligns.begin() + 4, Align::left);
    rows.front().insert(rows.front().begin() + 4, "local time");
  }
  for (const std::uint32_t place : places) {
    const ReportRow& row = connections[place];
    const Moment& at = row.ended() ? row.decisive : row.last;
    Cells cells{std::string(to_string(row.severity)), row.stream ? digits(*row.stream) : "-",
                row.ended() ? digits(at.frame) : "-", in_list(at.time_ns, 0, with_date)};
    if (with_local) cells.push_back(in_list(at.time_ns, offset(at.time_ns), with_date));
    cells.emplace_back(row_of(row.id).slug);
    cells.push_back(printable(make(place).summary));
    rows.push_back(std::move(cells));
  }
  out += '\n';
  append_table(out, rows, aligns, layout.width == 0 ? kNoWidth : layout.width);
}

// "... 20,130 more graceful" for each verdict of which not all are listed.
void append_rest(std::string& out, const std::vector<VerdictCount>& counts) {
  std::string rest;
  for (const VerdictCount& count : counts) {
    if (count.connections == count.listed) continue;
    if (!rest.empty()) rest += ", ";
    rest += grouped(count.connections - count.listed) + ' ' + std::string(row_of(count.id).slug);
  }
  if (rest.empty()) return;
  out += '\n' +
         wrapped("... and " + rest + ". All: tcpteardown --all, --csv or --json; tshark -z tcpteardown,csv",
                 kTextWidth, "  ");
}

void append_report(std::string& out, std::span<const ReportRow> connections, const MakeReport& make,
                   const TextLayout& layout) {
  const Order order{connections};
  std::vector<VerdictCount> counts = count_verdicts(connections);
  append_symptoms(out, connections,
                  [&order](std::uint32_t x, std::uint32_t y) { return order.is_worse(x, y); });
  append_verdict_table(out, counts);
  if (have_several_servers(connections)) {
    append_hosts(out, connections, HostSide::server, kServersShown);
  }
  append_examples(out, order.examples(), make, layout);
  append_list(out, connections, order.listed(layout.rows, counts), make, layout);
  append_rest(out, counts);
}

}  // namespace

std::string text_report(std::span<const ReportRow> connections, const MakeReport& make, std::string_view file,
                        const TextLayout& layout) {
  std::string out;
  append_headline(out, connections, file, layout);
  if (connections.empty()) return out;
  constexpr std::size_t kAll = static_cast<std::size_t>(-1);
  switch (layout.tables) {
    case Tables::by_server: append_hosts(out, connections, HostSide::server, kAll); return out;
    case Tables::by_client: append_hosts(out, connections, HostSide::client, kAll); return out;
    case Tables::report: break;
  }
  // Of one connection alone the tables would only repeat what its own text says.
  if (connections.size() == 1) return out + '\n' + connection_text(make(0), layout);
  append_report(out, connections, make, layout);
  return out;
}

}  // namespace tcpteardown
