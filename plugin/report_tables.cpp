// SPDX-License-Identifier: GPL-2.0-or-later
#include "report_tables.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
#include <string_view>
#include <vector>

#include "capture_session.h"
#include "formats/table.h"
#include "verdict_tally.h"

namespace tcpteardown {
namespace {

constexpr std::string_view kFrame(
    "===================================================================================================\n");

std::string start_of(std::string_view title, const char* filter) {
  std::string out = std::string{kFrame} + std::string{title} + '\n';
  if (filter != nullptr) out += "Filter: " + std::string{filter} + '\n';
  return out;
}

ReportRow row_of(ConnectionIndex connection) {
  const std::optional<ReportRow> row = session_report_row(connection);
  if (!row) throw std::bad_alloc{};
  return *row;
}

// The worst first; of equal ones in the order of the capture.
std::vector<ConnectionIndex> by_severity(std::span<const ConnectionIndex> connections) {
  struct Place {
    Severity severity;
    ConnectionIndex connection;
  };
  std::vector<Place> places;
  for (const ConnectionIndex connection : connections) {
    places.push_back({row_of(connection).severity, connection});
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& x, const Place& y) { return x.severity > y.severity; });
  std::vector<ConnectionIndex> sorted;
  for (const Place& place : places) sorted.push_back(place.connection);
  return sorted;
}

}  // namespace

std::string verdict_table(std::span<const ConnectionIndex> connections, const char* filter) {
  VerdictTally tally;
  for (const ConnectionIndex connection : connections) {
    const ReportRow row = row_of(connection);
    tally.count(connection, {tcpteardown::row_of(row.id).slug, to_string(row.severity), 1, row.lost});
  }
  std::vector<Cells> rows{{"Severity", "Verdict", "Connections", "Share", "Bytes lost", "Perhaps lost"}};
  for (const VerdictRow& row : tally.rows()) {
    rows.push_back({std::string{row.severity}, std::string{row.verdict}, digits(row.connections),
                    share_of(row.connections, tally.connections()), digits(row.lost.certain),
                    digits(row.lost.possible)});
  }
  using enum Align;
  constexpr std::array kAligns{left, left, right, right, right, right};
  std::string out = start_of("TCP Teardown: verdicts", filter);
  append_table(out, rows, kAligns);
  return out + std::string{kFrame};
}

std::string connection_table(std::span<const ConnectionIndex> connections, const char* filter) {
  std::vector<Cells> rows{
      {"Severity", "Verdict", "Client", "Server", "Initiator", "Loss", "Stream", "Frame", "Summary"}};
  for (const ConnectionIndex connection : by_severity(connections)) {
    const Report* report = session_report(connection);
    if (report == nullptr) throw std::bad_alloc{};
    rows.push_back({std::string{report->severity}, std::string{report->verdict}, report->client,
                    report->server, std::string{report->initiator}, std::string{report->loss},
                    report->stream ? digits(*report->stream) : "-",
                    report->decisive_frame != 0 ? digits(report->decisive_frame) : "-", report->summary});
  }
  using enum Align;
  constexpr std::array kAligns{left, left, left, left, left, left, right, right, left};
  std::string out = start_of("TCP Teardown: connections", filter);
  append_table(out, rows, kAligns);
  return out + std::string{kFrame};
}

}  // namespace tcpteardown
