// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <ostream>
#include <string_view>

#include "tools/arguments.h"

namespace tcpteardown {

// Reads captures and reports their connections; returns the exit status.
[[nodiscard]] int report_files(const Arguments& arguments, std::ostream& out, std::ostream& error);

// "tcpteardown: a.pcap: no such file"
void complain(std::ostream& error, std::string_view file, std::string_view message);

}  // namespace tcpteardown
