// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/exchange.h"

#include <array>

namespace tcpteardown {
namespace {

struct AlertName {
  std::uint8_t code;
  std::string_view name;
};

// RFC 8446 §6.2 and RFC 5246 §7.2.2
constexpr std::array kFatalAlerts{
    AlertName{10, "unexpected_message"},
    AlertName{20, "bad_record_mac"},
    AlertName{22, "record_overflow"},
    AlertName{40, "handshake_failure"},
    AlertName{42, "bad_certificate"},
    AlertName{43, "unsupported_certificate"},
    AlertName{44, "certificate_revoked"},
    AlertName{45, "certificate_expired"},
    AlertName{46, "certificate_unknown"},
    AlertName{47, "illegal_parameter"},
    AlertName{48, "unknown_ca"},
    AlertName{49, "access_denied"},
    AlertName{50, "decode_error"},
    AlertName{51, "decrypt_error"},
    AlertName{70, "protocol_version"},
    AlertName{71, "insufficient_security"},
    AlertName{80, "internal_error"},
    AlertName{86, "inappropriate_fallback"},
    AlertName{109, "missing_extension"},
    AlertName{110, "unsupported_extension"},
    AlertName{112, "unrecognized_name"},
    AlertName{115, "unknown_psk_identity"},
    AlertName{116, "certificate_required"},
    AlertName{120, "no_application_protocol"},
};

std::string_view name_of(std::uint8_t code) {
  for (const AlertName& alert : kFatalAlerts) {
    if (alert.code == code) return alert.name;
  }
  return {};
}

// Bytes of the latest HTTP message that were not sent; 0 too where its length is not known.
std::uint64_t unsent_bytes(const Endpoint& x) {
  const std::int32_t missing = x.payload.length_known ? distance(x.data_end, x.payload.message_end) : 0;
  return missing > 0 ? static_cast<std::uint64_t>(missing) : 0;
}

HttpRequest find_request(const Teardown& t, const Endpoint& client, const Endpoint& server) {
  HttpRequest request;
  if (!client.payload.is_http || t.quality.lossy) return request;
  request.frame = client.payload.message.frame;
  request.short_by = unsent_bytes(client);
  request.unanswered = !t.quality.one_sided && server.last_data.frame < request.frame;
  return request;
}

void read_length(HttpResponse& response, const Endpoint& client, const Endpoint& server, bool asked) {
  const PayloadContext& p = server.payload;
  // Behind its end something else began, which looked like no response.
  if (!p.length_known || after(server.data_end, p.message_end)) return;
  // Whether a response has a body only the request tells (RFC 9112 §6.3).
  response.short_by = asked ? unsent_bytes(server) : 0;
  response.sent_whole = http_message_sent(server);
  response.whole = client.has_ack && at_or_after(client.rcv_nxt, p.message_end);
}

HttpResponse find_response(const Teardown& t, const Endpoint& client, const Endpoint& server) {
  HttpResponse response;
  const PayloadContext& p = server.payload;
  if (!p.is_http || t.quality.lossy || p.message.frame < client.payload.message.frame) return response;
  response.frame = p.message.frame;
  response.status = p.http_status;
  response.has_body = p.has_body;
  if (p.is_chunked) {
    response.has_last_chunk = p.last_chunk == LastChunk::sent;
    response.lacks_last_chunk = p.last_chunk == LastChunk::missing && !t.quality.reordered;
  } else {
    read_length(response, client, server, client.payload.is_http);
  }
  return response;
}

FatalAlert find_alert(const Teardown& t) {
  for (const Side side : {t.client, t.server()}) {
    const PayloadContext& p = t.connection->side(side).payload;
    if (!p.fatal_alert.seen()) continue;
    return {.frame = p.fatal_alert.frame,
            .sender = side,
            .code = p.fatal_alert_code,
            .name = name_of(p.fatal_alert_code)};
  }
  return {};
}

}  // namespace

unsigned requests_left(const Teardown& t) {
  const Endpoint& client = t.connection->side(t.client);
  const Endpoint& server = t.connection->side(t.server());
  const bool known = sends_responses(server) && !t.quality.lossy;
  return known && !t.quality.midstream && !t.quality.one_sided ? client.payload.http_pending : 0;
}

bool sends_requests(const Endpoint& x) { return x.payload.is_http && x.payload.http_status == 0; }
bool sends_responses(const Endpoint& x) { return x.payload.http_status != 0; }

bool http_message_sent(const Endpoint& x) {
  return x.payload.length_known && at_or_after(x.data_end, x.payload.message_end);
}

Exchange find_exchange(const Teardown& t) {
  const Endpoint& client = t.connection->side(t.client);
  const Endpoint& server = t.connection->side(t.server());
  return {.request = find_request(t, client, server),
          .response = find_response(t, client, server),
          .alert = find_alert(t)};
}

}  // namespace tcpteardown
