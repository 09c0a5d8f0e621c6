// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
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

class Row {
 public:
  void add(std::string_view text) {
    if (has_cells_) text_ += ',';
    has_cells_ = true;
    text_ += quoted(text);
  }
  template <typename Append, typename Number>
  void add(Append append, Number number) {
    std::string cell;
    append(cell, number);
    add(cell);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  bool has_cells_ = false;
};

void add_identity(Row& row, const Report& report, std::string_view file) {
  row.add(file);
  if (report.stream) {
    row.add(append_unsigned, *report.stream);
  } else {
    row.add("");
  }
  row.add(report.client);
  row.add(report.server);
  row.add(append_utc, report.start_ns);
  row.add(append_seconds, report.duration_ns);
  row.add(append_unsigned, report.first_frame);
  row.add(append_unsigned, report.last_frame);
  row.add(append_unsigned, report.frames);
  row.add(append_unsigned, report.client_bytes);
  row.add(append_unsigned, report.server_bytes);
}

}  // namespace

void append_csv_header(std::string& out) {
  Row row;
  for (const std::string_view column : kIdentityColumns) row.add(column);
  for (const ConnectionField& field : connection_fields()) row.add(field.name);
  out += row.text();
  out += '\n';
}

void append_csv(std::string& out, const Report& report, std::string_view file) {
  Row row;
  add_identity(row, report, file);
  Values values;
  for (const ConnectionField& field : connection_fields()) {
    values.clear();
    field.read(report, values);
    std::string cell;
    for (const Value& value : values) {
      if (&value != &values.front()) cell += ' ';
      append_plain(cell, field.type, value);
    }
    row.add(cell);
  }
  out += row.text();
  out += '\n';
}

}  // namespace tcpteardown
