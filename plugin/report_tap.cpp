// SPDX-License-Identifier: GPL-2.0-or-later
#include "report_tap.h"

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "capture_name.h"
#include "capture_session.h"
#include "compat.h"
#include "frame_headers.h"
#include "ids.h"
#include "report/output.h"

namespace tcpteardown {
namespace {

enum class Form : std::uint8_t { text, json, csv };

struct FormOption {
  Form form;
  const char* title;
  const char* option;  // of -z
};

// epan matches the longest option first.
FormOption forms[] = {
    {Form::text, "TCP Teardown report", "tcpteardown"},
    {Form::json, "TCP Teardown report, JSON", "tcpteardown,json"},
    {Form::csv, "TCP Teardown report, CSV", "tcpteardown,csv"},
};

// One -z on the command line; lives until the program ends, as epan's listeners do.
struct ReportTap {
  Form form = Form::text;
  bool failed = false;             // memory ran out
  std::vector<bool> has_frame{};   // by ConnectionIndex: a frame of it matched the filter
};

void mark(ReportTap& report_tap, const FrameHeaders& headers) noexcept {
  try {
    for (const SeenHeader* header = headers.first; header != nullptr; header = header->next) {
      if (!header->known) continue;
      if (report_tap.has_frame.size() < session_size()) report_tap.has_frame.resize(session_size());
      report_tap.has_frame[header->connection] = true;
    }
  } catch (...) {
    report_tap.failed = true;
  }
}

tap_packet_status on_packet(void* data, packet_info*, epan_dissect_t*, const void* headers, tap_flags_t) {
  mark(*static_cast<ReportTap*>(data), *static_cast<const FrameHeaders*>(headers));
  return TAP_PACKET_REDRAW;
}

void on_reset(void* data) {
  static_cast<ReportTap*>(data)->has_frame.clear();
}

void write_out(std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  text.clear();
}

// Connection by connection, so that the size of the capture does not matter.
void write_lines(const ReportTap& report_tap, const std::string& file) {
  constexpr std::size_t kChunk = 1 << 16;
  std::string out;
  if (report_tap.form == Form::csv) append_csv_header(out);
  for (std::size_t i = 0; i < report_tap.has_frame.size(); ++i) {
    if (!report_tap.has_frame[i]) continue;
    const Report* report = session_report(static_cast<ConnectionIndex>(i));
    if (report == nullptr) continue;
    if (report_tap.form == Form::csv) append_csv(out, *report, file);
    else append_json(out, *report, file);
    if (out.size() >= kChunk) write_out(out);
  }
  write_out(out);
}

void write_text(const ReportTap& report_tap, const std::string& file) {
  std::vector<Report> reports;
  for (std::size_t i = 0; i < report_tap.has_frame.size(); ++i) {
    if (!report_tap.has_frame[i]) continue;
    if (const Report* report = session_report(static_cast<ConnectionIndex>(i))) reports.push_back(*report);
  }
  std::string out = text_report(reports, file);
  write_out(out);
}

void on_draw(void* data) {
  const auto& report_tap = *static_cast<const ReportTap*>(data);
  bool failed = report_tap.failed;
  try {
    const std::string file = capture_file_name();
    if (report_tap.form == Form::text) write_text(report_tap, file);
    else write_lines(report_tap, file);
    std::fflush(stdout);
  } catch (...) {
    failed = true;
  }
  if (failed) std::fputs("tcpteardown: out of memory, the report is not complete\n", stderr);
}

// What follows the option, or nullptr: a display filter.
const char* filter_of(const char* argument, const char* option) {
  const char* rest = argument + std::strlen(option);
  return rest[0] == ',' && rest[1] != '\0' ? rest + 1 : nullptr;
}

bool start_tap(const char* argument, const FormOption& option) {
  // An option that only starts like ours, as "tcpteardowns" does.
  const char next = argument[std::strlen(option.option)];
  if (next != '\0' && next != ',') {
    std::fprintf(stderr, "tshark: invalid -z argument \"%s\"\n", argument);
    return false;
  }
  auto* report_tap = new (std::nothrow) ReportTap{.form = option.form};
  if (report_tap == nullptr) return false;
  GString* error = register_tap_listener(kFilterName, report_tap, filter_of(argument, option.option),
                                         TL_REQUIRES_NOTHING, on_reset, on_packet, on_draw, nullptr);
  if (error == nullptr) return true;
  std::fprintf(stderr, "tshark: Couldn't register %s tap: %s\n", kFilterName, error->str);
  g_string_free(error, TRUE);
  delete report_tap;
  return false;
}

StatStart on_option(const char* argument, void* form) {
  const bool started = start_tap(argument, *static_cast<const FormOption*>(form));
#if TCPTEARDOWN_WIRESHARK >= 406
  return started;
#else
  // Before 4.6 a statistic that cannot start ends the program itself, as Wireshark's own do.
  if (!started) std::exit(1);
#endif
}

}  // namespace

void register_report_taps() {
  static tap_param params[] = {{PARAM_FILTER, "filter", "Filter", nullptr, true}};
  for (FormOption& form : forms) {
    // epan copies the strings' addresses, not the structure.
    stat_tap_ui ui{};
    ui.group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
    ui.title = form.title;
    ui.cli_string = form.option;
    ui.tap_init_cb = on_option;
    ui.nparams = G_N_ELEMENTS(params);
    ui.params = params;
    register_stat_tap_ui(&ui, &form);
  }
}

}  // namespace tcpteardown
