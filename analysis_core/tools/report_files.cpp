// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/report_files.h"

#include <cstdint>
#include <random>
#include <string>

#include "capture/analysis.h"
#include "tools/run.h"
#include "tools/write_report.h"

namespace tcpteardown {
namespace {

// Unpredictable, so that nobody can write a capture that makes the tables slow.
std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::string_view shown_name(std::string_view file) { return file == "-" ? "standard input" : file; }

// What could be read is reported, whatever came behind it. A file of which nothing could be
// read has no report: "no connections" would be a claim about a file nobody saw.
bool report_file(const std::string& file, const Arguments& arguments, std::ostream& out,
                 std::ostream& error) {
  Analysis analysis{random_seed()};
  const ReadResult result = analyse_file(file, analysis);
  if (result.outcome != ReadOutcome::unreadable) {
    const bool is_text = arguments.format == Format::text;
    write_report(analysis.table(), is_text ? shown_name(file) : file, arguments, out);
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

}  // namespace

void complain(std::ostream& error, std::string_view file, std::string_view message) {
  error << "tcpteardown: " << shown_name(file) << ": " << message << '\n';
}

int report_files(const Arguments& arguments, std::ostream& out, std::ostream& error) {
  if (arguments.format == Format::csv) write_csv_header(out);
  bool all_read = true;
  bool is_first = true;
  for (const std::string& file : arguments.files) {
    if (arguments.format == Format::text && !is_first) out << '\n';
    is_first = false;
    all_read = report_file(file, arguments, out, error) && all_read;
  }
  return all_read ? 0 : kExitUnread;
}

}  // namespace tcpteardown
