// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/hints.h"

#include <algorithm>
#include <array>

#include "evidence/habits.h"
#include "evidence/stated_reason.h"

namespace tcpteardown {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// Defaults of common software and boxes: node.js 5; proxies and load balancers 60, 65, 75, 120,
// 180; Azure 240; Cisco and F5 300; AWS NLB, NAT and gateway load balancers 350; HAProxy and
// others 600, 900, 1800; firewalls 3600; keep-alive 7200.
constexpr std::array<std::uint32_t, 16> kIdleTimers{5,   10,  15,  30,  60,  65,  75,   120,
                                                    180, 240, 300, 350, 600, 900, 1800, 3600};

bool is_abort(const JudgedReset& r) { return r.shape == Shape::active || r.shape == Shape::bare; }

void add_abort_hints(const Teardown& t, const JudgedReset& r, std::vector<std::string>& hints) {
  const Side peer = other(r.facts.sender);
  const bool window_jumps = r.facts.sender_zero_window && r.facts.window > 0;
  const bool unread = t.loss(peer).unread_max > 0 || window_jumps;
  if (r.shape == Shape::active && unread) hints.emplace_back("unread-data");
  if (r.shape == Shape::active) hints.emplace_back("linger0");
  if (r.shape == Shape::active && unread) hints.emplace_back("process-exit");
}

// What the RST itself says, first.
void add_stated_reason(const Teardown& t, std::vector<std::string>& hints) {
  const StatedReason reason = stated_reason(t);
  std::string hint;
  if (reason.by == StatedReason::By::netscaler) hint = "netscaler:" + std::to_string(reason.code);
  if (reason.by == StatedReason::By::f5) hint = "f5:" + as_slug(reason.text);
  if (reason.by == StatedReason::By::text) hint = "reset-text:" + as_slug(reason.text);
  if (!hint.empty()) hints.insert(hints.begin(), std::move(hint));
}

// A box that clears an idle connection resets it with its own hop limit, or both ends at once
// when a known timer ends.
bool box_cleared_it(const Teardown& t, const JudgedReset& r) {
  if (!is_abort(r) || !r.facts.idle_known || r.facts.idle_ns < t.idle_threshold_ns) return false;
  const bool both = habits::mirrored_by(t, r) != nullptr && matching_idle_timer(r.facts.idle_ns) >= 60;
  return both || habits::foreign_hop_limit(r);
}

// A scanner's SYN carries few options, and its own kernel resets the SYN-ACK at once.
bool looks_like_scan(const Teardown& t, const JudgedReset& r) {
  const Connection& c = *t.connection;
  const Endpoint& client = c.side(t.client);
  return !c.handshake_acked && r.facts.sender == t.client && !r.facts.has_ack && client.syn_count == 1 &&
         !client.offers_timestamps && !client.has_window_scale;
}

}  // namespace

std::uint32_t matching_idle_timer(std::int64_t idle_ns) {
  for (const std::uint32_t timer : kIdleTimers) {
    const std::int64_t exact = static_cast<std::int64_t>(timer) * kSecond;
    const std::int64_t tolerance = std::max<std::int64_t>(kSecond / 5, exact / 200);  // our choice
    if (idle_ns >= exact - tolerance / 4 && idle_ns <= exact + tolerance) return timer;
  }
  if (idle_ns >= 7195 * kSecond && idle_ns <= 7210 * kSecond) return 7200;
  return 0;
}

std::int64_t idle_before_end(const Teardown& t) {
  if (t.reset() != nullptr && !t.closed_before_reset && !(t.a_fin || t.b_fin)) {
    return t.reset()->facts.idle_known ? t.reset()->facts.idle_ns : -1;
  }
  const Fin& a = t.connection->a.fin;
  const Fin& b = t.connection->b.fin;
  if (!a.sent() && !b.sent()) {
    return t.reset() != nullptr && t.reset()->facts.idle_known ? t.reset()->facts.idle_ns : -1;
  }
  const bool a_first = a.sent() && (!b.sent() || a.first.frame < b.first.frame);
  return a_first ? a.idle_ns : b.idle_ns;
}

std::uint32_t idle_timer_of(const Teardown& t) {
  for (const Endpoint* x : {&t.connection->a, &t.connection->b}) {
    const bool repeats = x->last_retransmission.seen() && x->last_retransmission.frame > x->last_data.frame;
    if (repeats) return 0;  // the line was dead, not idle
  }
  const std::int64_t idle = idle_before_end(t);
  return idle > 0 ? matching_idle_timer(idle) : 0;
}

std::vector<std::string> cause_hints(const Teardown& t) {
  std::vector<std::string> hints;
  const JudgedReset* r = t.reset();
  if (t.only_tls_alert_lost) hints.emplace_back("close-notify");
  if (r != nullptr && !t.closed_before_reset && !t.forged && !t.rejected_mid_path) {
    const Reset& f = r->facts;
    // A request that races the close of an idle connection; a transfer that is cut off is none.
    const bool crossed_fin = r->shape == Shape::reactive && f.sender_fin_sent && f.trigger.length > 0 &&
                             at_or_before(f.trigger.ack, t.connection->side(f.sender).fin.seq);
    const bool mid_transfer = f.receiver_burst >= 4;
    if (crossed_fin && !mid_transfer) hints.emplace_back("keepalive-race");
    if (box_cleared_it(t, *r)) hints.emplace_back("box-idle-time-out");
    if (is_abort(*r) && t.connection->handshake_acked) add_abort_hints(t, *r, hints);
    if (looks_like_scan(t, *r)) hints.emplace_back("syn-scan");
    if (f.mptcp == MptcpOption::tcprst) hints.push_back("mptcp:" + std::to_string(f.mptcp_reason));
  }
  add_stated_reason(t, hints);
  const bool says_why = stated_reason(t).by != StatedReason::By::none;
  const std::uint32_t timer = idle_timer_of(t);
  if (timer != 0) {
    std::string hint = "idle-timer:" + std::to_string(timer);
    // An exact timer explains a RST better than the ways in which a program may send it.
    hints.insert(timer >= 60 && !says_why ? hints.begin() : hints.end(), std::move(hint));
  }
  return hints;
}

}  // namespace tcpteardown
