// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz_report.h"

#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>

#include "demand.h"
#include "formats/output.h"
#include "formats/output_format.h"
#include "json_check.h"
#include "report/fields.h"
#include "report/last_segments.h"

namespace tcpteardown::fuzz {
namespace {

void demand_utf8(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    demand(point.valid, "UTF-8");
    demand(!is_control(point.value) || point.value == '\n', "no control characters");
    text.remove_prefix(point.bytes.size());
  }
}

std::string json_of(const Report& report) {
  std::string row;
  append_json(row, report, "fuzz");
  return row;
}

void check_formats(const Report& report, unsigned columns) {
  const std::string json = json_of(report);
  demand(json.ends_with('\n') && is_strict_json({json.data(), json.size() - 1}), "JSON parses", json);
  std::string csv;
  append_csv(csv, report, "fuzz");
  demand(csv.ends_with('\n') && csv_cells({csv.data(), csv.size() - 1}) == columns, "CSV parses", csv);
  demand_utf8(json);
  demand_utf8(csv);
}

// Who sent what: nobody loses, or leaves unread, more than was seen of him. Three kinds of bytes are lost and
// not among those that a side sent: up to the number of a RST that its sender confirmed after a challenge,
// never seen; what a host sent in the place of a page that was forged in its name; and data from before the
// capture that was repeated in it and rejected.
void check_bytes(const Connection& connection, CaptureEnd end, const Report& r, const std::string& json) {
  const Teardown t = gather(connection, end, {});
  if (t.confirming_reset != 0 || t.forged_fin) return;
  const std::uint64_t of_client = std::max(r.client_bytes, t.loss(t.client).rejected);
  const std::uint64_t of_server = std::max(r.server_bytes, t.loss(t.server()).rejected);
  demand(r.client_unacked <= of_client, "client.unacked within its bytes", json);
  demand(r.server_unacked <= of_server, "server.unacked within its bytes", json);
  demand(r.client_unread_max <= r.server_bytes, "client.unread_max within the server's bytes", json);
  demand(r.server_unread_max <= r.client_bytes, "server.unread_max within the client's bytes", json);
}

void check_numbers(const Connection& connection, CaptureEnd end, const Report& r) {
  const std::string json = json_of(r);
  demand(!r.verdict.empty() && !r.summary.empty(), "a verdict with a summary", json);
  demand(r.suspicion <= 100, "suspicion at most 100", json);
  demand(r.first_frame <= r.last_frame, "the first frame before the last", json);
  demand(r.decisive_frame <= r.last_frame, "the decisive frame before the last", json);
  demand(r.ended == (r.decisive_frame != 0), "what ended has a decisive frame", json);
  demand(r.decisive_frame == 0 || r.decisive_frame >= r.first_frame, "decided within the connection", json);
  demand(r.duration_ns >= 0, "duration not negative", json);
  demand(r.half_close_duration_ns.value_or(0) >= 0, "half_close.duration not negative", json);
  demand(r.idle_before_end_ns.value_or(0) >= 0, "idle_before_end not negative", json);
  demand(r.last_segments.size() <= 40, "a short drawing", json);
  check_bytes(connection, end, r, json);
}

void check_frames(const Connection& connection, const Report& report) {
  std::vector<ExpertHit> hits;
  for (const FrameNumber frame : {report.first_frame, report.decisive_frame, report.last_frame}) {
    const FrameNote note = note_frame(connection, report, frame);
    hits.clear();
    experts_of_frame(report, note, frame, hits);
    for (const ExpertHit& hit : hits) demand(hit.info < expert_infos().size(), "a known expert info");
  }
}

}  // namespace

void demand(bool holds, std::string_view what, std::string_view one, std::string_view other) {
  if (holds) return;
  std::cerr << "broken: " << what << '\n' << one << other << std::flush;
  __builtin_trap();
}

std::vector<Report> reports_of(const ConnectionTable& table) {
  std::vector<Report> reports;
  reports.reserve(table.size());
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    reports.push_back(make_report(table.facts(i), table.capture_end()));
  }
  return reports;
}

void check_reports(const ConnectionTable& table) {
  std::string header;
  append_csv_header(header);
  header.pop_back();
  const unsigned columns = csv_cells(header);
  std::vector<Report> reports = reports_of(table);
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    const Connection connection = table.facts(i);
    reports[i].last_segments = last_segments(connection, reports[i]);
    check_formats(reports[i], columns);
    check_numbers(connection, table.capture_end(), reports[i]);
    check_frames(connection, reports[i]);
    const std::string again = json_of(make_report(connection, table.capture_end()));
    demand(json_of(reports[i]) == again, "the same report twice", json_of(reports[i]), again);
  }
  std::vector<ReportRow> rows;
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    rows.push_back(make_report_row(table.facts(i), table.capture_end()));
  }
  demand_utf8(text_report(
      rows, [&reports](std::size_t place) { return reports[place]; }, "fuzz"));
}

}  // namespace tcpteardown::fuzz
