// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "verdict/judge.h"

// What follows from a verdict: one function a question. Internal to judge().
namespace tcpteardown::outcome {

[[nodiscard]] Initiator initiator(const Teardown& t, InitiatorRule rule);
// Whether the initiator is one that was silent: it may be dead, or not be reached, and that is nobody's
// doing.
[[nodiscard]] bool is_silence(const Verdict& row);
[[nodiscard]] Stage stage(const Teardown& t, Family family, FrameNumber decisive);

}  // namespace tcpteardown::outcome
