// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"

// What the capture does not show, beyond what the reason for the confidence says already.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

Finding quality(std::string text) { return {FindingKind::quality, {}, std::move(text)}; }

Found one_sided(const Story& s) {
  if (!s.t().quality.one_sided || s.is("inconclusive"_verdict)) return {};
  const Side unseen = s.c().a.segments > 0 ? Side::b : Side::a;
  return quality("no segment of " + the(s, unseen) + " was captured: what it did is inferred");
}

Found lossy(const Story& s) {
  const std::uint64_t missed = s.c().a.missed_bytes + s.c().b.missed_bytes;
  if (!s.t().quality.lossy || missed == 0) return {};
  return quality(counted(missed, "acknowledged byte was", "acknowledged bytes were") +
                 " not captured; what is not shown may still have happened");
}

// Firewalls that draw new initial numbers (Cisco ASA, PIX, OpenBSD "modulate state"), seen from one side.
Found strange_numbers(const Story& s) {
  for (const Side side : {Side::a, Side::b}) {
    const Endpoint& x = s.end(side);
    if (x.strange_ack.seen() && !x.has_ack) {
      return {{FindingKind::quality, frames({x.strange_ack.frame}),
               the(s, side) +
                   " acknowledges numbers far from its peer's: perhaps a box rewrote them on the way"}};
    }
    if (x.strange.moved) {
      return {{FindingKind::quality, frames({x.strange.at.frame}),
               the(s, side) + "'s sequence numbers jump: packets are missing, or a box rewrote them"}};
    }
  }
  return {};
}

Found roles_by_port(const Story& s) {
  if (!s.t().roles_by_ports || s.is("inconclusive"_verdict)) return {};
  return quality("no handshake was captured: only their ports tell client from server");
}

constexpr auto kRules = std::to_array<FindingRule>({one_sided, lossy, strange_numbers, roles_by_port});

}  // namespace

std::span<const FindingRule> quality_findings() { return kRules; }

}  // namespace tcpteardown
