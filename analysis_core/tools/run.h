// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <ostream>

#include "tools/arguments.h"

namespace tcpteardown {

inline constexpr int kExitUsage = 1;
inline constexpr int kExitUnread = 2;  // as tshark for a file that cannot be read to its end

// Does what the command line asks for; returns the exit status.
[[nodiscard]] int run(const Arguments& arguments, std::ostream& out, std::ostream& error);

}  // namespace tcpteardown
