// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/foreign_fin.h"

#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

bool has_other_hops(const FinClaim& claim) {
  return claim.hop_limit != 0 && claim.usual_hop_limit_seen > 0 && !claim.near_hop_limit;
}

// Behind the SYN-ACK alone, which a box may have sent for its host, only together with another distance.
bool lacks_stamps(const Connection& c, Side side, const FinClaim& claim) {
  const Endpoint& x = c.side(side);
  const bool agreed = x.offers_timestamps && c.side(other(side)).offers_timestamps;
  const bool usual = x.stamped >= threshold::kOfHandshakeOnly || (x.stamped > 0 && has_other_hops(claim));
  return agreed && claim.lacks_ts && x.unstamped == 0 && usual;
}

// Only its acknowledgment was captured: a capture without gaps, in which the receiver closed as well, and
// whose sender stood below what was acknowledged of data before it.
bool inferred_is_forged(const Teardown& t, Side side, const FinClaim& claim) {
  const std::int32_t data = distance(claim.start, claim.number);
  const std::uint64_t missed = data > 0 ? static_cast<std::uint64_t>(data) + 1U : 0U;
  const bool stood = data == 0 || claim.below.seen();
  return claim.wrote.seen() && stood && t.fin(other(side)) && t.connection->side(side).missed_bytes == missed;
}

// Its receiver took it: acknowledged it as the next number. For a FIN that was not captured, that is all
// there is.
bool was_taken(const Connection& c, Side side, const FinClaim& claim) {
  const Endpoint& y = c.side(other(side));
  return claim.seen() && y.has_ack && after(y.rcv_nxt, claim.number);
}

bool is_forged(const Teardown& t, Side side) {
  const FinClaim& claim = t.connection->side(side).fin_claim;
  if (!was_taken(*t.connection, side, claim)) return false;
  const FinSigns signs = fin_signs(t, side);
  if (claim.inferred) return inferred_is_forged(t, side, claim);
  return signs.hard() > 0;
}

// A forged RST that came earlier had ended it already.
bool reset_came_first(const Teardown& t, const FinClaim& claim) {
  const JudgedReset* r = t.reset();
  return r != nullptr && r->facts.at.frame < claim.at.frame;
}

}  // namespace

FinSigns fin_signs(const Teardown& t, Side side) {
  const FinClaim& claim = t.connection->side(side).fin_claim;
  FinSigns signs;
  if (!claim.seen()) return signs;
  signs.wrote = claim.wrote.seen();
  if (claim.inferred) return signs;
  signs.stood_below = claim.below.seen();
  signs.refused = claim.refused.seen();
  signs.lacks_stamps = lacks_stamps(*t.connection, side, claim);
  signs.sent_again = claim.again.seen();
  signs.old_echo = claim.old_echo.seen();
  signs.other_hops = has_other_hops(claim);
  signs.other_ip_id = claim.counts_on.seen();
  signs.other_link = claim.other_link;
  signs.out_of_order = claim.acked_before || claim.overtook || (claim.again_apart && !signs.sent_again);
  return signs;
}

void find_foreign_fins(Teardown& t) {
  for (const Side side : {Side::a, Side::b}) {
    const FinClaim& claim = t.connection->side(side).fin_claim;
    if (!is_forged(t, side) || reset_came_first(t, claim)) continue;
    const bool earlier = !t.forged_fin || claim.at.frame < forged_fin(t).at.frame;
    if (!earlier) continue;
    t.forged_fin = true;
    t.forged_fin_by_name = side;
  }
}

}  // namespace tcpteardown
