// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "report/report.h"
#include "tracking/connection_table.h"

namespace tcpteardown::fuzz {

[[nodiscard]] std::vector<Report> reports_of(const ConnectionTable& table);

// Everything that any adapter may ask about the connections, and what must hold for each, whoever made the
// capture.
void check_reports(const ConnectionTable& table);

}  // namespace tcpteardown::fuzz
