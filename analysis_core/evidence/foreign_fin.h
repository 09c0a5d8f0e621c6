// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

namespace tcpteardown {

// What speaks against the side in whose name a FIN came. Each hard sign is something that a host which has
// sent that FIN does not do; the soft ones are habits, which may change.
struct FinSigns {
  // Hard
  bool wrote = false;         // data at the FIN's number
  bool stood_below = false;   // an ACK from a number before it
  bool refused = false;       // an ACK from its number that does not take the peer's FIN
  bool lacks_stamps = false;  // as nothing else of that side (RFC 7323 §3.2)
  bool sent_again = false;    // another FIN at its number, and only that one is in the count of IP-IDs
  bool old_echo = false;      // it acknowledges data newer than the time stamp it echoes
  // Soft
  bool other_hops = false;
  bool other_ip_id = false;
  bool other_link = false;
  bool out_of_order =
      false;  // its ACK came first, or an ACK from before it late, or another FIN with a far IP-ID

  // The purported sender went on as if there were no FIN.
  [[nodiscard]] bool denied() const { return wrote || stood_below || refused; }
  [[nodiscard]] int hard() const {
    return wrote + stood_below + refused + lacks_stamps + sent_again + old_echo;
  }
  [[nodiscard]] int soft() const { return other_hops + other_ip_id + other_link + out_of_order; }
};

[[nodiscard]] FinSigns fin_signs(const Teardown& teardown, Side purported);

// Fills forged_fin and forged_fin_by_name: a FIN that its receiver took, with a hard sign.
void find_foreign_fins(Teardown& teardown);

[[nodiscard]] inline const FinClaim& forged_fin(const Teardown& t) {
  return t.connection->side(t.forged_fin_by_name).fin_claim;
}

}  // namespace tcpteardown
