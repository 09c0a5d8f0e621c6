// SPDX-License-Identifier: GPL-2.0-or-later
#include "findings/phrasing.h"

namespace tcpteardown {
namespace {

constexpr std::int64_t kMicrosecond = 1'000;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;

// Rounded without a sum that could leave the range: two forged times may lie 2^63 ns apart.
std::int64_t whole(std::int64_t value, std::int64_t unit) {
  return value / unit + (value % unit >= unit / 2 ? 1 : 0);
}

// One digit behind the point where it says something: "2.3", "43", "5".
std::string tenths(std::int64_t value, std::int64_t unit) {
  const std::int64_t rounded = whole(value, unit / 10);
  std::string out = std::to_string(rounded / 10);
  if (rounded % 10 != 0) out += '.' + std::to_string(rounded % 10);
  return out;
}

// "5 min 50 s", "2 h": the larger unit, and the smaller one unless it is zero.
std::string two_units(std::int64_t count, std::int64_t size, std::string_view large, std::string_view small) {
  std::string out = grouped(static_cast<std::uint64_t>(count / size)) + ' ' + std::string(large);
  if (count % size != 0) out += ' ' + std::to_string(count % size) + ' ' + std::string(small);
  return out;
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// Where the next sentence starts behind `at`: behind a full stop or question mark and a blank.
std::size_t next_sentence(std::string_view text, std::size_t at) {
  for (at = text.find(' ', at); at != std::string_view::npos; at = text.find(' ', at + 1)) {
    if (at > 0 && (text[at - 1] == '.' || text[at - 1] == '?')) return at + 1;
  }
  return text.size();
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t i = out.size(); i > 3;) out.insert(i -= 3, 1, ',');
  return out;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return grouped(number) + ' ' + std::string(number == 1 ? one : many);
}

std::string byte_count(std::uint64_t bytes) { return counted(bytes, "byte", "bytes"); }

std::string times(std::uint64_t count) {
  if (count == 1) return "once";
  return count == 2 ? "twice" : grouped(count) + " times";
}

std::string in_frame(FrameNumber frame) { return "frame " + std::to_string(frame); }

std::string frame_range(FrameNumber first, FrameNumber last, std::uint64_t count) {
  if (first == last || count < 2) return in_frame(first);
  const std::string_view link = count == 2 ? " and " : " to ";
  return "frames " + std::to_string(first) + std::string(link) + std::to_string(last);
}

std::string duration(std::int64_t time_ns) {
  if (time_ns <= 0) return "0 s";
  if (time_ns < kMicrosecond) return "less than 1 µs";
  if (time_ns < kMillisecond - kMicrosecond / 2) return std::to_string(whole(time_ns, kMicrosecond)) + " µs";
  if (time_ns < 10 * kMillisecond) return tenths(time_ns, kMillisecond) + " ms";
  if (time_ns < kSecond - kMillisecond / 2) return std::to_string(whole(time_ns, kMillisecond)) + " ms";
  // Below two minutes in seconds: timers are known as 60 s and 75 s, not as minutes.
  if (time_ns < 120 * kSecond) return tenths(time_ns, kSecond) + " s";
  const std::int64_t seconds = whole(time_ns, kSecond);
  if (seconds < 3'600) return two_units(seconds, 60, "min", "s");
  const std::int64_t minutes = (seconds + 30) / 60;
  constexpr std::int64_t kTwoDays = 2'880;
  if (minutes < kTwoDays) return two_units(minutes, 60, "h", "min");
  return two_units((minutes + 30) / 60, 24, "days", "h");
}

std::string joined(std::string_view first, std::string_view second) {
  if (first.empty() || second.empty()) return std::string(first) + std::string(second);
  return std::string(first) + " and " + std::string(second);
}

std::string as_sentences(std::string text) {
  for (std::size_t i = 0; i < text.size(); i = next_sentence(text, i)) {
    if (is_lower(text[i])) text[i] = static_cast<char>(text[i] - 'a' + 'A');
  }
  return text;
}

std::size_t count_words(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != ' ' && (i == 0 || text[i - 1] == ' ')) ++count;
  }
  return count;
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view indent) {
  std::string out{indent};
  std::size_t column = indent.size();
  const std::size_t start = column;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    if (column > start && column + 1 + word.size() > width) {
      out += '\n';
      out += indent;
      column = start;
    } else if (column > start) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out + '\n';
}

}  // namespace tcpteardown
