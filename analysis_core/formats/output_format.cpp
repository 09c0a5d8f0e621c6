// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/output_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tcpteardown {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;  // ns
constexpr std::int64_t kDay = 86'400;            // s

template <typename Number>
void append_decimal(std::string& out, Number value) {
  std::array<char, 24> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

void append_padded(std::string& out, std::uint64_t value, std::size_t width) {
  std::array<char, 24> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  const auto size = static_cast<std::size_t>(end - text.data());
  if (size < width) out.append(width - size, '0');
  out.append(text.data(), size);
}

// Length of a UTF-8 sequence by its first byte; 0: not a first byte (RFC 3629 §4).
std::size_t sequence_length(std::uint8_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 0;
}

// Neither written too long, nor a surrogate, nor beyond the last plane.
bool is_scalar(std::uint32_t value, std::size_t length) {
  constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  return value >= kLeast[length] && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
}

std::uint8_t byte_at(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

}  // namespace

void append_number(std::string& out, std::int64_t value) { append_decimal(out, value); }

void append_unsigned(std::string& out, std::uint64_t value) { append_decimal(out, value); }

void append_seconds(std::string& out, std::int64_t duration_ns) {
  // The magnitude is unsigned, because that of the smallest number does not fit a signed one.
  const auto bits = static_cast<std::uint64_t>(duration_ns);
  const std::uint64_t magnitude = duration_ns < 0 ? 0 - bits : bits;
  if (duration_ns < 0) out += '-';
  append_decimal(out, magnitude / kSecond);
  const std::uint64_t fraction = magnitude % kSecond;
  if (fraction == 0) return;
  out += '.';
  append_padded(out, fraction, 9);
  while (out.back() == '0') out.pop_back();
}

void append_utc(std::string& out, std::int64_t time_ns) {
  std::int64_t seconds = time_ns / kSecond;
  std::int64_t nanoseconds = time_ns % kSecond;
  if (nanoseconds < 0) {
    nanoseconds += kSecond;
    --seconds;
  }
  std::int64_t days = seconds / kDay;
  std::int64_t of_day = seconds % kDay;
  if (of_day < 0) {
    of_day += kDay;
    --days;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  const auto padded = [&out](std::int64_t value, std::size_t width, char after) {
    append_padded(out, static_cast<std::uint64_t>(value), width);
    out += after;
  };
  padded(static_cast<int>(date.year()), 4, '-');
  padded(static_cast<unsigned>(date.month()), 2, '-');
  padded(static_cast<unsigned>(date.day()), 2, 'T');
  padded(of_day / 3600, 2, ':');
  padded(of_day / 60 % 60, 2, ':');
  padded(of_day % 60, 2, '.');
  padded(nanoseconds, 9, 'Z');
}

void append_plain(std::string& out, FieldType type, const Value& value) {
  switch (type) {
    case FieldType::text:
    case FieldType::level: out += value.text; break;
    case FieldType::boolean: out += value.number != 0 ? "true" : "false"; break;
    case FieldType::finding:
      out += std::string(to_string(value.finding->kind)) + ": " + with_frames(*value.finding);
      break;
    case FieldType::duration: append_seconds(out, value.number); break;
    case FieldType::moment: append_utc(out, value.number); break;
    case FieldType::address: out += to_string(*value.address); break;
    case FieldType::unsigned_number:
    case FieldType::signed_number:
    case FieldType::frame_number: append_number(out, value.number); break;
  }
}

std::size_t plain_prefix(std::string_view text, char mark, char other_mark) {
  const auto is_plain = [mark, other_mark](char c) {
    return c >= 0x20 && c < 0x7f && c != mark && c != other_mark;
  };
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
}

CodePoint first_code_point(std::string_view text) {
  const std::uint8_t first = byte_at(text, 0);
  const std::size_t length = sequence_length(first);
  const CodePoint broken{.bytes = text.substr(0, 1), .value = first, .valid = false};
  if (length == 0 || length > text.size()) return broken;
  if (length == 1) return {.bytes = text.substr(0, 1), .value = first, .valid = true};
  std::uint32_t value = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, i) & 0xc0U) != 0x80U) return broken;
    value = value << 6 | (byte_at(text, i) & 0x3fU);
  }
  if (!is_scalar(value, length)) return broken;
  return {.bytes = text.substr(0, length), .value = value, .valid = true};
}

}  // namespace tcpteardown
