// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "evidence/exchange.h"
#include "evidence/idle_timers.h"
#include "evidence/suspicion.h"
#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "findings/tls_alert.h"
#include "verdict/catalogue.h"
#include "wire/thresholds.h"

// What the payload and the times tell of the programs at both ends.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

// --- HTTP ----------------------------------------------------------------------------------------
std::string how_complete(const Story& s, const HttpResponse& r) {
  if (r.has_last_chunk) return "complete, its last chunk was sent";
  if (r.lacks_last_chunk) return "incomplete, its last chunk is missing";
  if (r.short_by > 0) return byte_count(r.short_by) + " of Content-Length unsent";
  constexpr std::uint16_t kFirstFinal = 200;  // RFC 9110 §15.2
  if (r.status > 0 && r.status < kFirstFinal) return "no final response";
  if (r.whole && !r.has_body) return "complete, without a body";
  if (r.whole) return "complete, all of its Content-Length was acknowledged";
  if (!r.sent_whole || s.judgement->loss == Loss::none) return "";
  return "sent to its end, not all of it acknowledged";
}

Found http_response(const Story& s) {
  const auto [request, response, alert] = find_exchange(s.t());
  if (request.frame == 0 || response.frame == 0) return {};
  const std::string how = how_complete(s, response);
  if (how.empty()) return {};
  const std::string status = response.status == 0 ? " response" : ' ' + std::to_string(response.status);
  return context(frames({response.frame}), "HTTP" + status + ": " + how);
}

Found http_request(const Story& s) {
  const auto [request, response, alert] = find_exchange(s.t());
  if (request.frame == 0 || response.frame != 0 || !request.unanswered) return {};
  if (request.cut_short()) {
    return context(frames({request.frame}),
                   "HTTP request: incomplete, " + byte_count(request.short_by) + " of it not sent");
  }
  return context(frames({request.frame}), "HTTP request: no response in this capture");
}

// --- waiting -------------------------------------------------------------------------------------
Found long_wait(const Story& s) {
  const Wait& w = s.c().longest_wait;
  if (w.duration_ns < threshold::kWorthAWord || w.waiting != s.client || s.t().quality.lossy) return {};
  return context(
      frames({w.request.frame, w.answer.frame}),
      "the server's program took " + duration(w.duration_ns) + " to answer what its TCP had acknowledged");
}

// Nobody waited: whatever the client had asked for, it left at once. Half a round trip, since that of the
// handshake may be longer than later ones (a host that is looked up, a processor that wakes up).
Found left_too_soon(const Story& s) {
  const bool is_whole = !s.t().quality.midstream && !s.t().quality.one_sided && !s.t().quality.lossy;
  if (s.family != Family::abort || s.reset == nullptr || s.rst().sender != s.client || !is_whole) return {};
  const Moment& said = s.end(Part::client).last_data;
  const std::int64_t waited = between(said, s.rst().at);
  const Endpoint& server = s.end(Part::server);
  const bool is_last_word = said.seen() && said.frame < s.rst().at.frame && !server.fin.sent() &&
                            server.last_data.frame < said.frame;
  if (!is_last_word || looks_foreign(s.t()) || waited >= s.c().round_trip_ns / 2) return {};
  return evidence(frames({said.frame, s.rst().at.frame}),
                  "too soon for an answer: the RST came " + duration(waited) +
                      " after that data, and a round trip takes " + duration(s.c().round_trip_ns));
}

Found idle_timer(const Story& s) {
  if (s.family == Family::setup || s.family == Family::timeout || s.family == Family::open) return {};
  const IdleTimer timer = idle_timer_of(s.t());
  if (timer.seconds == 0) return {};
  const FrameNumber end =
      s.t().fins.any || s.reset == nullptr ? s.end(Part::first).fin.first.frame : s.rst().at.frame;
  const std::string whose =
      timer.whose.empty() ? "a timer of " + grouped(timer.seconds) + " s" : std::string(timer.whose);
  return context(frames({end}), "hint: the idle time matches " + whose);
}

// --- MPTCP (RFC 8684) ----------------------------------------------------------------------------
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

Found mptcp(const Story& s) {
  const bool by_reset = s.reset != nullptr && s.rst().mptcp == MptcpOption::fastclose;
  if (s.c().fastclose.seen() || by_reset) {
    return context(frames({by_reset ? s.rst().at.frame : s.c().fastclose.frame}),
                   "MP_FASTCLOSE ended the whole MPTCP connection, not only this subflow");
  }
  if (s.reset == nullptr || (!s.c().a.is_mptcp && !s.c().b.is_mptcp)) return {};
  if (s.rst().mptcp == MptcpOption::tcprst) {
    return context(frames({s.rst().at.frame}), "the RST ends one MPTCP subflow and says why: " +
                                                   std::string(mptcp_reason(s.rst().mptcp_reason)) + " (" +
                                                   std::to_string(s.rst().mptcp_reason) + ")");
  }
  const bool lost = s.judgement->loss != Loss::none;
  return context({},
                 lost ? "one subflow of an MPTCP connection: what is lost here may be sent again on another"
                      : "one subflow of an MPTCP connection, which may go on over others");
}

constexpr auto kRules = std::to_array<FindingRule>(
    {tls_alert, http_response, http_request, left_too_soon, long_wait, idle_timer, mptcp});

}  // namespace

std::span<const FindingRule> application_findings() { return kRules; }

}  // namespace tcpteardown
