// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/run.h"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "capture/analysis.h"
#include "capture/pcap_writer.h"
#include "formats/output.h"
#include "report/last_segments.h"
#include "report/report.h"
#include "tools/explain.h"

namespace tcpteardown {
namespace {

// Unpredictable, so that nobody can write a capture that makes the tables slow.
std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::string_view shown_name(std::string_view file) { return file == "-" ? "standard input" : file; }

void complain(std::ostream& error, std::string_view file, std::string_view message) {
  error << "tcpteardown: " << shown_name(file) << ": " << message << '\n';
}

// Rows are written one by one, so that the report of a huge capture need not fit into memory.
void write_rows(const Analysis& analysis, Format format, std::string_view file, std::ostream& out) {
  const ConnectionTable& table = analysis.table();
  std::string row;
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    row.clear();
    const Report report = make_report(table.facts(i), table.capture_end());
    if (format == Format::json) {
      append_json(row, report, file);
    } else {
      append_csv(row, report, file);
    }
    out << row;
  }
}

void write_text(const Analysis& analysis, std::string_view file, std::ostream& out) {
  const ConnectionTable& table = analysis.table();
  std::vector<Report> reports;
  reports.reserve(table.size());
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    const Connection connection = table.facts(i);
    reports.push_back(make_report(connection, table.capture_end()));
    reports.back().last_segments = last_segments(connection, reports.back());
  }
  out << text_report(reports, shown_name(file));
}

// What could be read is reported, whatever came behind it. A file of which nothing could be
// read has no report: "no connections" would be a claim about a file nobody saw.
bool report_file(const std::string& file, Format format, std::ostream& out, std::ostream& error) {
  Analysis analysis{random_seed()};
  const ReadResult result = analyse_file(file, analysis);
  if (result.outcome != ReadOutcome::unreadable) {
    if (format == Format::text) {
      write_text(analysis, file, out);
    } else {
      write_rows(analysis, format, file, out);
    }
  }
  if (result.message.empty()) return true;
  out.flush();
  std::string message = result.message;
  if (result.outcome == ReadOutcome::partial) {
    const std::uint64_t frames = analysis.frames().of_known_link_types();
    message += "; reported is what could be read: " + std::to_string(frames) + " frames";
  }
  complain(error, file, message);
  return result.outcome == ReadOutcome::complete;
}

int report(const Arguments& arguments, std::ostream& out, std::ostream& error) {
  if (arguments.format == Format::csv) {
    std::string header;
    append_csv_header(header);
    out << header;
  }
  bool all_read = true;
  bool is_first = true;
  for (const std::string& file : arguments.files) {
    if (arguments.format == Format::text && !is_first) out << '\n';
    is_first = false;
    all_read = report_file(file, arguments.format, out, error) && all_read;
  }
  return all_read ? 0 : kExitUnread;
}

int to_pcap(const std::string& script, const std::string& capture, std::ostream& error) {
  const ScriptResult result = load_script(script);
  if (!result.error.empty()) {
    complain(error, script, describe_error(result));
    return kExitUnread;
  }
  const std::string problem = write_pcap(capture, result.script.frames);
  if (problem.empty()) return 0;
  complain(error, capture, problem);
  return kExitUnread;
}

}  // namespace

int run(const Arguments& arguments, std::ostream& out, std::ostream& error) {
  if (!arguments.error.empty()) {
    error << "tcpteardown: " << arguments.error << "\nTry 'tcpteardown --help'.\n";
    return kExitUsage;
  }
  switch (arguments.command) {
    case Command::help: out << help_text(); return 0;
    case Command::version: out << "tcpteardown " TCPTEARDOWN_VERSION "\n"; return 0;
    case Command::explain: return explain(arguments, out, error);
    case Command::to_pcap: return to_pcap(arguments.files[0], arguments.files[1], error);
    case Command::report: return report(arguments, out, error);
  }
  return kExitUsage;
}

}  // namespace tcpteardown
