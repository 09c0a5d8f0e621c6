// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "report/report.h"

namespace tcpteardown {

// The segments by which the connection ended, in the order of the capture: the last ones that were
// remembered of both sides, and those that decide, wherever they stand. `report` is that of the connection.
[[nodiscard]] std::vector<LastSegment> last_segments(const Connection& connection, const Report& report);

}  // namespace tcpteardown
