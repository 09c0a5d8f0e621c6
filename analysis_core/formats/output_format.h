// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "report/fields.h"

// How values are written, the same in JSON, CSV and text.
namespace tcpteardown {

// Appends a decimal number.
void append_number(std::string& out, std::int64_t value);
void append_unsigned(std::string& out, std::uint64_t value);

// Appends nanoseconds as seconds, exactly: "0.000123", "-1.5", "75".
void append_seconds(std::string& out, std::int64_t duration_ns);

// Appends a time since the epoch as UTC in ISO 8601: "2010-09-02T07:31:00.123456000Z".
void append_utc(std::string& out, std::int64_t time_ns);

// The value of a field without quotes: text as it is, numbers by their type.
void append_plain(std::string& out, FieldType type, const Value& value);

// A piece of text from a packet or a file name: one code point, or one byte that is no UTF-8.
struct CodePoint {
  std::string_view bytes;
  std::uint32_t value = 0;
  bool valid = true;  // false: not UTF-8 (RFC 3629); never written as it is
};

// The first code point of a text that is not empty.
[[nodiscard]] CodePoint first_code_point(std::string_view text);

// How many bytes at the start of a text are printable ASCII and none of two marks: most texts are that from
// end to end, and need no look at their code points.
[[nodiscard]] std::size_t plain_prefix(std::string_view text, char mark, char other_mark);

// Control characters of ASCII and of the upper half (C1) can move a terminal's cursor or change its state.
[[nodiscard]] constexpr bool is_control(std::uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

inline constexpr std::string_view kReplacementCharacter = "\xef\xbf\xbd";  // U+FFFD

}  // namespace tcpteardown
