// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/output.h"
#include "formats/output_format.h"
#include "report/fields.h"
#include "report/last_segments.h"
#include "report/report.h"
#include "tracking/connection_table.h"

namespace tcpteardown::fuzz {

inline void demand(bool holds) {
  if (!holds) __builtin_trap();  // what a fuzzer takes for a crash
}

inline void demand_utf8(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    demand(point.valid);
    text.remove_prefix(point.bytes.size());
  }
}

// What is said of all connections.
inline std::string rows_of(const ConnectionTable& table) {
  std::string rows;
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    append_json(rows, make_report(table.facts(i), table.capture_end()), "fuzz");
  }
  return rows;
}

// Everything that any adapter may ask about the connections, and what must hold for each.
inline void report_all(const ConnectionTable& table) {
  std::vector<Report> reports;
  std::string rows;
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    const Connection connection = table.facts(i);
    reports.push_back(make_report(connection, table.capture_end()));
    reports.back().last_segments = last_segments(connection, reports.back());
    const Report& report = reports.back();
    demand(report.last_segments.size() <= 40);
    demand(!report.verdict.empty() && !report.summary.empty());
    demand(report.suspicion <= 100);
    append_json(rows, report, "fuzz");
    append_csv(rows, report, "fuzz");
    std::vector<ExpertHit> hits;
    for (const FrameNumber frame : {report.first_frame, report.decisive_frame, report.last_frame}) {
      const FrameNote note = note_frame(connection, report, frame);
      hits.clear();
      experts_of_frame(report, note, frame, hits);
      for (const ExpertHit& hit : hits) demand(hit.info < expert_infos().size());
    }
  }
  rows += text_report(reports, "fuzz");
  demand_utf8(rows);
}

}  // namespace tcpteardown::fuzz
