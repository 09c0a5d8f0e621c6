// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "verdict/judge.h"

// What the application of one side sees, as Linux reports it: a column of the catalogue names one of these.
// Where the wire cannot tell: unknown.
namespace tcpteardown::errnos {

using T = const Teardown&;

[[nodiscard]] ErrnoList none(T t, Side side);
[[nodiscard]] ErrnoList unknown(T t, Side side);

// --- connect() did not work; no application of the server knows of it -------------------------
[[nodiscard]] ErrnoList refused(T t, Side side);
[[nodiscard]] ErrnoList no_reply(T t, Side side);
[[nodiscard]] ErrnoList unreachable(T t, Side side);
[[nodiscard]] ErrnoList not_established(T t, Side side);  // what the client saw is not known
[[nodiscard]] ErrnoList stale_peer(T t, Side side);
[[nodiscard]] ErrnoList not_accepted(T t, Side side);  // connect() worked

// --- closed with FINs ---------------------------------------------------------------------------
[[nodiscard]] ErrnoList closed_in_order(T t, Side side);
[[nodiscard]] ErrnoList one_closed(T t, Side side);
[[nodiscard]] ErrnoList fin_not_acked(T t, Side side);

[[nodiscard]] ErrnoList forged_fin(T t, Side side);  // one side never sent it

// --- given up -----------------------------------------------------------------------------------
[[nodiscard]] ErrnoList resends_failed(T t, Side side);
[[nodiscard]] ErrnoList keep_alives_failed(T t, Side side);
[[nodiscard]] ErrnoList window_closed(T t, Side side);

// --- reset --------------------------------------------------------------------------------------
[[nodiscard]] ErrnoList reset(T t, Side side);           // its sender's application asked for it
[[nodiscard]] ErrnoList both_reset(T t, Side side);      // each side before it had the other's
[[nodiscard]] ErrnoList socket_gone(T t, Side side);     // its sender's application is gone
[[nodiscard]] ErrnoList closed_in_vain(T t, Side side);  // likewise; the other's close() has long returned
[[nodiscard]] ErrnoList third_party(T t, Side side);     // its purported sender sent none

}  // namespace tcpteardown::errnos
