// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>

#include "tracking/connection_table.h"

// The tables of Statistics > TCP Teardown as text, for tshark. Wireshark's own printing of a plugin's tables
// shows rows in the order in which they were begun, with what was known when their last frame was read.
namespace tcpteardown {

// How often which verdict, the worst first. Throws std::bad_alloc.
[[nodiscard]] std::string verdict_table(std::span<const ConnectionIndex> connections, const char* filter);
// Each connection with its verdict, the worst first.
[[nodiscard]] std::string connection_table(std::span<const ConnectionIndex> connections, const char* filter);

}  // namespace tcpteardown
