// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"

// Connections that both sides reset at once.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

const Reset& crossing(const Story& s) {
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const Reset& r = s.t().resets[i].facts;
    if (r.sender != s.actor && r.at.frame > s.rst().at.frame) return r;
  }
  return s.rst();
}

std::string crossed(const Story& s) {
  return "both sides reset the connection: " + named(s, Part::actor) + " in " + rst_frame(s) + " and " +
         named(s, Part::peer) + " in " + in_frame(crossing(s).at.frame) + ", " +
         duration(between(s.rst().at, crossing(s).at)) + " apart" + loss_clause(s);
}

Found too_soon(const Story& s) {
  return evidence(frames({s.rst().at.frame, crossing(s).at.frame}),
                  "the second RST came too soon to be an answer: each side gave up by itself");
}

Found looks_like_equal_timers(const Story&) { return alternative("equal time-outs at both ends"); }
Found looks_like_box_between(const Story&) { return alternative("device that resets both sides"); }

std::string compare_timers(const Story&) {
  return "look for the same time-out at both ends, and for a load balancer or firewall between that resets "
         "both sides in the other's name.";
}

constexpr auto kCrossed =
    std::to_array<FindingRule>({too_soon, looks_like_equal_timers, looks_like_box_between});
constexpr std::array kCrossedAdvice{AdviceRule{nullptr, compare_timers}};

constexpr std::array kTellings{
    Telling{"abort-crossed"_verdict, crossed, kCrossed, kCrossedAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_crossed_aborts() { return kTellings; }

}  // namespace tcpteardown
