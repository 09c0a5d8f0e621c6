// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/payload_signs.h"

#include <algorithm>
#include <cstddef>
#include <span>

#include "wire/segment.h"
#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::optional<std::uint32_t> number(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  std::uint64_t value = 0;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') break;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
    if (++digits > 9) return std::nullopt;
  }
  if (digits == 0) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The last chunk has the length 0; trailer fields may follow it, which is rare and left open.
LastChunk last_chunk_of(const Segment& s) {
  constexpr std::string_view kLast = "0\r\n\r\n";
  if (s.payload.size() != s.payload_length || s.payload.size() < kLast.size()) return LastChunk::unknown;
  const auto tail = s.payload.last(kLast.size());
  const auto ends_with = [&tail](std::string_view text) {
    return std::equal(text.rbegin(), text.rend(), tail.rbegin(),
                      [](char c, std::uint8_t byte) { return static_cast<std::uint8_t>(c) == byte; });
  };
  if (ends_with(kLast)) return LastChunk::sent;
  return ends_with("\r\n\r\n") ? LastChunk::unknown : LastChunk::missing;
}

// The value of a header field of an HTTP head; empty if it is not there.
std::string_view header(std::string_view head, std::string_view name) {
  std::size_t at = head.find("\r\n");
  while (at != std::string_view::npos) {
    const std::size_t start = at + 2;
    const std::size_t end = head.find("\r\n", start);
    const std::string_view line = head.substr(start, end == std::string_view::npos ? end : end - start);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && same_word(line.substr(0, colon), name)) {
      return line.substr(colon + 1);
    }
    at = end;
  }
  return {};
}

HttpMessage message_of(std::string_view text) {
  if (text.empty() || text.front() < 'C' || text.front() > 'T')
    return HttpMessage::none;  // no method, nor HTTP
  if (text.starts_with("HTTP/1.")) return HttpMessage::response;
  for (const std::string_view method : {"GET ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "TRACE "}) {
    if (text.starts_with(method)) return HttpMessage::request;
  }
  const bool is_bodiless = text.starts_with("HEAD ") || text.starts_with("CONNECT ");
  return is_bodiless ? HttpMessage::bodiless_request : HttpMessage::none;
}

// Whether the message ends with its head or with its Content-Length is the other side's to tell.
bool may_be_followed(const HttpHead& head, std::string_view text) {
  if (head.length == 0) return false;
  const auto starts_at = [&text](std::size_t at) {
    return at < text.size() && message_of(text.substr(at)) != HttpMessage::none;
  };
  return starts_at(head.length) || starts_at(head.length + std::size_t{head.content_length.value_or(0)});
}

// A record's type and length stand in clear. An alert is type 21; under TLS 1.3 it travels as a record of
// type 23 with 2 bytes, a type byte and a 16-byte tag.
void read_tls(const Segment& s, PayloadSigns& signs) {
  if (s.payload.size() < 5) return;
  const std::uint8_t type = s.payload[0];
  const auto length = static_cast<std::uint32_t>(s.payload[3] << 8 | s.payload[4]);
  const bool record = type >= 20 && type <= 23 && s.payload[1] == 3 && s.payload[2] <= 4;
  if (!record) return;
  signs.tls = TlsSign::record;
  constexpr std::uint32_t kTls13Alert = 2 + 1 + 16;
  constexpr std::uint8_t kFatal = 2;
  const bool is_in_clear = type == 21 && length == 2 && s.payload.size() >= 7;
  if (is_in_clear && s.payload[5] == kFatal) {
    signs.tls = TlsSign::fatal_alert;
    signs.fatal_alert_code = s.payload[6];
    return;
  }
  const bool whole_segment = s.payload_length == length + 5;
  if (whole_segment && (type == 21 || (type == 23 && length == kTls13Alert))) signs.tls = TlsSign::alert;
}

}  // namespace

std::string_view http_text(const Segment& s) {
  const std::size_t size = std::min(s.payload.size(), threshold::kHttpHead);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): any bytes may be read as char.
  return {reinterpret_cast<const char*>(s.payload.data()), size};
}

HttpHead read_http_head(std::string_view text) {
  HttpHead head;
  head.message = message_of(text);
  if (head.message == HttpMessage::none) return head;
  if (head.message == HttpMessage::response && text.size() >= 12) {
    head.status = static_cast<std::uint16_t>(number(text.substr(9, 3)).value_or(0));
  }
  head.is_chunked = same_word(trimmed(header(text, "Transfer-Encoding")), "chunked");
  const std::size_t blank = text.find("\r\n\r\n");
  if (blank == std::string_view::npos) return head;
  const std::string_view lines = text.substr(0, blank);
  const std::string_view content_length = header(lines, "Content-Length");
  head.length = static_cast<std::uint16_t>(blank + 4);
  head.has_content_length = !content_length.empty();
  head.content_length = number(content_length);
  head.has_transfer_encoding = !header(lines, "Transfer-Encoding").empty();
  return head;
}

PayloadSigns read_signs(const Segment& s) {
  PayloadSigns signs;
  signs.captured = static_cast<std::uint32_t>(s.payload.size());
  if (s.payload.empty() || s.flags.rst) return signs;
  read_tls(s, signs);
  const std::string_view text = http_text(s);
  signs.http = read_http_head(text);
  signs.has_more_messages = signs.http.message != HttpMessage::none && may_be_followed(signs.http, text);
  signs.last_chunk = last_chunk_of(s);
  return signs;
}

}  // namespace tcpteardown
