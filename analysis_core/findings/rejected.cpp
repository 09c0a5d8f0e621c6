// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"

// A segment that a device between the hosts rejected in the name of one of them.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

const Trigger& trigger(const Story& s) { return s.rst().trigger; }

std::string rejected_on_path(const Story& s) {
  const std::string also = loss_of(s, s.actor);  // what that side sent then met a host that had been reset
  return "a device on the path rejected " + trigger_what(s) + " of " + named(s, Part::peer) + " in " +
         trigger_frame(s) + " with RST in " + rst_frame(s) + " in the name of " + named(s, Part::actor) +
         ", which never got that segment; " + joined(rejected(s), also);
}

Found still_unaware(const Story& s) {
  return evidence(frames({s.rst().sender_kept_mute.frame, trigger(s).at.frame}),
                  "still no ACK of " + trigger_what(s) + " from " + the(s, Part::actor) +
                      ": that segment never arrived there");
}

Found looks_like_rule(const Story&) { return alternative("firewall rule that rejects with a TCP reset"); }
Found looks_like_policy(const Story&) { return alternative("policy or signature that fired on the content"); }
Found looks_like_expired(const Story&) { return alternative("NAT or firewall that had lost the connection"); }

std::string look_between(const Story&) {
  return "look at firewalls, NAT and load balancers between the two hosts at that time: a rule, a policy, an "
         "expired or moved session. Captures at both ends at once show on which side of the device the "
         "segment disappears.";
}

constexpr auto kRejected = std::to_array<FindingRule>(
    {lives_on, still_unaware, no_late_segment, looks_like_rule, looks_like_policy, looks_like_expired});
constexpr std::array kRejectedAdvice{AdviceRule{nullptr, look_between}};

constexpr std::array kTellings{
    Telling{"midpath-reject"_verdict, rejected_on_path, kRejected, kRejectedAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_rejections() { return kTellings; }

}  // namespace tcpteardown
