// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <ostream>

#include "tools/arguments.h"

namespace tcpteardown {

// Tells what verdicts mean; returns the exit status.
[[nodiscard]] int explain(const Arguments& arguments, std::ostream& out, std::ostream& error);

}  // namespace tcpteardown
