// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <ostream>
#include <string>

#include "capture/analysis.h"
#include "tools/arguments.h"

namespace tcpteardown {

// Reads a capture that may never end, writes a row for each connection as it is over, and forgets it: memory
// is bounded by what is alive. Rows are those of a finished capture and one key more, "record", which says
// why the row came when it came.
[[nodiscard]] ReadResult follow_file(const std::string& file, const Arguments& arguments, Analysis& analysis,
                                     std::ostream& out);

}  // namespace tcpteardown
