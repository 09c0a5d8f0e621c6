// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/ladder.h"

#include <algorithm>
#include <vector>

#include "findings/phrasing.h"
#include "formats/output_format.h"

namespace tcpteardown {
namespace {

constexpr std::size_t kFrameWidth = 8;
constexpr std::size_t kTimeWidth = 14;
constexpr std::int64_t kLongGapNs = 1'000'000'000;  // a silence worth a line of its own (our choice)

struct Line {
  std::string frame;
  std::string time;
  Arrow arrow = Arrow::none;
  std::string label;
  std::string remark;
};

std::string_view what(const LastSegment& s) {
  switch (s.kind) {
    case SegmentKind::syn: return "SYN";
    case SegmentKind::syn_ack: return "SYN,ACK";
    case SegmentKind::reset: return s.flags.ack ? "RST,ACK" : "RST";
    case SegmentKind::keep_alive: return "keep-alive";
    case SegmentKind::window_probe: return "window probe";
    case SegmentKind::data: return s.flags.fin ? "FIN, data" : "data";
    case SegmentKind::retransmission:
      return s.flags.fin ? "FIN again" : s.flags.syn ? "SYN again" : "data again";
    case SegmentKind::fin: return "FIN";
    case SegmentKind::pure_ack: return s.flags.fin ? "FIN" : "ACK";
  }
  return {};
}

void append_part(std::string& out, std::string_view name, std::uint64_t value) {
  out += ' ';
  out += name;
  append_unsigned(out, value);
}

// "data Seq=24817 Ack=559 Len=1460": numbers spelled as in Wireshark's packet list.
std::string label_of(const LastSegment& s) {
  if (s.from == LastSegment::From::network) {
    return s.icmp_about_client ? "(ICMP error for the client)" : "(ICMP error for the server)";
  }
  std::string label{what(s)};
  const bool is_bare_ack = s.kind == SegmentKind::pure_ack && !s.flags.fin;
  if (s.seq && !is_bare_ack) append_part(label, "Seq=", *s.seq);
  if (s.ack) append_part(label, is_bare_ack ? "" : "Ack=", *s.ack);
  if (s.length > 0) append_part(label, "Len=", s.length);
  if (s.zero_window && s.kind != SegmentKind::reset) append_part(label, "Win=", 0);
  return label;
}

bool is_worth_a_word(std::string_view event) {
  return !event.empty() && event != "fin" && event != "fin-retransmitted";  // the label says these
}

std::string remark_of(const LastSegment& s) {
  std::string remark;
  const auto add = [&remark](std::string_view word) {
    if (!remark.empty()) remark += ", ";
    remark += word;
  };
  if (s.is_decisive) add("DECISIVE");
  if (s.is_trigger) add("TRIGGER");
  if (is_worth_a_word(s.event)) add(s.event);
  if (s.is_after_end) add("after the end");
  return remark;
}

std::string in_seconds(std::int64_t time_ns) {
  std::string out;
  append_seconds(out, time_ns / 1000 * 1000);
  const std::size_t point = out.find('.');
  if (point == std::string::npos) return out + ".000000";
  return out.append(std::max<std::size_t>(point + 7, out.size()) - out.size(), '0');
}

std::vector<Line> lines_of(const Report& report) {
  std::vector<Line> lines;
  const LastSegment* previous = nullptr;
  for (const LastSegment& s : report.last_segments) {
    const std::int64_t gap = previous == nullptr ? 0 : s.time_ns - previous->time_ns;
    const std::string silence = gap >= kLongGapNs ? duration(gap) : "";
    if (s.gap_before || !silence.empty()) {
      const std::string label =
          s.gap_before ? (silence.empty() ? "..." : "... " + silence + " ...") : silence;
      lines.push_back({.frame = "", .time = "", .arrow = Arrow::none, .label = label, .remark = ""});
    }
    std::string number;
    append_unsigned(number, s.frame);
    const Arrow arrow = s.from == LastSegment::From::client   ? Arrow::right
                        : s.from == LastSegment::From::server ? Arrow::left
                                                              : Arrow::none;
    lines.push_back({number, in_seconds(s.time_ns - report.start_ns), arrow, label_of(s), remark_of(s)});
    previous = &s;
  }
  return lines;
}

std::string right_aligned(std::string_view text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + std::string(text);
}

std::string heading(const Report& report, std::size_t width) {
  const std::string client = "client " + report.client;
  const std::string server = "server " + report.server;
  const std::size_t columns = width + 8;  // of a rung
  const std::size_t used = client.size() + server.size();
  return right_aligned("frame", kFrameWidth) + right_aligned("seconds", kTimeWidth) + "  " + client +
         std::string(columns > used + 2 ? columns - used : 2, ' ') + server + '\n';
}

}  // namespace

std::size_t width_of(const Rung& rung) { return rung.label.size() + (rung.arrow == Arrow::none ? 0U : 4U); }

std::string draw_rung(const Rung& rung, std::size_t width) {
  const std::size_t room = width > rung.label.size() ? width - rung.label.size() : 0;
  const std::string label{rung.label};
  switch (rung.arrow) {
    case Arrow::right: return "|-- " + label + ' ' + std::string(room, '-') + "> |";
    case Arrow::left: return "| <" + std::string(room, '-') + ' ' + label + " --|";
    case Arrow::lost_right:
      return "|-- " + label + ' ' + std::string(room / 2, '-') + "x" + std::string(room - room / 2 + 1, ' ') +
             '|';
    case Arrow::none: break;
  }
  return "|   " + label + std::string(room + 3, ' ') + '|';
}

std::string draw_last_segments(const Report& report) {
  const std::vector<Line> lines = lines_of(report);
  if (lines.empty()) return "";
  const std::size_t ends = report.client.size() + report.server.size() + 12;  // with their roles
  std::size_t width = std::max<std::size_t>(ends > 8 ? ends - 8 : 0, 40);
  for (const Line& line : lines) width = std::max(width, width_of({line.arrow, line.label}));
  std::string out = heading(report, width);
  for (const Line& line : lines) {
    out += right_aligned(line.frame, kFrameWidth) + right_aligned(line.time, kTimeWidth) + "  ";
    out += draw_rung({line.arrow, line.label}, width);
    if (!line.remark.empty()) out += "  " + line.remark;
    out += '\n';
  }
  return out;
}

}  // namespace tcpteardown
