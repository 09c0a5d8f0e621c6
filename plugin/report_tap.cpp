// SPDX-License-Identifier: GPL-2.0-or-later
#include "report_tap.h"

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "capture_session.h"
#include "check_filter.h"
#include "command_line.h"
#include "compat.h"
#include "formats/nearest.h"
#include "formats/output.h"
#include "frame_headers.h"
#include "ids.h"
#include "report_tables.h"

namespace tcpteardown {
namespace {

enum class Form : std::uint8_t { text, by_server, by_client, json, csv, verdicts, connections };

struct FormOption {
  Form form;
  const char* title;
  const char* option;       // of -z
  bool is_table_of_window;  // Wireshark's window and sharkd have it as a table that epan fills
};

// epan matches the longest option first.
FormOption forms[] = {
    {Form::text, "TCP Teardown report", "tcpteardown", false},
    {Form::by_server, "TCP Teardown by server", "tcpteardown,by-server", false},
    {Form::by_client, "TCP Teardown by client", "tcpteardown,by-client", false},
    {Form::json, "TCP Teardown report, JSON", "tcpteardown,json", false},
    {Form::csv, "TCP Teardown report, CSV", "tcpteardown,csv", false},
    {Form::verdicts, "TCP Teardown", "tcpteardown,verdicts", true},
    {Form::connections, "TCP Teardown Connections", "tcpteardown,connections", true},
};

// One -z on the command line; lives until the program ends, as epan's listeners do.
struct ReportTap {
  Form form = Form::text;
  std::string filter{};           // empty: none
  bool failed = false;            // memory ran out
  std::uint64_t session = 0;      // whose connections are marked
  std::vector<bool> has_frame{};  // by ConnectionIndex: a frame of it matched the filter
};

void complain(const std::string& what) { static_cast<void>(std::fputs((what + '\n').c_str(), stderr)); }

void mark(ReportTap& report_tap, const FrameHeaders& headers) {
  // tshark -M starts a new session in the middle of a capture.
  if (report_tap.session != session_number()) report_tap.has_frame.clear();
  report_tap.session = session_number();
  for (const SeenHeader& header : headers) {
    if (!header.known) continue;
    if (report_tap.has_frame.size() < session_size()) report_tap.has_frame.resize(session_size());
    report_tap.has_frame[header.connection] = true;
  }
}

tap_packet_status on_packet(void* data, packet_info*, epan_dissect_t*, const void* headers, tap_flags_t) {
  auto& report_tap = *static_cast<ReportTap*>(data);
  try {
    mark(report_tap, *static_cast<const FrameHeaders*>(headers));
  } catch (...) {
    report_tap.failed = true;
  }
  return TAP_PACKET_REDRAW;
}

void on_reset(void* data) { static_cast<ReportTap*>(data)->has_frame.clear(); }

// Standard output, with the memory of whether all of it could be written.
class Output {
 public:
  void write(std::string& text) {
    complete_ = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && complete_;
    text.clear();
  }
  [[nodiscard]] bool finish() { return std::fflush(stdout) == 0 && complete_; }

 private:
  bool complete_ = true;
};

// Seconds ahead of UTC; 0 for a time that has no calendar.
std::int64_t local_offset(std::int64_t time_ns) {
  constexpr std::int64_t kSecond = 1'000'000'000;  // ns
  const std::time_t seconds = time_ns / kSecond;
  std::tm local{};
  return localtime_r(&seconds, &local) == nullptr ? 0 : local.tm_gmtoff;
}

std::vector<ConnectionIndex> marked_by(const ReportTap& report_tap) {
  std::vector<ConnectionIndex> marked;
  for (std::size_t i = 0; i < report_tap.has_frame.size(); ++i) {
    if (report_tap.has_frame[i]) marked.push_back(static_cast<ConnectionIndex>(i));
  }
  return marked;
}

void write_table(const ReportTap& report_tap, Output& output) {
  const std::vector<ConnectionIndex> marked = marked_by(report_tap);
  const char* filter = report_tap.filter.empty() ? nullptr : report_tap.filter.c_str();
  std::string out =
      report_tap.form == Form::verdicts ? verdict_table(marked, filter) : connection_table(marked, filter);
  output.write(out);
}

Tables tables_of(Form form) {
  if (form == Form::by_server) return Tables::by_server;
  return form == Form::by_client ? Tables::by_client : Tables::report;
}

// Connection by connection, so that the size of the capture does not matter.
void write_lines(const ReportTap& report_tap, const std::string& file, Output& output) {
  constexpr std::size_t kChunk = 1 << 16;
  std::string out;
  if (report_tap.form == Form::csv) append_csv_header(out);
  for (std::size_t i = 0; i < report_tap.has_frame.size(); ++i) {
    if (!report_tap.has_frame[i]) continue;
    const Report* report = session_report(static_cast<ConnectionIndex>(i));
    if (report == nullptr) throw std::bad_alloc{};
    if (report_tap.form == Form::csv) {
      append_csv(out, *report, file, local_offset);
    } else {
      append_json(out, *report, file, local_offset);
    }
    if (out.size() >= kChunk) output.write(out);
  }
  output.write(out);
}

void write_text(const ReportTap& report_tap, const std::string& file, Output& output) {
  const std::vector<ConnectionIndex> marked = marked_by(report_tap);
  std::vector<ReportRow> rows;
  for (const ConnectionIndex connection : marked) {
    const std::optional<ReportRow> row = session_report_row(connection);
    if (!row) throw std::bad_alloc{};
    rows.push_back(*row);
  }
  const auto make = [&marked](std::size_t place) {
    const Report* made = session_report(marked[place]);
    if (made == nullptr) throw std::bad_alloc{};
    Report report = *made;
    session_add_last_segments(marked[place], report);
    return report;
  };
  std::string out =
      text_report(rows, make, file, {.tables = tables_of(report_tap.form), .local = local_offset});
  output.write(out);
}

void draw(const ReportTap& report_tap) {
  Output output;
  const std::string file = capture_file_name();
  switch (report_tap.form) {
    case Form::text:
    case Form::by_server:
    case Form::by_client: write_text(report_tap, file, output); break;
    case Form::json:
    case Form::csv: write_lines(report_tap, file, output); break;
    case Form::verdicts:
    case Form::connections: write_table(report_tap, output); break;
  }
  if (!output.finish()) complain("tcpteardown: the report could not be written to standard output");
  if (report_tap.failed) throw std::bad_alloc{};
}

void on_draw(void* data) {
  try {
    draw(*static_cast<const ReportTap*>(data));
  } catch (...) {
    complain("tcpteardown: out of memory, the report is not complete");
  }
}

// What follows the option, or nullptr: a display filter.
const char* filter_of(const char* argument, const char* option) {
  const char* rest = argument + std::strlen(option);
  return rest[0] == ',' && rest[1] != '\0' ? rest + 1 : nullptr;
}

// In a single pass a filter is asked about each frame before the next is read, and sees of our fields only
// what is known by then.
std::string problem_of_filter(const char* filter, const FormOption& option) {
  if (filter == nullptr) return {};
  const std::string unknown = problem_of_names(filter);
  if (!unknown.empty()) return std::string{"-z "} + option.option + ": " + unknown;
  if (!asks_for_our_fields(filter) || reads_twice()) return {};
  return std::string{"-z "} + option.option +
         ": the filter asks for fields of TCP Teardown, whose final values only a second pass knows: add -2";
}

// "tcpteardown,josn" is the report with a filter "josn", which is no field.
std::string form_meant_by(const char* filter) {
  if (filter == nullptr) return {};
  std::vector<std::string_view> words;
  for (const FormOption& form : forms) {
    const std::string_view option{form.option};
    const std::size_t comma = option.find(',');
    if (comma != std::string_view::npos) words.push_back(option.substr(comma + 1));
  }
  const std::string_view word{filter, std::strcspn(filter, ",")};
  const std::string_view near = nearest(word, words);
  return near.empty() ? "" : "; do you mean -z " + std::string{kFilterName} + ',' + std::string{near} + '?';
}

// What was wrong, for the user; nothing if the report will come.
std::string start_tap(const char* argument, const FormOption& option) {
  // An option that only starts like ours, as "tcpteardowns" does.
  const char next = argument[std::strlen(option.option)];
  if (next != '\0' && next != ',') return "invalid -z argument \"" + std::string{argument} + '"';
  const char* filter = filter_of(argument, option.option);
  if (const std::string problem = problem_of_filter(filter, option); !problem.empty()) return problem;
  auto report_tap = std::make_unique<ReportTap>();
  report_tap->form = option.form;
  if (filter != nullptr) report_tap->filter = filter;
  GString* error = register_tap_listener(kFilterName, report_tap.get(), filter, TL_REQUIRES_NOTHING, on_reset,
                                         on_packet, on_draw, nullptr);
  if (error == nullptr) {
    static_cast<void>(report_tap.release());  // the listener's now
    return {};
  }
  const std::string reason = error->str;
  g_string_free(error, TRUE);
  return "Couldn't register " + std::string{kFilterName} + " tap: " + reason + form_meant_by(filter);
}

StatStart on_option(const char* argument, void* form) noexcept {
  // It redraws its taps every few seconds, and its standard output is seldom looked at.
  if (is_wireshark()) {
    complain(
        "tcpteardown: the report is tshark's; here see Statistics, TCP Teardown (-z tcpteardown,verdicts)");
    return StatStart(true);
  }
  const std::string problem = start_tap(argument, *static_cast<const FormOption*>(form));
  if (!problem.empty()) complain("tshark: " + problem);
#if TCPTEARDOWN_WIRESHARK >= 406
  return problem.empty();
#else
  // Before 4.6 a statistic that cannot start ends the program itself, as Wireshark's own do.
  if (!problem.empty()) std::exit(1);
#endif
}

}  // namespace

void register_report_taps() {
  static tap_param params[] = {{PARAM_FILTER, "filter", "Filter", nullptr, true}};
  for (FormOption& form : forms) {
    if (form.is_table_of_window && !is_tshark()) continue;
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
