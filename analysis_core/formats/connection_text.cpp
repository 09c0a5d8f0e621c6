// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/connection_text.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "findings/phrasing.h"
#include "formats/ladder.h"
#include "formats/output_format.h"
#include "formats/wall_clock.h"

namespace tcpteardown {
namespace {

// Narrower terminals break the lines themselves.
constexpr std::size_t kLeastWidth = 60;

// A line of the block: its label stands once, its frames in a column of their own.
struct Row {
  std::string_view label;
  std::string frames;
  std::string text;
};

std::string_view label_of(FindingKind kind) {
  switch (kind) {
    case FindingKind::evidence: return "evidence";
    case FindingKind::against: return "not this";
    case FindingKind::alternative: return "could be";
    case FindingKind::programs: return "programs";
    case FindingKind::context: return "context";
    case FindingKind::quality: return "capture";
  }
  return "evidence";
}

// These are short and have no frames: one line for all.
bool share_a_line(FindingKind kind) {
  return kind == FindingKind::alternative || kind == FindingKind::programs;
}

std::string_view meaning_of_retry(std::string_view retry) {
  if (retry == "safe") return "safe: the server never took the request";
  if (retry == "unsafe") return "unsafe: the server may have processed it";
  return "unknown: the capture does not show whether the server took the last request";
}

// For the log of that moment, in either of the two times that logs are in.
std::string when(const Report& report, LocalOffset local) {
  const std::int64_t at = report.decisive_ns;
  const std::int64_t offset = local == nullptr ? 0 : local(at);
  std::string text = date_at(at) + ' ' + time_at(at) + " UTC";
  if (offset == 0) return text;
  text += "; local time ";
  if (date_at(at, offset) != date_at(at)) text += date_at(at, offset) + ' ';
  return text + time_at(at, offset) + " (UTC" + offset_text(offset) + ')';
}

std::vector<Row> rows_of(const Report& report, LocalOffset local) {
  std::vector<Row> rows;
  for (const Finding& finding : report.findings) {
    const std::string_view label = label_of(finding.kind);
    const bool goes_on = !rows.empty() && rows.back().label == label;
    if (goes_on && share_a_line(finding.kind)) {
      rows.back().text += "; " + printable(finding.text);
    } else {
      rows.push_back({label, to_string(finding.frames), printable(finding.text)});
    }
  }
  if (report.ended) rows.push_back({"when", to_string(frames({report.decisive_frame})), when(report, local)});
  if (!report.retry.empty()) rows.push_back({"retry", {}, std::string(meaning_of_retry(report.retry))});
  if (!report.advice.empty()) rows.push_back({"next", {}, printable(report.advice)});
  return rows;
}

std::string padded(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

void append_rows(std::string& out, const std::vector<Row>& rows, std::size_t width) {
  std::size_t label_width = 0;
  std::size_t frames_width = 0;
  for (const Row& row : rows) {
    label_width = std::max(label_width, row.label.size());
    frames_width = std::max(frames_width, row.frames.size());
  }
  const std::size_t indent = 2 + label_width + 2 + frames_width + (frames_width > 0 ? 2 : 0);
  std::string_view previous;
  for (const Row& row : rows) {
    std::string text = wrapped(row.text, width, std::string(indent, ' '));
    std::string head = "  " + padded(row.label == previous ? "" : row.label, label_width) + "  ";
    if (frames_width > 0) head += padded(row.frames, frames_width);
    text.replace(0, head.size(), head);
    out += text;
    previous = row.label;
  }
}

void append_head(std::string& out, const Report& report, std::size_t width) {
  out += std::string(report.verdict) + "   " + std::string(report.severity);
  if (report.stream) {
    out += "   stream ";
    append_unsigned(out, *report.stream);
  }
  out += "   confidence " + std::string(report.confidence);
  if (!report.confidence_reason.empty()) out += " (" + std::string(report.confidence_reason) + ')';
  out += '\n' + wrapped(printable(report.summary), width, "  ");
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    text.remove_prefix(point.bytes.size());
    out += point.valid && !is_control(point.value) ? point.bytes : kReplacementCharacter;
  }
  return out;
}

std::string connection_text(const Report& report, const TextLayout& layout) {
  const std::size_t used = layout.width == 0 ? kTextWidth : std::clamp(layout.width, kLeastWidth, kTextWidth);
  std::string out;
  append_head(out, report, used);
  append_rows(out, rows_of(report, layout.local), used);
  if (const std::string drawing = draw_last_segments(report); !drawing.empty()) out += '\n' + drawing;
  return out;
}

}  // namespace tcpteardown
