// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdint>
#include <vector>

#include "capture_session.h"
#include "frame_headers.h"
#include "ids.h"
#include "statistics.h"
#include "statistics_cells.h"

namespace tcpteardown {
namespace {

enum Column : guint { kSeverity, kVerdict, kClient, kServer, kInitiator, kLoss, kStream, kFrame, kSummary };

stat_tap_table_item columns[] = {
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Severity", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Verdict", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Client", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Server", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Initiator", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Loss", "%s"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Stream", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Frame", "%u"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Summary", "%s"},
};

struct Listed {
  bool listed = false;
  std::uint64_t version = 0;  // of the session when the row was filled
  guint row = 0;
};
std::vector<Listed> listed;  // by ConnectionIndex

void show(stat_tap_table* table, guint row, const Report& report) {
  set_text(table, row, kSeverity, ranked(report.severity));
  set_text(table, row, kVerdict, report.verdict);
  set_text(table, row, kClient, report.client);
  set_text(table, row, kServer, report.server);
  set_text(table, row, kInitiator, report.initiator);
  set_text(table, row, kLoss, report.loss);
  set_number(table, row, kStream, report.stream.value_or(0));
  set_number(table, row, kFrame, report.decisive_frame);
  set_text(table, row, kSummary, report.summary);
}

// True if a row changed.
bool list_header(stat_tap_table* table, const SeenHeader& header) {
  if (!header.known) return false;
  if (listed.size() < session_size()) listed.resize(session_size());
  Listed& entry = listed[header.connection];
  if (entry.listed && entry.version == session_version()) return false;
  const Report* report = session_report(header.connection);
  if (report == nullptr) return false;
  if (!entry.listed) {
    entry.row = table->num_elements;
    add_row(table);
  }
  entry.listed = true;
  entry.version = session_version();
  show(table, entry.row, *report);
  return true;
}

stat_tap_table* the_table = nullptr;

void on_start(stat_tap_table_ui* statistic) {
  listed.clear();
  the_table = start_table(statistic, "TCP connections");
}

void on_reset(stat_tap_table* table) {
  listed.clear();
  remove_rows(table);
}

tap_packet_status on_packet(void*, packet_info*, epan_dissect_t*, const void* data, tap_flags_t) {
  try {
    bool changed = false;
    const auto& headers = *static_cast<const FrameHeaders*>(data);
    for (const SeenHeader& header : headers) changed = list_header(the_table, header) || changed;
    return changed ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
  } catch (...) {
    return TAP_PACKET_FAILED;
  }
}

}  // namespace

void register_connection_statistics() {
  static tap_param parameters[] = {{PARAM_FILTER, "filter", "Filter", nullptr, true}};
  static stat_tap_table_ui statistic{};
  statistic.group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
  statistic.title = "TCP Teardown Connections";
  statistic.tap_name = kFilterName;
  statistic.cli_string = "tcpteardown,connections";
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
