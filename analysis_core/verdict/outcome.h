// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "verdict/judge.h"

// What follows from a verdict: one function a question. Internal to judge().
namespace tcpteardown::outcome {

[[nodiscard]] FrameNumber decisive_frame(const Teardown& t, const Verdict& row);
[[nodiscard]] Initiator initiator(const Teardown& t, const Verdict& row);
[[nodiscard]] Stage stage(const Teardown& t, const Verdict& row, FrameNumber decisive);
[[nodiscard]] Confidence confidence(const Teardown& t, const Verdict& row);
// Its hop limit is unlike that of the same sender's other packets (our choice: two or more).
[[nodiscard]] inline bool foreign_hop_limit(const JudgedReset& r) {
  return r.ttl_delta && r.facts.usual_hop_limit_seen >= 3 && (*r.ttl_delta >= 2 || *r.ttl_delta <= -2);
}
// errno.cpp
[[nodiscard]] ErrnoList errno_of(const Teardown& t, const Verdict& row, Side side);

}  // namespace tcpteardown::outcome
