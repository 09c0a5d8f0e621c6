// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "verdict/judge.h"

// May the last request be repeated: a column of the catalogue names the proof that its ending may give. The
// last request is what the client sent since the last data of the server that it knew of, by its ACK fields.
namespace tcpteardown::retry {

using T = const Teardown&;

[[nodiscard]] Retry no_question(T t);        // an orderly end, or none at all
[[nodiscard]] Retry not_known(T t);          // unless it is known that nothing was asked
[[nodiscard]] Retry perhaps_taken(T t);      // this ending proves nothing
[[nodiscard]] Retry unless_answered(T t);    // likewise; but it came when all had been quiet
[[nodiscard]] Retry with_the_syn(T t);       // a refused SYN, with its data
[[nodiscard]] Retry met_closed_socket(T t);  // data that a side which had closed answered with a RST
[[nodiscard]] Retry stopped_on_path(T t);    // data that its receiver is shown not to know of

}  // namespace tcpteardown::retry
