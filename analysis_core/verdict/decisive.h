// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

// The frame that ended a connection: a column of the catalogue names one of these. 0: no such frame.
namespace tcpteardown::decisive {

using T = const Teardown&;

[[nodiscard]] FrameNumber none(T t);
[[nodiscard]] FrameNumber last_syn(T t);
[[nodiscard]] FrameNumber last_syn_ack(T t);  // or the RST with which its sender gave up
[[nodiscard]] FrameNumber syn_or_stray_answer(T t);
[[nodiscard]] FrameNumber icmp_error(T t);
[[nodiscard]] FrameNumber closing_ack(T t);  // of the later FIN
[[nodiscard]] FrameNumber closing_ack_or_reset(T t);
[[nodiscard]] FrameNumber last_fin(T t);
[[nodiscard]] FrameNumber only_fin(T t);
[[nodiscard]] FrameNumber forged_fin(T t);  // or the first ACK of it, where it was not captured
[[nodiscard]] FrameNumber last_copy_of_fin(T t);
// The RST that its receiver took: of two the one that confirmed it behind a challenge ACK (RFC 5961 §3.2).
[[nodiscard]] FrameNumber reset(T t);
[[nodiscard]] FrameNumber reset_or_last_fin(T t);
// Of the side that gave up.
[[nodiscard]] FrameNumber last_resend(T t);
[[nodiscard]] FrameNumber last_keep_alive(T t);    // or the prober's RST
[[nodiscard]] FrameNumber last_window_probe(T t);  // or the prober's RST

}  // namespace tcpteardown::decisive
