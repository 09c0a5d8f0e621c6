// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

namespace tcpteardown {

// Fills what Teardown says of the two FINs. A FIN that was never captured counts if an ACK one
// beyond all data proves it and the other side closed as well.
void judge_closing(Teardown& teardown);

}  // namespace tcpteardown
