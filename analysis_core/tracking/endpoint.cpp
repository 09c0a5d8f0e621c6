// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/endpoint.h"

namespace tcpteardown {

UsualHopLimit usual_hop_limit(const Endpoint& endpoint) {
  UsualHopLimit usual;
  for (const HopLimits::Entry& entry : endpoint.hop_limits.entries) {
    if (entry.count > usual.seen) usual = {entry.value, entry.count};
  }
  return usual;
}

}  // namespace tcpteardown
