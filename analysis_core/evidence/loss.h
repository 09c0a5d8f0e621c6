// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

namespace tcpteardown {

// What each direction may have lost: never acknowledged, rejected, or perhaps unread. Needs resets and FINs.
void find_loss(Teardown& teardown);

// The worse of the two directions.
[[nodiscard]] Loss overall_loss(const Teardown& teardown);

}  // namespace tcpteardown
