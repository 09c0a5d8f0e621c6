// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// What a segment's payload shows by itself of the application protocol: a small value that outlives the
// payload. What it means beside other segments is folded in tracking/fold_context.cpp.
namespace tcpteardown {

struct Segment;

enum class HttpMessage : std::uint8_t {
  none,
  request,
  bodiless_request,  // HEAD or CONNECT, whose response has no body
  response,
};

// The head of an HTTP message, as far as it was captured (RFC 9112).
struct HttpHead {
  HttpMessage message = HttpMessage::none;
  std::uint16_t status = 0;  // of a response; 0: not captured
  std::uint16_t length = 0;  // bytes, with the blank line; 0: it does not end in this segment
  bool has_content_length = false;
  std::optional<std::uint32_t> content_length;  // bytes, if it is a number
  bool has_transfer_encoding = false;
  bool is_chunked = false;

  friend bool operator==(const HttpHead&, const HttpHead&) = default;
};

// Whether the last chunk of a chunked HTTP message was the latest data (RFC 9112 §7.1).
enum class LastChunk : std::uint8_t { unknown, missing, sent };

// What the payload is in TLS (RFC 8446 §5.1).
enum class TlsSign : std::uint8_t {
  none,
  record,       // it starts with one
  alert,        // it is one alert record, and not a fatal one in clear
  fatal_alert,  // sent in clear
};

struct PayloadSigns {
  std::uint32_t captured = 0;  // bytes of the payload
  TlsSign tls = TlsSign::none;
  std::uint8_t fatal_alert_code = 0;  // RFC 8446 §6.2
  LastChunk last_chunk = LastChunk::unknown;
  HttpHead http;                   // that starts with the payload
  bool has_more_messages = false;  // and another one may follow in the same segment

  friend bool operator==(const PayloadSigns&, const PayloadSigns&) = default;
};

// What the payload of a segment is searched for an HTTP head in.
[[nodiscard]] std::string_view http_text(const Segment& segment);
// Of the message that starts with this text.
[[nodiscard]] HttpHead read_http_head(std::string_view text);

[[nodiscard]] PayloadSigns read_signs(const Segment& segment);

}  // namespace tcpteardown
