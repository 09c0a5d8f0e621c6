// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tracking/connection.h"

namespace tcpteardown {

struct Roles {
  Side client = Side::a;
  bool by_ports = false;  // no handshake was seen
};

// The client sent the SYN. Without one: the receiver of a SYN-ACK, else who sends HTTP requests or gets
// responses (RFC 9112 §2.1), else the side with the higher
// port, else the sender of the first frame (our choice; ports are a habit, not a proof).
[[nodiscard]] Roles find_roles(const Connection& connection);

}  // namespace tcpteardown
