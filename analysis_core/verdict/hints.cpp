// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/hints.h"

#include "evidence/closing.h"
#include "evidence/habits.h"
#include "evidence/idle_timers.h"
#include "evidence/stated_reason.h"
#include "verdict/catalogue.h"
#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

bool is_abort(const JudgedReset& r) { return r.shape == Shape::active || r.shape == Shape::bare; }

// Its system had taken data of its peer: it acknowledged some. Of what came before the capture nothing is
// known.
bool had_received(const Teardown& t, const Reset& r) {
  const Endpoint& y = t.connection->side(other(r.sender));
  if (y.bytes == 0) return false;
  const bool before_it = r.sender_has_rcv_nxt && after(r.sender_rcv_nxt, y.first_seq);
  return before_it || (r.has_ack && after(r.ack, y.first_seq));
}

// Ways in which a program makes its own system send a RST; where its system or a timer gave up, or nobody
// knows who ended it, they are no causes.
//
// A system resets on close(), and at the end of a process, while data that it had acknowledged is unread (RFC
// 2525 §2.17; Linux tcp_close): impossible where it never had any, and else never refuted. `unread_max`
// counts what came since its last data, because a program mostly answers what it has read; but the ACK field
// of an answer tells what the system had by then and not what the program had read (an early HTTP 413). So
// that count decides only which of these is the likelier.
void add_abort_hints(const Teardown& t, const JudgedReset& r, std::vector<std::string>& hints) {
  const bool window_jumps = r.facts.sender_zero_window && r.facts.window > 0;
  const bool likely = t.loss(other(r.facts.sender)).unread_max > 0 || window_jumps;
  if (likely) hints.emplace_back("unread-data");
  hints.emplace_back("linger0");
  if (!likely && !had_received(t, r.facts)) return;
  if (!likely) hints.emplace_back("unread-data");
  hints.emplace_back("process-exit");
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
  const bool both = habits::mirrored_by(t, r) != nullptr &&
                    matching_idle_timer(r.facts.idle_ns).seconds >= threshold::kBoxTimer;
  return both || habits::foreign_hop_limit(r);
}

// A scanner's SYN carries few options, and its own kernel resets the SYN-ACK at once. It asks no second time.
bool looks_like_scan(const Teardown& t, const JudgedReset& r) {
  const Connection& c = *t.connection;
  const Endpoint& client = c.side(t.client);
  return !c.handshake_acked && !c.next_established && r.facts.sender == t.client && !r.facts.has_ack &&
         client.syn_count == 1 && !client.offers_timestamps && !client.has_window_scale;
}

void add_reset_hints(const Teardown& t, const Verdict& row, const JudgedReset& r,
                     std::vector<std::string>& hints) {
  const bool is_own_abort =
      row.family == Family::abort && r.shape == Shape::active && t.connection->handshake_acked;
  if (row.id == "keepalive-race"_verdict) hints.emplace_back(row.slug);
  if (box_cleared_it(t, r)) hints.emplace_back("box-idle-time-out");
  if (is_own_abort) add_abort_hints(t, r, hints);
  if (looks_like_scan(t, r)) hints.emplace_back("syn-scan");
  if (r.facts.mptcp == MptcpOption::tcprst) hints.push_back("mptcp:" + std::to_string(r.facts.mptcp_reason));
}

}  // namespace

std::vector<std::string> cause_hints(const Teardown& t, const Verdict& row) {
  std::vector<std::string> hints;
  const JudgedReset* r = t.reset();
  if (t.only_tls_alert_lost) hints.emplace_back("close-notify");
  const bool by_host = !t.closed_before_reset && !second_closer_reset(t) && !t.forged && !t.rejected_mid_path;
  if (r != nullptr && by_host) add_reset_hints(t, row, *r, hints);
  add_stated_reason(t, hints);
  const bool says_why = stated_reason(t).by != StatedReason::By::none;
  const std::uint32_t timer = idle_timer_of(t).seconds;
  if (timer != 0) {
    std::string hint = "idle-timer:" + std::to_string(timer);
    // An exact timer explains a RST better than the ways in which a program may send it.
    hints.insert(timer >= threshold::kBoxTimer && !says_why ? hints.begin() : hints.end(), std::move(hint));
  }
  return hints;
}

}  // namespace tcpteardown
