// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "capture_session.h"
#include "formats/tally.h"
#include "frame_headers.h"
#include "ids.h"
#include "statistics.h"
#include "statistics_cells.h"

namespace tcpteardown {
namespace {

enum Column : guint { kSeverity, kVerdict, kCount, kShare, kLost, kPerhapsLost };

stat_tap_table_item columns[] = {
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Severity", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Verdict", "%s"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Connections", "%u"},
    {TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Share", "%s"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Bytes lost", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Perhaps lost", "%u"},
};

struct Row {
  std::string verdict;
  std::string severity;  // the worst of its connections
  std::uint64_t connections = 0;
  LostBytes lost;
};

// How a connection was counted, to take it back when its verdict changes.
struct Counted {
  bool counted = false;
  std::uint64_t version = 0;  // of the session
  std::size_t row = 0;
  LostBytes lost;
};

struct Tally {
  std::vector<Row> rows;
  std::vector<Counted> of;  // by ConnectionIndex
  std::uint64_t connections = 0;
};
Tally tally;

std::size_t row_of(std::string_view verdict) {
  for (std::size_t i = 0; i < tally.rows.size(); ++i) {
    if (tally.rows[i].verdict == verdict) return i;
  }
  tally.rows.emplace_back().verdict = verdict;
  return tally.rows.size() - 1;
}

void take_back(const Counted& counted) {
  Row& row = tally.rows[counted.row];
  --row.connections;
  row.lost.certain -= counted.lost.certain;
  row.lost.possible -= counted.lost.possible;
}

void count(Counted& counted, const Report& report) {
  if (counted.counted)
    take_back(counted);
  else
    ++tally.connections;
  counted = {true, session_version(), row_of(report.verdict), lost_bytes(report)};
  Row& row = tally.rows[counted.row];
  ++row.connections;
  row.lost.certain += counted.lost.certain;
  row.lost.possible += counted.lost.possible;
  if (row.severity.empty() || badness(report.severity) < badness(row.severity))
    row.severity = report.severity;
}

// True if something changed.
bool count_frame(const FrameHeaders& headers) {
  bool changed = false;
  for (const SeenHeader& header : headers) {
    if (!header.known) continue;
    if (tally.of.size() < session_size()) tally.of.resize(session_size());
    Counted& counted = tally.of[header.connection];
    if (counted.counted && counted.version == session_version()) continue;
    const Report* report = session_report(header.connection, Detail::facts);
    if (report == nullptr) continue;
    count(counted, *report);
    changed = true;
  }
  return changed;
}

// Text, because Wireshark 4.0 shows every floating number with six decimals; of one width, so that
// it sorts as numbers do.
std::string share_of(std::uint64_t part, std::uint64_t whole) {
  std::array<char, 16> text{};
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  static_cast<void>(std::snprintf(text.data(), text.size(), "%5.1f %%", percent));
  return text.data();
}

void show(stat_tap_table* table) {
  for (guint i = 0; i < tally.rows.size(); ++i) {
    const Row& row = tally.rows[i];
    if (i >= table->num_elements) add_row(table);
    set_text(table, i, kSeverity, ranked(row.severity));
    set_text(table, i, kVerdict, row.verdict);
    set_number(table, i, kCount, row.connections);
    set_text(table, i, kShare, share_of(row.connections, tally.connections));
    set_number(table, i, kLost, row.lost.certain);
    set_number(table, i, kPerhapsLost, row.lost.possible);
  }
}

stat_tap_table* the_table = nullptr;

void on_start(stat_tap_table_ui* statistic) {
  tally = {};
  the_table = start_table(statistic, "TCP verdicts");
}

void on_reset(stat_tap_table* table) {
  tally = {};
  remove_rows(table);
}

tap_packet_status on_packet(void*, packet_info*, epan_dissect_t*, const void* headers, tap_flags_t) {
  try {
    if (!count_frame(*static_cast<const FrameHeaders*>(headers))) return TAP_PACKET_DONT_REDRAW;
    show(the_table);
    return TAP_PACKET_REDRAW;
  } catch (...) {
    return TAP_PACKET_FAILED;
  }
}

}  // namespace

void register_verdict_statistics() {
  static tap_param parameters[] = {{PARAM_FILTER, "filter", "Filter", nullptr, true}};
  static stat_tap_table_ui statistic{};
  statistic.group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
  statistic.title = "TCP Teardown";
  statistic.tap_name = kFilterName;
  statistic.cli_string = "tcpteardown,verdicts";
  statistic.stat_tap_init_cb = on_start;
  statistic.packet_func = on_packet;
  statistic.stat_tap_reset_table_cb = on_reset;
  statistic.stat_tap_free_table_item_cb = free_cell;
  statistic.nfields = G_N_ELEMENTS(columns);
  statistic.fields = columns;
  statistic.nparams = G_N_ELEMENTS(parameters);
  statistic.params = parameters;
  register_stat_tap_table_ui(&statistic);
}

}  // namespace tcpteardown
