// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <string_view>

#include "tracking/fold.h"
#include "wire/thresholds.h"

namespace tcpteardown::folding {
namespace {

std::string_view text_of(const Segment& s) {
  const std::size_t size = std::min(s.payload.size(), threshold::kHttpHead);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): any bytes may be read as char.
  return {reinterpret_cast<const char*>(s.payload.data()), size};
}

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

bool starts_http_request(std::string_view text) {
  for (const std::string_view method :
       {"GET ", "POST ", "PUT ", "HEAD ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE "}) {
    if (text.starts_with(method)) return true;
  }
  return false;
}

void note_request(PayloadContext& client, Seq start, std::string_view text) {
  if (client.http_pending < client.pending_at.size()) client.pending_at[client.http_pending] = start;
  if (client.http_pending < 0xff) ++client.http_pending;
  if (text.starts_with("HEAD ") || text.starts_with("CONNECT ")) client.bodiless_pending = true;
}

// Whether the response has a body; nullopt where several requests wait and it is not known to
// which of them it belongs (RFC 9112 §6.3, RFC 9110 §15).
std::optional<bool> note_response(PayloadContext& client, std::uint16_t status) {
  constexpr std::uint16_t kSwitching = 101;  // the last response of a connection that goes on as another
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
void read_length(PayloadContext& p, Seq start, std::string_view text, bool may_lack_length) {
  const std::size_t blank = text.find("\r\n\r\n");
  if (blank == std::string_view::npos) return;
  const std::string_view head = text.substr(0, blank);
  const std::string_view length = header(head, "Content-Length");
  const bool no_body = may_lack_length && length.empty() && header(head, "Transfer-Encoding").empty();
  const std::optional<std::uint32_t> bytes = no_body ? 0 : number(length);
  if (!bytes) return;
  p.length_known = true;
  p.body = start + static_cast<std::uint32_t>(blank + 4);
  p.has_body = *bytes > 0;
  p.message_end = p.body + *bytes;
}

// Of one message that begins at this number; false if none does.
bool read_message(Endpoint& x, Endpoint& peer, const Segment& s, Seq start, std::string_view text) {
  PayloadContext& p = x.payload;
  const bool is_response = text.starts_with("HTTP/1.");
  if (!is_response && !starts_http_request(text)) return false;
  p.is_http = true;
  p.message = moment(s);
  p.length_known = false;
  p.has_body = false;
  p.is_chunked = false;
  p.http_status = 0;
  if (!is_response) {
    note_request(p, start, text);
    read_length(p, start, text, true);
    return true;
  }
  if (text.size() >= 12) p.http_status = static_cast<std::uint16_t>(number(text.substr(9, 3)).value_or(0));
  const std::optional<bool> has_body = note_response(peer.payload, p.http_status);
  p.is_chunked =
      has_body == std::optional{true} && same_word(trimmed(header(text, "Transfer-Encoding")), "chunked");
  if (has_body == std::optional{true}) read_length(p, start, text, false);
  const std::size_t blank = text.find("\r\n\r\n");
  if (has_body != std::optional{false} || blank == std::string_view::npos) return true;
  p.length_known = true;
  p.message_end = start + static_cast<std::uint32_t>(blank + 4);
  return true;
}

// Pipelined messages follow each other in one segment (RFC 9112 §9.3.2).
void read_http(Endpoint& x, Endpoint& peer, const Segment& s, std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const Seq start = s.seq + static_cast<std::uint32_t>(at);
    if (!read_message(x, peer, s, start, text.substr(at))) return;
    const std::int32_t length = x.payload.length_known ? distance(start, x.payload.message_end) : 0;
    if (length <= 0) return;
    at += static_cast<std::size_t>(length);
  }
}

// A TLS record's type and length stand in clear (RFC 8446 §5.1). An alert is type 21; under
// TLS 1.3 it travels as a record of type 23 with 2 bytes, a type byte and a 16-byte tag.
void read_tls(Endpoint& x, const Segment& s) {
  PayloadContext& p = x.payload;
  p.last_is_tls_alert = false;
  if (s.payload.size() < 5) return;
  const std::uint8_t type = s.payload[0];
  const std::uint32_t length = static_cast<std::uint32_t>(s.payload[3] << 8 | s.payload[4]);
  const bool record = type >= 20 && type <= 23 && s.payload[1] == 3 && s.payload[2] <= 4;
  if (!record) return;
  p.is_tls = true;
  constexpr std::uint32_t kTls13Alert = 2 + 1 + 16;
  const bool whole_segment = s.payload_length == length + 5;
  constexpr std::uint8_t kFatal = 2;
  const bool is_in_clear = type == 21 && length == 2 && s.payload.size() >= 7;
  const bool is_fatal = is_in_clear && s.payload[5] == kFatal;
  if (is_fatal) {
    p.fatal_alert = moment(s);
    p.fatal_alert_code = s.payload[6];
  }
  p.last_is_tls_alert = whole_segment && !is_fatal && (type == 21 || (type == 23 && length == kTls13Alert));
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

}  // namespace

void fold_context(Endpoint& x, Endpoint& peer, const Segment& s) {
  if (s.payload.empty() || s.flags.rst) return;
  read_tls(x, s);
  const bool is_new = !before(s.seq, x.data_end);
  if (!x.payload.is_tls && is_new) read_http(x, peer, s, text_of(s));
  if (x.payload.is_chunked && is_new) x.payload.last_chunk = last_chunk_of(s);
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
