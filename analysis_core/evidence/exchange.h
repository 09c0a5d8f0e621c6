// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "evidence/teardown.h"

// What the payload shows of the programs' last words: the latest HTTP request and response (RFC 9112) and
// the fatal TLS alert. Where the capture lacks packets, what is missing may have been sent all the same.
namespace tcpteardown {

struct HttpRequest {
  FrameNumber frame = 0;       // where it begins; 0: none was seen
  std::uint64_t short_by = 0;  // bytes of it that had not been sent
  bool unanswered = false;     // not one byte came back, and the capture would show it

  [[nodiscard]] bool cut_short() const { return short_by > 0; }
};

// The response to the latest request, or the latest one where no request was captured.
struct HttpResponse {
  FrameNumber frame = 0;        // where it begins; 0: none was seen
  std::uint16_t status = 0;     // 0: not readable
  bool has_body = false;        // its Content-Length, which is known, is not 0
  bool whole = false;           // all of its Content-Length was acknowledged
  bool sent_whole = false;      // all of its Content-Length was sent, perhaps in vain
  std::uint64_t short_by = 0;   // bytes of its Content-Length that had not been sent
  bool has_last_chunk = false;  // chunked (RFC 9112 §7.1), and its end was sent
  bool lacks_last_chunk = false;

  [[nodiscard]] bool cut_short() const { return short_by > 0 || lacks_last_chunk; }
};

// Sent in clear (RFC 8446 §6.2): its sender's TLS had given up.
struct FatalAlert {
  FrameNumber frame = 0;  // 0: none was seen
  Side sender = Side::a;
  std::uint8_t code = 0;
  std::string_view name;  // as the standard spells it; empty if it has none
};

struct Exchange {
  HttpRequest request;
  HttpResponse response;
  FatalAlert alert;
};

[[nodiscard]] Exchange find_exchange(const Teardown& teardown);

// HTTP requests without a response, of those that the server had acknowledged; 0 where that is not known.
[[nodiscard]] unsigned requests_left(const Teardown& teardown);

// Whether the latest HTTP message of that side is a request, or a response.
[[nodiscard]] bool sends_requests(const Endpoint& sender);
[[nodiscard]] bool sends_responses(const Endpoint& sender);

// All that the latest HTTP message of that side announces was sent; false where that is not known.
[[nodiscard]] bool http_message_sent(const Endpoint& sender);

}  // namespace tcpteardown
