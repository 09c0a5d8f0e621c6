// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/stated_reason.h"

#include <array>

#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

struct Code {
  std::uint16_t first;
  std::uint16_t last;
  std::string_view meaning;
};

// After the vendor's article CTX200852, in our words and by groups.
constexpr std::array kCodes{
    Code{8196, 8196, "a bad TLS record"},
    Code{8201, 8202, "a packet that belongs to no connection any more"},
    Code{8204, 8205, "a handshake with a wrong number"},
    Code{8206, 8207, "a packet or SYN that does not fit the connection of these ports"},
    Code{8208, 8208, "too many retransmissions"},
    Code{8209, 8209, "lack of memory"},
    Code{8211, 8211, "an idle time-out"},
    Code{8212, 8212, "a packet that belongs to no connection any more"},
    Code{9100, 9100, "an HTTP request that stopped half-way"},
    Code{9201, 9222, "an HTTP message that is invalid, mixed up or incomplete"},
    Code{9300, 9303, "an idle time-out or a service that went down"},
    Code{9304, 9304, "zero-window probes without success"},
    Code{9305, 9305, "a SYN answered with a wrong number"},
    Code{9307, 9309, "its protection against tiny windows"},
    Code{9310, 9310, "keep-alive probes without an answer"},
    Code{9400, 9401, "a connection cleared to make room or after a change of configuration"},
    Code{9450, 9460, "a database session that failed"},
    Code{9600, 9602, "too many packets with wrong numbers"},
    Code{9700, 9701, "a reset that it passed on from the other side"},
    Code{9702, 9702, "data behind a FIN"},
    Code{9800, 9800, "a health check that timed out"},
    Code{9811, 9811, "a fatal TLS alert"},
    Code{9812, 9812, "an address removed from its configuration"},
    Code{9814, 9814, "a policy whose action is a reset"},
    Code{9816, 9822, "a TLS error or a change of its TLS configuration"},
    Code{9830, 9830, "an access list that denies"},
    Code{9833, 9841, "a TLS error"},
    Code{9845, 9845, "its application firewall"},
    Code{9951, 9952, "a TLS error or alert"},
    Code{9953, 9953, "a time-out"},
};

bool is_printable(char c) { return c >= 0x20 && c <= 0x7e; }

// Quotation marks would end the quotation; braces look like a slip of ours, and the tests take them for one.
char as_shown(char c) {
  switch (c) {
    case '"': return '\'';
    case '{': return '(';
    case '}': return ')';
    default: return c;
  }
}

// Bytes of a packet are anything: what is no plain text is not shown, and nothing in it may look
// like the end of one of our sentences.
std::string plain_text(const Reset& r) {
  std::size_t size = r.text_size;
  while (size > 0 && (!is_printable(r.text[size - 1]) || r.text[size - 1] == ' ' || r.text[size - 1] == '.'))
    --size;
  if (size < threshold::kShortestText) return {};
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    const char c = r.text[i];
    if (!is_printable(c)) return {};
    const bool ends_sentence = (c == '.' || c == '?' || c == '!') && i + 1 < size && r.text[i + 1] == ' ';
    out += ends_sentence ? ';' : as_shown(c);
  }
  return out;
}

// F5: tm.rstcause.pkt writes "BIG-IP: [0x2409a71:704] Flow expired", with "{peer} " before the
// cause where the other half of the proxied connection was reset.
bool read_f5(StatedReason& reason) {
  constexpr std::string_view kStart = "BIG-IP: [0x";
  constexpr std::string_view kPeer = "(peer) ";
  if (!reason.text.starts_with(kStart)) return false;
  const std::size_t end = reason.text.find("] ");
  if (end == std::string::npos) return false;
  reason.by = StatedReason::By::f5;
  reason.text.erase(0, end + 2);
  reason.passed_on = reason.text.starts_with(kPeer);
  if (reason.passed_on) reason.text.erase(0, kPeer.size());
  return true;
}

// Any window may have such a value, so it must not be near the sender's own, no time stamps go
// with it, and every RST of that side must have one.
std::uint16_t netscaler_code(const Teardown& t, const Reset& r) {
  if (r.has_ts || netscaler_meaning(r.window).empty()) return 0;
  const std::uint16_t near = r.window >= threshold::kNetScalerCodes ? r.window / threshold::kNearWindow : 0;
  const int away = r.sender_window_before - r.window;
  if (r.sender_had_window && away <= near && away >= -near) return 0;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const Reset& other_one = t.resets[i].facts;
    if (other_one.sender == r.sender && netscaler_meaning(other_one.window).empty()) return 0;
  }
  return r.window;
}

}  // namespace

std::string_view netscaler_meaning(std::uint16_t code) {
  for (const Code& c : kCodes) {
    if (code >= c.first && code <= c.last) return c.meaning;
  }
  return {};
}

StatedReason stated_reason(const Teardown& t) {
  StatedReason reason;
  if (t.reset() == nullptr || t.closed_before_reset) return reason;
  const Reset& r = t.reset()->facts;
  reason.text = plain_text(r);
  if (read_f5(reason)) return reason;
  if (!reason.text.empty()) {
    reason.by = StatedReason::By::text;
    return reason;
  }
  reason.code = netscaler_code(t, r);
  reason.passed_on = reason.code == 9700 || reason.code == 9701;
  if (reason.code != 0) reason.by = StatedReason::By::netscaler;
  return reason;
}

std::string as_slug(std::string_view text) {
  constexpr std::size_t kMost = 40;
  std::string out;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool kept = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (out.size() == kMost) break;
    if (kept) {
      out += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

}  // namespace tcpteardown
