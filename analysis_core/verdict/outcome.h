// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "verdict/judge.h"

// What follows from a verdict: one function a question. Internal to judge().
namespace tcpteardown::outcome {

[[nodiscard]] Initiator initiator(const Teardown& t, InitiatorRule rule);
[[nodiscard]] Stage stage(const Teardown& t, Family family, FrameNumber decisive);

}  // namespace tcpteardown::outcome
