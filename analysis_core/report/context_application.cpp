// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "evidence/hints.h"
#include "report/context.h"
#include "report/phrasing.h"

// What the payload and the times tell of the programs at both ends.
namespace tcpteardown {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// --- MPTCP (RFC 8684) --------------------------------------------------------------------------
std::string_view mptcp_reason(std::uint8_t code) {
  constexpr std::array<std::string_view, 7> kReasons{"unspecified",
                                                     "MPTCP-specific error",
                                                     "lack of resources",
                                                     "administratively prohibited",
                                                     "too much outstanding data",
                                                     "unacceptable performance",
                                                     "middlebox interference"};
  return code < kReasons.size() ? kReasons[code] : "unknown";
}

std::string mptcp(const Scene& s) {
  const bool by_reset = s.reset != nullptr && s.rst().mptcp == MptcpOption::fastclose;
  if (s.c().fastclose.seen() || by_reset) {
    return "MP_FASTCLOSE in " + in_frame(by_reset ? s.rst().at.frame : s.c().fastclose.frame) +
           " ended the whole MPTCP connection, not only this subflow.";
  }
  const bool subflow = s.c().a.is_mptcp || s.c().b.is_mptcp;
  if (s.reset == nullptr || !subflow) return "";
  if (s.rst().mptcp == MptcpOption::tcprst) {
    return "The RST ends one MPTCP subflow and gives its reason: " +
           std::string(mptcp_reason(s.rst().mptcp_reason)) + " (" + std::to_string(s.rst().mptcp_reason) +
           ").";
  }
  return "This is one subflow of an MPTCP connection, which may go on over others: data counted as lost "
         "here may have been sent again there.";
}

// --- HTTP ------------------------------------------------------------------------------------
std::string status_of(const PayloadContext& p) {
  return p.http_status == 0 ? "" : "status " + std::to_string(p.http_status) + ", ";
}

std::string response_story(const Scene& s, const Endpoint& responder) {
  const PayloadContext& p = responder.payload;
  const std::string_view chunk = p.last_chunk == LastChunk::sent ? "complete: its last chunk was sent."
                                 : lacks_last_chunk(s)           ? "incomplete: its last chunk is missing."
                                                                 : "";
  if (p.is_chunked) {
    return chunk.empty() ? ""
                         : "The HTTP response (" + status_of(p) + "from " + in_frame(p.message.frame) +
                               ") was " + std::string(chunk);
  }
  if (!p.length_known || after(responder.data_end, p.message_end)) return "";
  const std::string what =
      "The HTTP response (" + status_of(p) + "from " + in_frame(p.message.frame) + ") was ";
  const std::int32_t missing = distance(responder.data_end, p.message_end);
  if (missing > 0) {
    return what + "incomplete: " + byte_count(static_cast<std::uint64_t>(missing)) +
           " of its Content-Length had not been sent.";
  }
  if (response_arrived(s)) {
    return what + "complete: all of its Content-Length was acknowledged.";
  }
  return s.judgement->loss == Loss::none ? "" : what + "sent to its end, but not all of it was acknowledged.";
}

std::string http(const Scene& s) {
  const Endpoint& client = s.end(s.client);
  const Endpoint& server = s.end(s.server());
  if (s.t().quality.lossy || !client.payload.is_http) return "";
  const PayloadContext& request = client.payload;
  if (server.payload.is_http && server.payload.message.frame > request.message.frame) {
    return response_story(s, server);
  }
  if (server.last_data.frame > request.message.frame) return "";
  const std::string what = "The HTTP request in " + in_frame(request.message.frame);
  const std::int32_t missing = distance(client.data_end, request.message_end);
  if (request.length_known && missing > 0) {
    return what + " was incomplete: " + byte_count(static_cast<std::uint64_t>(missing)) +
           " of it had not been sent.";
  }
  return what + " got no response in this capture.";
}

// --- TLS -------------------------------------------------------------------------------------
struct Alert {
  std::uint8_t code;
  std::string_view name;
};

// RFC 8446 §6.2 and RFC 5246 §7.2.2
constexpr std::array kFatalAlerts{
    Alert{10, "unexpected_message"},
    Alert{20, "bad_record_mac"},
    Alert{22, "record_overflow"},
    Alert{40, "handshake_failure"},
    Alert{42, "bad_certificate"},
    Alert{43, "unsupported_certificate"},
    Alert{44, "certificate_revoked"},
    Alert{45, "certificate_expired"},
    Alert{46, "certificate_unknown"},
    Alert{47, "illegal_parameter"},
    Alert{48, "unknown_ca"},
    Alert{49, "access_denied"},
    Alert{50, "decode_error"},
    Alert{51, "decrypt_error"},
    Alert{70, "protocol_version"},
    Alert{71, "insufficient_security"},
    Alert{80, "internal_error"},
    Alert{86, "inappropriate_fallback"},
    Alert{109, "missing_extension"},
    Alert{110, "unsupported_extension"},
    Alert{112, "unrecognized_name"},
    Alert{115, "unknown_psk_identity"},
    Alert{116, "certificate_required"},
    Alert{120, "no_application_protocol"},
};

std::string tls_alert(const Scene& s) {
  for (const Side side : {s.client, s.server()}) {
    const PayloadContext& p = s.end(side).payload;
    if (!p.fatal_alert.seen()) continue;
    std::string_view name = "of a kind that is not in the standard";
    for (const Alert& alert : kFatalAlerts) {
      if (alert.code == p.fatal_alert_code) name = alert.name;
    }
    return "The TLS of " + role(s, side) + " had given up in " + in_frame(p.fatal_alert.frame) +
           ": fatal alert " + std::string(name) + " (" + std::to_string(p.fatal_alert_code) + ").";
  }
  return "";
}

// --- waiting -----------------------------------------------------------------------------------
std::string long_wait(const Scene& s) {
  const Wait& w = s.c().longest_wait;
  if (w.duration_ns < kSecond || w.waiting != s.client || !w.request_was_acked) return "";
  return "The " + duration(w.duration_ns) + " between the client's data in " + in_frame(w.request.frame) +
         " and the server's answer in " + in_frame(w.answer.frame) +
         " were the server application's time, not TCP's: the request had been acknowledged.";
}

// --- idle timers -------------------------------------------------------------------------------
struct IdleTimer {
  std::uint32_t seconds;
  std::string_view whose;
};

// Whose default a timer is; several products share most of them.
constexpr std::array kIdleTimers{
    IdleTimer{5, "the keep-alive time-out of Node.js and Apache httpd (5 s)"},
    IdleTimer{60, "the idle time-out of many proxies and load balancers such as AWS ALB (60 s)"},
    IdleTimer{75, "nginx's keep-alive time-out (75 s)"},
    IdleTimer{240, "the idle time-out of Azure's load balancer and NAT (240 s)"},
    IdleTimer{300, "the idle time-out of several firewalls and load balancers such as F5 (300 s)"},
    IdleTimer{350, "the idle time-out of AWS NLB and NAT gateways (350 s)"},
    IdleTimer{3600, "the session time-out of many firewalls (3,600 s)"},
    IdleTimer{7200, "the keep-alive time of most operating systems (7,200 s)"},
};

std::string idle_timer(const Scene& s) {
  const Family family = s.judgement->verdict->family;
  if (family == Family::setup || family == Family::timeout || family == Family::open) return "";
  const std::int64_t gap = idle_before_end(s.t());
  const std::uint32_t seconds = idle_timer_of(s.t());
  if (seconds == 0) return "";
  std::string whose = "a timer of " + grouped(seconds) + " s";
  for (const IdleTimer& timer : kIdleTimers) {
    if (timer.seconds == seconds) whose = timer.whose;
  }
  return "The " + duration(gap) + " without data before the end match " + whose +
         "; a match is a hint, no proof.";
}

constexpr std::array<ContextRule, 5> kRules{mptcp, tls_alert, http, long_wait, idle_timer};

}  // namespace

std::span<const ContextRule> application_rules() { return kRules; }

}  // namespace tcpteardown
