// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace tcpteardown {

// -z tcpteardown, -z tcpteardown,json and -z tcpteardown,csv, each with an optional filter.
void register_report_taps();

}  // namespace tcpteardown
