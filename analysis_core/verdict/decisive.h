// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

// The moment that ended a connection: a column of the catalogue names one of these. Not seen: there is none.
namespace tcpteardown::decisive {

using T = const Teardown&;

[[nodiscard]] Moment none(T t);
[[nodiscard]] Moment last_syn(T t);
[[nodiscard]] Moment last_syn_ack(T t);  // or the RST with which its sender gave up
[[nodiscard]] Moment syn_or_stray_answer(T t);
[[nodiscard]] Moment icmp_error(T t);
[[nodiscard]] Moment closing_ack(T t);  // of the later FIN
[[nodiscard]] Moment closing_ack_or_reset(T t);
[[nodiscard]] Moment last_fin(T t);
[[nodiscard]] Moment only_fin(T t);
[[nodiscard]] Moment forged_fin(T t);  // or the first ACK of it, where it was not captured
[[nodiscard]] Moment last_copy_of_fin(T t);
// The RST that its receiver took: of two the one that confirmed it behind a challenge ACK (RFC 5961 §3.2).
[[nodiscard]] Moment reset(T t);
[[nodiscard]] Moment reset_or_last_fin(T t);
// Of the side that gave up.
[[nodiscard]] Moment last_resend(T t);
[[nodiscard]] Moment last_keep_alive(T t);    // or the prober's RST
[[nodiscard]] Moment last_window_probe(T t);  // or the prober's RST

}  // namespace tcpteardown::decisive
