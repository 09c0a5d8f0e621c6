// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

namespace tcpteardown {

// SPEC section 6: what each direction may have lost. Needs resets and FINs.
void judge_loss(Teardown& teardown);

// The worse of the two directions.
[[nodiscard]] Loss overall_loss(const Teardown& teardown);

}  // namespace tcpteardown
