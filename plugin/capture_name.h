// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace tcpteardown {

// The capture file as it was named to tshark with -r; empty if there is none or it cannot be told.
[[nodiscard]] std::string capture_file_name();

}  // namespace tcpteardown
