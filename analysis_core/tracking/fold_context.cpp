// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <string_view>

#include "tracking/fold.h"
#include "wire/thresholds.h"

namespace tcpteardown::folding {
namespace {

constexpr std::uint16_t kSwitching = 101;  // the last response of a connection that goes on as another

void note_request(PayloadContext& client, Seq start, HttpMessage message) {
  if (client.http_pending < client.pending_at.size()) client.pending_at[client.http_pending] = start;
  if (client.http_pending < 0xff) ++client.http_pending;
  if (message == HttpMessage::bodiless_request) client.bodiless_pending = true;
}

// Whether the response has a body; nullopt where several requests wait and it is not known to
// which of them it belongs (RFC 9112 §6.3, RFC 9110 §15).
std::optional<bool> note_response(PayloadContext& client, std::uint16_t status) {
  if (status < 200 && status != kSwitching) return false;
  const bool is_one = client.http_pending <= 1;
  const bool was_bodiless = client.bodiless_pending;
  if (client.http_pending > 0) --client.http_pending;
  std::shift_left(client.pending_at.begin(), client.pending_at.end(), 1);
  if (client.http_pending == 0) client.bodiless_pending = false;
  if (status == kSwitching || status == 204 || status == 304) return false;
  if (!was_bodiless) return true;
  return is_one ? std::optional{false} : std::nullopt;
}

// RFC 9112 §6: a message ends with its head, or Content-Length bytes behind it.
void note_length(PayloadContext& p, Seq start, const HttpHead& head, bool may_lack_length) {
  const bool no_body = may_lack_length && !head.has_content_length && !head.has_transfer_encoding;
  const std::optional<std::uint32_t> bytes = no_body ? 0 : head.content_length;
  if (head.length == 0 || !bytes) return;
  p.length_known = true;
  p.body = start + head.length;
  p.has_body = *bytes > 0;
  p.message_end = p.body + *bytes;
}

// A message that begins at this number.
void note_message(Endpoint& x, Endpoint& peer, const Segment& s, Seq start, const HttpHead& head) {
  PayloadContext& p = x.payload;
  p.is_http = true;
  p.message = moment(s);
  p.length_known = false;
  p.has_body = false;
  p.is_chunked = false;
  p.http_status = head.status;
  if (head.message != HttpMessage::response) {
    note_request(p, start, head.message);
    note_length(p, start, head, true);
    p.surely_has_body = p.has_body;
    return;
  }
  p.surely_has_body = peer.payload.http_pending > 0;
  const std::optional<bool> has_body = note_response(peer.payload, p.http_status);
  if (p.http_status == kSwitching) p.is_switched = peer.payload.is_switched = true;
  p.surely_has_body = p.surely_has_body && has_body == std::optional{true};
  p.is_chunked = has_body == std::optional{true} && head.is_chunked;
  if (has_body == std::optional{true}) note_length(p, start, head, false);
  if (has_body != std::optional{false} || head.length == 0) return;
  p.length_known = true;
  p.message_end = start + head.length;
}

// Any bytes may be a body, an HTTP head as well.
bool goes_on(const PayloadContext& p, const Segment& s) {
  if (p.is_switched) return true;
  if (!p.surely_has_body) return false;
  return p.is_chunked ? p.last_chunk == LastChunk::missing : p.length_known && before(s.seq, p.message_end);
}

// Pipelined messages follow each other in one segment (RFC 9112 §9.3.2).
void fold_http(Endpoint& x, Endpoint& peer, const Segment& s) {
  if (goes_on(x.payload, s)) return;
  HttpHead head = s.signs.http;
  std::size_t at = 0;
  while (head.message != HttpMessage::none) {
    const Seq start = s.seq + static_cast<std::uint32_t>(at);
    note_message(x, peer, s, start, head);
    const std::int32_t length = x.payload.length_known ? distance(start, x.payload.message_end) : 0;
    if (length <= 0 || !s.signs.has_more_messages) return;
    at += static_cast<std::size_t>(length);
    const std::string_view text = http_text(s);
    if (at >= text.size()) return;
    head = read_http_head(text.substr(at));
  }
}

void fold_tls(Endpoint& x, const Segment& s) {
  PayloadContext& p = x.payload;
  p.last_is_tls_alert = s.signs.tls == TlsSign::alert;
  if (s.signs.tls != TlsSign::none) p.is_tls = true;
  if (s.signs.tls != TlsSign::fatal_alert) return;
  p.fatal_alert = moment(s);
  p.fatal_alert_code = s.signs.fatal_alert_code;
}

// A counter that other connections of the host may share moves ahead by little.
void note_ip_id_step(Endpoint& x, std::uint16_t id) {
  const auto step = static_cast<std::uint16_t>(id - x.last_ip_id);
  std::uint16_t& count = step <= threshold::kIpIdStep ? x.ip_id_steps : x.ip_id_leaps;
  if (step != 0 && count < 0xffff) ++count;
}

void note_stamp(Endpoint& x, const Segment& s) {
  StampClock& clock = x.stamps;
  if (!x.has_ts) {
    clock = {s.options.ts_value, s.options.ts_value, s.time_ns, s.time_ns};
  } else if (newer_stamp(s.options.ts_value, clock.value)) {
    clock.value = s.options.ts_value;
    clock.time_ns = s.time_ns;
  }
  x.has_ts = true;
}

// The last data so far, captured behind the ACK of it: nothing that follows it was read before.
bool is_first_sight_of_end(const Endpoint& x, const Segment& s) {
  const Seq end = s.seq + s.payload_length;
  return end == x.data_end && std::any_of(x.holes.begin(), x.holes.end(), [&](const Hole& hole) {
           return hole.start != hole.end && at_or_after(s.seq, hole.start) && at_or_before(end, hole.end);
         });
}

}  // namespace

void fold_context(Endpoint& x, Endpoint& peer, const Segment& s) {
  if (s.signs.captured == 0 || s.flags.rst) return;
  fold_tls(x, s);
  const bool is_new = !before(s.seq, x.data_end) || is_first_sight_of_end(x, s);
  if (!x.payload.is_tls && is_new) fold_http(x, peer, s);
  if (x.payload.is_chunked && is_new) x.payload.last_chunk = s.signs.last_chunk;
}

void fold_habits(Endpoint& x, const Segment& s) {
  if (s.hop_limit != 0) {
    HopLimits::Entry* slot = nullptr;
    for (HopLimits::Entry& entry : x.hop_limits.entries) {
      if (entry.count == 0 || entry.value == s.hop_limit) {
        slot = &entry;
        break;
      }
    }
    if (slot != nullptr) {
      slot->value = s.hop_limit;
      if (slot->count < 0xffff'ffff) ++slot->count;
    }
  }
  if (s.has_ip_id && !s.dont_fragment) x.df_in_a_row = 0;
  if (s.has_ip_id && s.dont_fragment && x.df_in_a_row < 0xffff) ++x.df_in_a_row;
  if (s.has_ip_id && s.ip_id != 0) {
    if (x.has_ip_id) note_ip_id_step(x, s.ip_id);
    x.has_ip_id = true;
    x.last_ip_id = s.ip_id;
  }
  if (s.options.has_timestamps) note_stamp(x, s);
  if (x.link_source == 0) x.link_source = s.link_source;
  x.last_link_source = s.link_source;
  if (s.flags.syn) x.syn_window = s.window;
}

}  // namespace tcpteardown::folding
