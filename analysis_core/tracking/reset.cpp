// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/reset.h"

#include <algorithm>

namespace tcpteardown {
namespace {

// Its receiver took it, and nothing that it sent since shows that it went on all the same.
bool stands(const Reset& r) { return is_taken(r.acceptance) && !went_on_regardless(r); }

// What the story would lose without it (our choice). A RST behind its receiver's RCV.NXT says the
// least, and so does what the same side sends when one has already counted.
int weight(const Reset& r, const Reset* first_taken) {
  if (&r == first_taken) return 2;
  if (first_taken != nullptr && r.at.frame > first_taken->at.frame) {
    return r.sender == first_taken->sender ? 0 : 1;
  }
  const bool too_early_or_late = r.acceptance == Acceptance::old || r.acceptance == Acceptance::beyond;
  return too_early_or_late && r.receiver_has_ack ? 0 : 1;
}

}  // namespace

void ResetLog::add(const Reset& reset) {
  if (kept_.size() == kResetsKept) {
    const auto taken = std::find_if(kept_.begin(), kept_.end(), stands);
    const Reset* first_taken = taken == kept_.end() ? nullptr : &*taken;
    std::size_t victim = kResetsKept - 1;  // the latest of those that matter least
    for (std::size_t i = kResetsKept - 1; i-- > 0;) {
      if (weight(kept_[i], first_taken) < weight(kept_[victim], first_taken)) victim = i;
    }
    kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(victim));
  }
  kept_.push_back(reset);
  if (count_ < 0xffff) ++count_;
}

}  // namespace tcpteardown
