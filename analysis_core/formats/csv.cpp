// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/output.h"
#include "formats/output_format.h"
#include "report/fields.h"

// CSV with RFC 4180 quoting and line feeds, a header line, one row a connection.
namespace tcpteardown {
namespace {

constexpr std::array<std::string_view, 11> kIdentityColumns{
    "file",        "stream",     "client", "server",       "start",       "duration",
    "first_frame", "last_frame", "frames", "client.bytes", "server.bytes"};

// A cell is one line: readers that split at line ends must not be fooled by a file name, and
// no cell brings a terminal's control sequences along.
std::string one_line(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    text.remove_prefix(point.bytes.size());
    if (point.valid && !is_control(point.value)) {
      out += point.bytes;
    } else {
      out += kReplacementCharacter;
    }
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string cell = one_line(text);
  if (cell.find_first_of(",\"") == std::string::npos) return cell;
  std::string out = "\"";
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

void append_cell(std::string& out, std::string_view text) {
  if (plain_prefix(text, ',', '"') == text.size()) {
    out += text;
  } else {
    out += quoted(text);
  }
}

// Spreadsheets compute a cell that starts like a formula; an apostrophe in front makes it the text that it
// is.
std::string no_formula(std::string_view text) {
  constexpr std::string_view kStarts = "=+-@";
  const bool starts_one = !text.empty() && kStarts.find(text.front()) != std::string_view::npos;
  return starts_one && text != "-" ? "'" + std::string(text) : std::string(text);
}

void append_identity(std::string& out, const Report& report, std::string_view file) {
  append_cell(out, no_formula(file));  // the one text that is not ours
  out += ',';
  if (report.stream) append_unsigned(out, *report.stream);
  out += ',' + report.client + ',' + report.server + ',';
  append_utc(out, report.start_ns);
  out += ',';
  append_seconds(out, report.duration_ns);
  for (const std::uint64_t number :
       {std::uint64_t{report.first_frame}, std::uint64_t{report.last_frame}, std::uint64_t{report.frames},
        report.client_bytes, report.server_bytes}) {
    out += ',';
    append_unsigned(out, number);
  }
}

}  // namespace

void append_csv_header(std::string& out) {
  std::string_view separator;
  for (const std::string_view column : kIdentityColumns) {
    out += separator;
    out += column;
    separator = ",";
  }
  for (const ConnectionField& field : connection_fields()) {
    out += ',';
    out += field.name;
  }
  out += ',';
  out += kLocalEnd;
  out += '\n';
}

void append_csv(std::string& out, const Report& report, std::string_view file, LocalOffset local) {
  append_identity(out, report, file);
  Values values;
  std::string cell;
  for (const ConnectionField& field : connection_fields()) {
    values.clear();
    field.read(report, values);
    out += ',';
    cell.clear();
    for (const Value& value : values) {
      if (&value != &values.front()) cell += ' ';
      append_plain(cell, field.type, value);
    }
    append_cell(out, cell);
  }
  out += ',';
  if (report.ended && local != nullptr) out += local_iso(report.decisive_ns, local(report.decisive_ns));
  out += '\n';
}

}  // namespace tcpteardown
