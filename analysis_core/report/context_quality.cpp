// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/context.h"
#include "report/phrasing.h"

// How much of the connection the capture shows, and what that means for the answer.
namespace tcpteardown {
namespace {

std::string one_sided(const Scene& s) {
  if (!s.t().quality.one_sided || s.is("inconclusive")) return "";
  const Side seen = s.c().a.segments > 0 ? Side::a : Side::b;
  return "Only segments of " + role(s, seen) + " are in the capture; what the other side did is inferred.";
}

std::string lossy(const Scene& s) {
  const std::uint64_t missed = s.c().a.missed_bytes + s.c().b.missed_bytes;
  if (!s.t().quality.lossy || missed == 0) return "";
  return "The capture lacks " + byte_count(missed) +
         " that were acknowledged, so it missed packets: what it does not show may still have happened.";
}

std::string midstream(const Scene& s) {
  if (!s.t().quality.midstream || s.is("inconclusive")) return "";
  if (!s.t().roles_by_ports) return "";
  return "The capture starts in the middle of the connection: client and server are told apart by their "
         "ports.";
}

// Where the verdict rests on silence, the silence must be long enough.
std::string short_tail(const Scene& s) {
  const Family family = s.judgement->verdict->family;
  const bool rests_on_silence =
      family == Family::timeout || s.is("half-closed-fin-unacked") || s.is("setup-synack-unanswered");
  if (!s.t().quality.short_tail || !rests_on_silence || s.reset != nullptr) return "";
  return "The capture ends " +
         (s.t().tail_ns < 1'000'000 ? std::string("with") : duration(s.t().tail_ns) + " after") +
         " the connection's last segment, so an answer may have come later.";
}

constexpr std::array<ContextRule, 4> kRules{one_sided, lossy, short_tail, midstream};

}  // namespace

std::span<const ContextRule> quality_rules() { return kRules; }

}  // namespace tcpteardown
