// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/report_files.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "capture/analysis.h"
#include "findings/phrasing.h"
#include "formats/connection_text.h"
#include "tools/follow.h"
#include "tools/interrupt.h"
#include "tools/progress.h"
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

// Says what went wrong with a file, if anything did. True if all of it was read.
bool tell_problem(const ReadResult& result, const std::string& file, const Analysis& analysis,
                  std::ostream& error) {
  if (result.message.empty()) return true;
  std::string message = result.message;
  if (result.outcome == ReadOutcome::partial) {
    const std::uint64_t frames = analysis.frames().of_known_link_types();
    message += "; reported is what could be read: " + std::to_string(frames) + " frames";
  }
  complain(error, file, message);
  return result.outcome == ReadOutcome::complete;
}

// Given back when memory runs out, so that what was read by then can be reported. Our choice.
constexpr std::size_t kReserve = 16 * 1024 * 1024;  // bytes

ReadResult read_file(const std::string& file, const Arguments& arguments, Analysis& analysis) {
  Progress progress;
  const Reading reading = threads_of(arguments) > 1 ? Reading::by_two : Reading::by_one;
  const Interrupt interrupt{file};
  std::string reserve;
  reserve.reserve(kReserve);
  try {
    return analyse_file(file, analysis, reading, [&](std::uint64_t read, std::uint64_t all) {
      progress.tell(shown_name(file), read, all);
      return !Interrupt::came();
    });
  } catch (const std::bad_alloc&) {
    std::string{}.swap(reserve);
    return analysis.frames().result({ReadOutcome::partial, "there is no memory for more of it"});
  }
}

// Who asked for some connections and gets none, is told that there were others.
void report(const ConnectionTable& table, const FileNames& names, std::string_view file,
            const Arguments& arguments, std::ostream& out, std::ostream& error) {
  const std::size_t reported = write_report(table, names, arguments, out);
  if (reported > 0 || arguments.selection.takes_all()) return;
  complain(error, file, "none of " + counted(table.size(), "connection", "connections") + " matches");
}

// What could be read is reported, whatever came behind it. A file of which nothing could be
// read has no report: "no connections" would be a claim about a file nobody saw.
bool report_file(const std::string& file, const Arguments& arguments, std::ostream& out,
                 std::ostream& error) try {
  Analysis analysis{random_seed()};
  const ReadResult result = read_file(file, arguments, analysis);
  if (result.outcome != ReadOutcome::unreadable) {
    const bool is_text = arguments.format == Format::text;
    const FileNames names{is_text ? shown_name(file) : file};
    report(analysis.table(), names, shown_name(file), arguments, out, error);
  }
  out.flush();
  return tell_problem(result, file, analysis, error);
} catch (const std::bad_alloc&) {
  out.flush();
  complain(error, file, "there is no memory for its report");
  return false;
}

// The files in the order of their first frames; those without one in front, where they do no harm.
std::vector<std::string> in_order_of_time(const std::vector<std::string>& files) {
  std::vector<std::pair<std::int64_t, std::string>> timed;
  for (const std::string& file : files) {
    timed.emplace_back(first_time_ns(file).value_or(std::numeric_limits<std::int64_t>::min()), file);
  }
  std::stable_sort(timed.begin(), timed.end(),
                   [](const auto& x, const auto& y) { return x.first < y.first; });
  std::vector<std::string> sorted;
  for (auto& [time, file] : timed) sorted.push_back(std::move(file));
  return sorted;
}

// One analysis over all files.
bool report_joined(const Arguments& arguments, std::ostream& out, std::ostream& error) {
  Analysis analysis{random_seed()};
  FileNames names;
  bool all_read = true;
  for (const std::string& file : in_order_of_time(arguments.files)) {
    analysis.begin_file();
    const FrameNumber frames_before = analysis.last_frame();
    const ReadResult result = read_file(file, arguments, analysis);
    if (result.outcome != ReadOutcome::unreadable) names.add(frames_before, file);
    all_read = tell_problem(result, file, analysis, error) && all_read;
    if (Interrupt::came()) break;
  }
  if (!names.all().empty()) report(analysis.table(), names, names.all(), arguments, out, error);
  return all_read;
}

bool report_each(const Arguments& arguments, std::ostream& out, std::ostream& error) {
  bool all_read = true;
  bool is_first = true;
  for (const std::string& file : arguments.files) {
    if (arguments.format == Format::text && !is_first) out << '\n';
    is_first = false;
    all_read = report_file(file, arguments, out, error) && all_read;
    if (Interrupt::came()) break;
  }
  return all_read;
}

// Until it ends, which it may never do.
bool report_followed(const Arguments& arguments, std::ostream& out, std::ostream& error) {
  const std::string& file = arguments.files.front();
  Analysis analysis{random_seed()};
  return tell_problem(follow_file(file, arguments, analysis, out), file, analysis, error);
}

}  // namespace

void complain(std::ostream& error, std::string_view file, std::string_view message) {
  error << "tcpteardown: " << printable(shown_name(file)) << ": " << message << '\n';
}

int report_files(const Arguments& arguments, std::ostream& out, std::ostream& error) {
  if (arguments.follow) return report_followed(arguments, out, error) ? 0 : kExitUnread;
  if (arguments.format == Format::csv) write_csv_header(out);
  const bool all_read =
      arguments.join ? report_joined(arguments, out, error) : report_each(arguments, out, error);
  return all_read ? 0 : kExitUnread;
}

}  // namespace tcpteardown
