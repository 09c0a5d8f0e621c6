// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "report/report.h"
#include "tracking/connection.h"

// What may be said of a connection while more of it may come.
namespace tcpteardown {

// A RST was taken, both FINs were acknowledged, or an ICMP error ended the attempt: its verdict rests on what
// was seen, not on silence. What comes later seldom changes it (in our captures, most of which were made to
// mislead, 1 in 100 has another decisive frame in the end, and 9 in 100 another verdict, most of them a
// forger's).
[[nodiscard]] bool is_over(const Connection& connection);

// Takes back every sentence that speaks of the capture's end, which is not known yet.
void keep_to_what_was_seen(Report& report, bool over);

}  // namespace tcpteardown
