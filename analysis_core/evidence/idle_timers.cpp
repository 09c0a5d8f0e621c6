// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/idle_timers.h"

#include <algorithm>
#include <array>

#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

// Defaults of common software and boxes; several products share most of them.
constexpr std::array kIdleTimers{
    IdleTimer{5, "the keep-alive time-out of Node.js and Apache httpd (5 s)"},
    IdleTimer{10, ""},
    IdleTimer{15, ""},
    IdleTimer{30, ""},
    IdleTimer{60, "the idle time-out of many proxies and load balancers such as AWS ALB (60 s)"},
    IdleTimer{65, ""},
    IdleTimer{75, "nginx's keep-alive time-out (75 s)"},
    IdleTimer{120, ""},
    IdleTimer{180, ""},
    IdleTimer{240, "the idle time-out of Azure's load balancer and NAT (240 s)"},
    IdleTimer{300, "the idle time-out of several firewalls and load balancers such as F5 (300 s)"},
    IdleTimer{350, "the idle time-out of AWS NLB and NAT gateways (350 s)"},
    IdleTimer{600, ""},
    IdleTimer{900, ""},
    IdleTimer{1800, ""},
    IdleTimer{3600, "the session time-out of many firewalls (3,600 s)"},
};
constexpr IdleTimer kKeepAlive{7200, "the keep-alive time of most operating systems (7,200 s)"};

}  // namespace

IdleTimer matching_idle_timer(std::int64_t idle_ns) {
  for (const IdleTimer& timer : kIdleTimers) {
    const std::int64_t exact = timer.seconds * threshold::kSecond;
    const std::int64_t tolerance = std::max(threshold::kTimerTolerance, exact / threshold::kTimerPrecision);
    if (idle_ns >= exact - tolerance / 4 && idle_ns <= exact + tolerance) return timer;
  }
  const std::int64_t late = idle_ns - kKeepAlive.seconds * threshold::kSecond;
  return late >= -threshold::kKeepAliveEarly && late <= threshold::kKeepAliveLate ? kKeepAlive : IdleTimer{};
}

std::int64_t idle_before_end(const Teardown& t) {
  if (t.reset() != nullptr && !t.closed_before_reset && !(t.a_fin || t.b_fin)) {
    return t.reset()->facts.idle_known ? t.reset()->facts.idle_ns : -1;
  }
  // What met a closed socket tells of the time before that side closed.
  const JudgedReset* r = t.closed_before_reset ? nullptr : t.reset();
  const bool met_closed = r != nullptr && r->shape == Shape::reactive && r->facts.sender_fin_sent;
  if (met_closed) return t.connection->side(r->facts.sender).fin.idle_ns;
  if (t.fins.any) return t.fins.idle_before_close_ns;
  return t.reset() != nullptr && t.reset()->facts.idle_known ? t.reset()->facts.idle_ns : -1;
}

IdleTimer idle_timer_of(const Teardown& t) {
  if (t.quality.lossy) return {};  // what was not captured may have been sent a moment before the end
  for (const Endpoint* x : {&t.connection->a, &t.connection->b}) {
    const bool repeats = x->last_retransmission.seen() && x->last_retransmission.frame > x->last_data.frame;
    if (repeats) return {};  // the line was dead, not idle
  }
  const std::int64_t idle = idle_before_end(t);
  return idle > 0 ? matching_idle_timer(idle) : IdleTimer{};
}

}  // namespace tcpteardown
