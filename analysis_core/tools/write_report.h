// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <ostream>
#include <string_view>

#include "tools/arguments.h"
#include "tracking/connection_table.h"

namespace tcpteardown {

void write_csv_header(std::ostream& out);

// The report of all connections, in the format and on as many threads as the arguments say.
void write_report(const ConnectionTable& table, std::string_view file, const Arguments& arguments,
                  std::ostream& out);

}  // namespace tcpteardown
