// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "evidence/foreign_fin.h"
#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"

// A FIN in the name of a host that knew nothing of it.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

const FinClaim& claim(const Story& s) { return forged_fin(s.t()); }
FinSigns signs(const Story& s) { return fin_signs(s.t(), s.actor); }

std::string what_denies_it(const Story& s) {
  const FinClaim& fin = claim(s);
  if (fin.wrote.seen()) return "that side went on sending in " + in_frame(fin.wrote.frame);
  if (fin.below.seen()) return "that side had not sent so much in " + in_frame(fin.below.frame);
  if (fin.refused.seen()) return "that side still refused to be closed in " + in_frame(fin.refused.frame);
  if (fin.again.seen()) return "that side sent its own in " + in_frame(fin.again.frame);
  return "its packet cannot be that side's";
}

std::string injected(const Story& s) {
  if (claim(s).inferred) {
    return "the FIN that " + named(s, Part::peer) + " acknowledged in " + in_frame(claim(s).at.frame) +
           " was not sent by " + named(s, Part::actor) + ", and not captured: " + what_denies_it(s) +
           loss_clause(s);
  }
  return "the FIN in " + in_frame(claim(s).at.frame) + " that ended the connection was not sent by " +
         named(s, Part::actor) + ", whose address it carries: " + what_denies_it(s) + loss_clause(s);
}

Found wrote_on(const Story& s) {
  if (!signs(s).wrote) return {};
  return evidence(
      frames({claim(s).wrote.frame, claim(s).at.frame}),
      the(s, Part::actor) + "'s data takes the FIN's own number; a host that has closed sends none");
}

Found stood_below(const Story& s) {
  if (!signs(s).stood_below) return {};
  return evidence(frames({claim(s).below.frame}),
                  the(s, Part::actor) + " acknowledged from a number below the FIN, where it stood before");
}

Found refused(const Story& s) {
  if (!signs(s).refused) return {};
  return evidence(
      frames({claim(s).refused.frame}),
      the(s, Part::actor) + " answered from the FIN's number, without taking the other side's FIN");
}

Found no_stamps(const Story& s) {
  if (!signs(s).lacks_stamps) return {};
  return evidence(frames({claim(s).at.frame}),
                  "the FIN has no time stamps, which all else from that side has (RFC 7323)");
}

Found own_fin(const Story& s) {
  if (!signs(s).sent_again) return {};
  return evidence(frames({claim(s).at.frame, claim(s).again.frame}),
                  "two FINs at one number: only the later continues that side's count of IP IDs");
}

Found old_echo(const Story& s) {
  if (!signs(s).old_echo) return {};
  return evidence(frames({claim(s).at.frame, claim(s).old_echo.frame}),
                  "the FIN acknowledges data but echoes a time stamp from before that data");
}

Found other_hops(const Story& s) {
  if (!signs(s).other_hops) return {};
  return evidence(frames({claim(s).at.frame}), "hop limit " + std::to_string(claim(s).hop_limit) +
                                                   " on the FIN, else " +
                                                   std::to_string(claim(s).usual_hop_limit));
}

Found other_ip_id(const Story& s) {
  if (!signs(s).other_ip_id || signs(s).sent_again) return {};
  return evidence(frames({claim(s).at.frame, claim(s).counts_on.frame}),
                  "that side's IP IDs go on behind the FIN as if it were not there");
}

Found other_link(const Story& s) {
  if (!signs(s).other_link) return {};
  return evidence(frames({claim(s).at.frame}), "the FIN came from another hardware address");
}

Found looks_like_idle_box(const Story&) {
  return alternative("proxy or load balancer that closes in its server's name");
}
Found looks_like_filter(const Story&) { return alternative("filter that shows a page of its own"); }
Found looks_like_hijacker(const Story&) { return alternative("attacker who saw the numbers"); }

std::string look_for_the_box(const Story&) {
  return "look at what came with the FIN: a page that names a filter tells whose it is. Its hop limit tells "
         "how many routers away it was made. A capture at the host in whose name it came lacks it. TLS keeps "
         "data from being forged, not the FIN: a stream without close_notify was cut.";
}

constexpr auto kInjected = std::to_array<FindingRule>(
    {wrote_on, stood_below, refused, no_stamps, own_fin, old_echo, other_hops, other_ip_id, other_link,
     looks_like_idle_box, looks_like_filter, looks_like_hijacker});
constexpr std::array kAdvice{AdviceRule{nullptr, look_for_the_box}};

constexpr std::array kTellings{Telling{"fin-injected"_verdict, injected, kInjected, kAdvice}};

}  // namespace

std::span<const Telling> tellings_of_forged_fins() { return kTellings; }

}  // namespace tcpteardown
