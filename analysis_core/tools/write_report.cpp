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
    table.fetch_facts(static_cast<ConnectionIndex>(piece.begin), static_cast<ConnectionIndex>(piece.end));
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      const Connection connection = table.facts(static_cast<ConnectionIndex>(i));
      if (!is_wanted(connection, table.capture_end(), arguments.selection)) continue;
      ++written;
      const Report report = make_report(connection, table.capture_end());
      const std::string_view file = files.of(report.first_frame);
      if (arguments.format == Format::json) {
        append_json(text, report, file, arguments.layout.local);
      } else {
        append_csv(text, report, file, arguments.layout.local);
      }
    }
  };
  const auto take = [&out](const std::string& text) { out.write(text.data(), std::ssize(text)); };
  make_in_order(pieces_of(table.size()), threads_of(arguments), make, take);
  return written;
}

// Connections whose rows are made at a time: few enough to take no memory to speak of (our choice).
constexpr std::size_t kBatch = 256 * kPiece;

// Of the connections from `begin` on, as many as there are rows.
void make_rows(const ConnectionTable& table, std::size_t begin, std::vector<ReportRow>& rows,
               unsigned threads) {
  const auto make = [&](std::size_t number, std::string& /*text*/) {
    const Piece piece = piece_at(number, rows.size());
    table.fetch_facts(static_cast<ConnectionIndex>(begin + piece.begin),
                      static_cast<ConnectionIndex>(begin + piece.end));
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      rows[i] = make_report_row(table.facts(static_cast<ConnectionIndex>(begin + i)), table.capture_end());
    }
  };
  make_in_order(pieces_of(rows.size()), threads, make, [](const std::string&) {});
}

std::size_t write_text(const ConnectionTable& table, const FileNames& files, const Arguments& arguments,
                       std::ostream& out) {
  TextReport text{arguments.layout};
  std::size_t written = 0;
  std::vector<ReportRow> rows;
  for (std::size_t begin = 0; begin < table.size(); begin += kBatch) {
    rows.resize(std::min(kBatch, table.size() - begin));
    make_rows(table, begin, rows, threads_of(arguments));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!arguments.selection.takes(rows[i])) continue;
      text.add(rows[i], static_cast<std::uint32_t>(begin + i));
      ++written;
    }
  }
  const auto make = [&table](std::size_t place) {
    const Connection connection = table.facts(static_cast<ConnectionIndex>(place));
    Report report = make_report(connection, table.capture_end());
    report.last_segments = last_segments(connection, report);
    return report;
  };
  if (written > 0 || arguments.selection.takes_all()) out << text.write(make, files.all());
  return written;
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
