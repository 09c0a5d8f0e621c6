// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "tracking/zeek_history.h"

namespace tcpteardown {

// Zeek's conn_state (SF, S0, REJ, RSTO …) and history of the same packets.
[[nodiscard]] std::string_view zeek_conn_state(const ZeekHistory& history);
[[nodiscard]] std::string zeek_history(const ZeekHistory& history);

}  // namespace tcpteardown
