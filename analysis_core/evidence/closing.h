// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

namespace tcpteardown {

// Fills what Teardown says of the two FINs. A FIN that was never captured counts if an ACK one
// beyond all data proves it and the other side closed as well.
void find_closing(Teardown& teardown);

// The second closer reset behind its FIN, which answers its peer's, and only that FIN may still have been
// without its ACK: all data of both had arrived. Windows ends so. Asks what is known of the resets.
[[nodiscard]] bool second_closer_reset(const Teardown& teardown);

// What that side sent when it knew of its peer's FIN and had acknowledged, in bytes: the half-closed
// connection was used (RFC 9293 §3.6.1).
[[nodiscard]] std::uint64_t half_close_bytes(const Connection& connection, Side sender);

}  // namespace tcpteardown
