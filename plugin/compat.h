// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <ws_version.h>

// All that differs between the Wireshark versions we build for: 4.0, 4.4 and 4.6.

// 400, 404 or 406. A macro, because #if needs one.
#define TCPTEARDOWN_WIRESHARK (WIRESHARK_VERSION_MAJOR * 100 + WIRESHARK_VERSION_MINOR)

namespace tcpteardown {

// What the start of a -z statistic returns: nothing before 4.6 (where a failure ends the
// program), and whether it could be started since.
#if TCPTEARDOWN_WIRESHARK >= 406
using StatStart = bool;
#else
using StatStart = void;
#endif

}  // namespace tcpteardown
