// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

// Tables that epan fills packet by packet: in the GUI under Statistics, in sharkd and tshark by
// name. A row holds what is known when its last packet is tapped; in the GUI, in sharkd and in the
// second of two passes that is the final answer.
namespace tcpteardown {

// Statistics > TCP Teardown: how often which verdict, and the bytes lost by it.
void register_verdict_statistics();
// Statistics > TCP Teardown Connections: each connection with its verdict.
void register_connection_statistics();

}  // namespace tcpteardown
