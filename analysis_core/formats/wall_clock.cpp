// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/wall_clock.h"

#include <cstddef>
#include <limits>

#include "formats/output_format.h"

namespace tcpteardown {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;  // ns

// The time of day there, written as if it were UTC. Near the ends of the range, where that would overflow,
// it stays: those are no captures' times.
std::string iso(std::int64_t time_ns, std::int64_t offset_s) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() - 86'400 * kSecond;
  std::string text;
  append_utc(text, time_ns > kMost || time_ns < -kMost ? time_ns : time_ns + offset_s * kSecond);
  return text;
}

std::string two_digits(std::int64_t value) {
  const std::string text = std::to_string(value);
  return value < 10 ? "0" + text : text;
}

}  // namespace

std::int64_t utc_day(std::int64_t time_ns) {
  constexpr std::int64_t kDay = 86'400 * kSecond;
  return time_ns / kDay - (time_ns % kDay < 0 ? 1 : 0);
}

std::string date_at(std::int64_t time_ns, std::int64_t offset_s) {
  const std::string text = iso(time_ns, offset_s);
  return text.substr(0, text.find('T'));
}

std::string time_at(std::int64_t time_ns, std::int64_t offset_s) {
  constexpr std::size_t kToMicroseconds = 15;  // bytes
  const std::string text = iso(time_ns, offset_s);
  return text.substr(text.find('T') + 1, kToMicroseconds);
}

std::string local_iso(std::int64_t time_ns, std::int64_t offset_s) {
  std::string text = iso(time_ns, offset_s);
  text.pop_back();  // Z
  return text + offset_text(offset_s);
}

std::string offset_text(std::int64_t offset_s) {
  const std::int64_t minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
  return (offset_s < 0 ? "-" : "+") + two_digits(minutes / 60) + ':' + two_digits(minutes % 60);
}

}  // namespace tcpteardown
