// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <epan/packet_info.h>

#include "report/report.h"

namespace tcpteardown {

// Whether more frames may follow those that were dissected.
[[nodiscard]] Known known_of(const packet_info* pinfo);

}  // namespace tcpteardown
