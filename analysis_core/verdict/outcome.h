// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "verdict/judge.h"

// What follows from a verdict: one function a question. Internal to judge().
namespace tcpteardown::outcome {

[[nodiscard]] FrameNumber decisive_frame(const Teardown& t, const Verdict& row);
[[nodiscard]] Initiator initiator(const Teardown& t, const Verdict& row);
[[nodiscard]] Stage stage(const Teardown& t, const Verdict& row, FrameNumber decisive);
// confidence.cpp
struct RatedConfidence {
  Confidence confidence = Confidence::low;
  std::string_view reason;  // why it is no higher, as a clause; empty: the row's own rule
};
[[nodiscard]] RatedConfidence confidence(const Teardown& t, const Verdict& row);
// errno.cpp
[[nodiscard]] ErrnoList errno_of(const Teardown& t, const Verdict& row, Side side);

}  // namespace tcpteardown::outcome
