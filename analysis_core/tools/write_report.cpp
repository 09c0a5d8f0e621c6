// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/write_report.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "formats/output.h"
#include "report/last_segments.h"
#include "report/report.h"
#include "report/report_row.h"
#include "tools/in_order.h"

namespace tcpteardown {
namespace {

// Connections that one thread takes at a time: enough that handing them over costs nothing, few enough that
// their rows fit into a cache (our choice).
constexpr std::size_t kPiece = 128;

struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::size_t pieces_of(std::size_t connections) { return (connections + kPiece - 1) / kPiece; }

Piece piece_at(std::size_t number, std::size_t connections) {
  return {number * kPiece, std::min((number + 1) * kPiece, connections)};
}

bool is_wanted(const Connection& connection, CaptureEnd end, const Selection& selection) {
  return selection.takes_all() || selection.takes(make_report_row(connection, end));
}

// Row by row, so that the report of a huge capture need not fit into memory.
std::size_t write_rows(const ConnectionTable& table, const FileNames& files, const Arguments& arguments,
                       std::ostream& out) {
  std::atomic<std::size_t> written = 0;
  const auto make = [&](std::size_t number, std::string& text) {
    const Piece piece = piece_at(number, table.size());
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      const Connection connection = table.facts(static_cast<ConnectionIndex>(i));
      if (!is_wanted(connection, table.capture_end(), arguments.selection)) continue;
      ++written;
      const Report report = make_report(connection, table.capture_end());
      const std::string_view file = files.of(report.first_frame);
      if (arguments.format == Format::json) {
        append_json(text, report, file);
      } else {
        append_csv(text, report, file);
      }
    }
  };
  const auto take = [&out](const std::string& text) { out.write(text.data(), std::ssize(text)); };
  make_in_order(pieces_of(table.size()), threads_of(arguments), make, take);
  return written;
}

std::vector<ReportRow> report_rows_of(const ConnectionTable& table, unsigned threads) {
  std::vector<ReportRow> rows(table.size());
  const auto make = [&](std::size_t number, std::string& /*text*/) {
    const Piece piece = piece_at(number, table.size());
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      rows[i] = make_report_row(table.facts(static_cast<ConnectionIndex>(i)), table.capture_end());
    }
  };
  make_in_order(pieces_of(table.size()), threads, make, [](const std::string&) {});
  return rows;
}

// Leaves of the rows those that are asked for, and gives their connections.
std::vector<ConnectionIndex> choose(std::vector<ReportRow>& rows, const Selection& selection) {
  std::vector<ConnectionIndex> chosen;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!selection.takes(rows[i])) continue;
    rows[kept++] = rows[i];
    chosen.push_back(static_cast<ConnectionIndex>(i));
  }
  rows.resize(kept);
  return chosen;
}

std::size_t write_text(const ConnectionTable& table, const FileNames& files, const Arguments& arguments,
                       std::ostream& out) {
  std::vector<ReportRow> rows = report_rows_of(table, threads_of(arguments));
  const bool is_selection = !arguments.selection.takes_all();
  std::vector<ConnectionIndex> chosen;
  if (is_selection) chosen = choose(rows, arguments.selection);
  const auto make = [&](std::size_t place) {
    const auto index = is_selection ? chosen[place] : static_cast<ConnectionIndex>(place);
    const Connection connection = table.facts(index);
    Report report = make_report(connection, table.capture_end());
    report.last_segments = last_segments(connection, report);
    return report;
  };
  if (!rows.empty() || !is_selection) out << text_report(rows, make, files.all(), arguments.layout);
  return rows.size();
}

}  // namespace

unsigned threads_of(const Arguments& arguments) {
  return arguments.threads != 0 ? arguments.threads : std::max(1U, std::thread::hardware_concurrency());
}

std::string_view FileNames::of(FrameNumber frame) const {
  const auto behind =
      std::upper_bound(files_.begin(), files_.end(), frame,
                       [](FrameNumber f, const File& file) { return f <= file.frames_before; });
  return behind == files_.begin() ? std::string_view{} : (behind - 1)->name;
}

std::string FileNames::all() const {
  if (files_.empty()) return {};
  const std::string& first = files_.front().name;
  return files_.size() == 1 ? first : first + " and " + std::to_string(files_.size() - 1) + " more";
}

void write_csv_header(std::ostream& out) {
  std::string header;
  append_csv_header(header);
  out << header;
}

std::size_t write_report(const ConnectionTable& table, const FileNames& files, const Arguments& arguments,
                         std::ostream& out) {
  switch (arguments.format) {
    case Format::text: return write_text(table, files, arguments, out);
    case Format::json:
    case Format::csv: break;
  }
  return write_rows(table, files, arguments, out);
}

}  // namespace tcpteardown
