// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdint>
#include <vector>

#include "capture_session.h"
#include "formats/tally.h"
#include "frame_headers.h"
#include "ids.h"
#include "statistics.h"
#include "statistics_cells.h"
#include "verdict_tally.h"

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

VerdictTally tally;
std::vector<std::uint64_t> counted_at;  // by ConnectionIndex: the session's version, 0: not yet

// True if something changed.
bool count_frame(const FrameHeaders& headers) {
  bool changed = false;
  for (const SeenHeader& header : headers) {
    if (!header.known) continue;
    if (counted_at.size() < session_size()) counted_at.resize(session_size());
    if (counted_at[header.connection] == session_version()) continue;
    const Report* report = session_report(header.connection, Detail::facts);
    if (report == nullptr) continue;
    counted_at[header.connection] = session_version();
    tally.count(header.connection, {report->verdict, report->severity, 1, lost_bytes(*report)});
    changed = true;
  }
  return changed;
}

void show(stat_tap_table* table) {
  const std::vector<VerdictRow> rows = tally.rows();
  while (table->num_elements < rows.size()) add_row(table);
  while (table->num_elements > rows.size()) remove_last_row(table);
  for (guint i = 0; i < rows.size(); ++i) {
    const VerdictRow& row = rows[i];
    set_text(table, i, kSeverity, ranked(row.severity));
    set_text(table, i, kVerdict, row.verdict);
    set_number(table, i, kCount, row.connections);
    set_text(table, i, kShare, share_of(row.connections, tally.connections()));
    set_number(table, i, kLost, row.lost.certain);
    set_number(table, i, kPerhapsLost, row.lost.possible);
  }
}

void start_anew() {
  tally = {};
  counted_at.clear();
}

stat_tap_table* the_table = nullptr;

void on_start(stat_tap_table_ui* statistic) {
  start_anew();
  the_table = start_table(statistic, "TCP verdicts");
}

void on_reset(stat_tap_table* table) {
  start_anew();
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
