// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tracking/moment.h"
#include "tracking/segment_code.h"
#include "tracking/side.h"
#include "wire/segment.h"

// What is known of a connection without its facts: enough to see that an ordinary segment belongs to it.
namespace tcpteardown {

struct Outline {
  bool has_earlier : 1 = false;  // of the same ends
  bool is_attempt : 1 = false;   // A's SYN, its repetitions, and RSTs of B: nothing else
  bool a_acked : 1 = false;      // A sent an ACK that is no RST
  bool a_fin : 1 = false;
  bool b_fin : 1 = false;
  bool reset : 1 = false;  // a RST, whoever would take it
};

// Whether only the facts tell what this segment of `sender` does to the connection. Else it belongs to the
// connection, starts no other one, and what the table notes beside the facts stays as it is.
[[nodiscard]] bool needs_facts(const Outline& outline, const Told& told, const Segment& segment, Side sender);

// After `segment` has been told; `first` if it is the connection's first one.
void note_outline(Outline& outline, const Segment& segment, Side sender, bool first);

}  // namespace tcpteardown
