// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

// Does a RST look and come like its purported sender's other packets? Each question has honest
// exceptions; those that can be told from a capture are answered with no.
namespace tcpteardown::habits {

// Far from every value that the sender has used, and not as far from the next usual
// initial value: some systems start packets without a socket with another one.
[[nodiscard]] bool hop_limit_differs(const JudgedReset& r);
// The value of the sender's first packets alone: what took the connection may have reset it.
[[nodiscard]] bool hop_limit_as_in_handshake(const JudgedReset& r);
[[nodiscard]] inline bool foreign_hop_limit(const JudgedReset& r) {
  return hop_limit_differs(r) || hop_limit_as_in_handshake(r);
}
[[nodiscard]] bool ip_id_differs(const Teardown& t, const JudgedReset& r);
[[nodiscard]] bool fragment_flag_differs(const Teardown& t, const JudgedReset& r);
[[nodiscard]] bool lacks_timestamps(const Teardown& t, const JudgedReset& r);
[[nodiscard]] bool link_source_differs(const Teardown& t, const JudgedReset& r);
// What the RST cannot have been sent before: the segment that drew it, or the last data if the RST is
// the first to acknowledge it. Not seen if there is none.
[[nodiscard]] Moment answered_by(const Teardown& t, const JudgedReset& r);
// Sooner after all that it may answer than half the way to its sender and back takes.
[[nodiscard]] bool too_fast(const Teardown& t, const JudgedReset& r);
// As far from every hop limit that the sender has used, however few: a sign beside others only.
[[nodiscard]] bool hop_limit_left(const JudgedReset& r);
// The IP-ID of the packet that it answers. Old systems answer in that packet's buffer, so beside others only.
[[nodiscard]] bool ip_id_copied(const JudgedReset& r);
// Sooner than a quarter of that way.
[[nodiscard]] bool far_too_fast(const Teardown& t, const JudgedReset& r);
// From another distance, and sooner than its purported sender can have answered; and a third sign, or far too
// soon from a nearer system with another initial hop limit.
[[nodiscard]] bool built_nearby(const Teardown& t, const JudgedReset& r);
// The time that way took in the handshake; 0 where it was not seen.
[[nodiscard]] std::int64_t round_trip_to(const Teardown& t, Side side);
// Three RSTs like this one whose windows rise by one: a counter of the box that made them.
[[nodiscard]] bool window_counts_up(const Teardown& t, const JudgedReset& r);
// A RST to each side, made of the same two numbers, sooner than either could know of the other.
[[nodiscard]] const JudgedReset* mirrored_by(const Teardown& t, const JudgedReset& r);

}  // namespace tcpteardown::habits
