// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "verdict/questions.h"

// Shorthands that the questions are written in; for questions*.cpp only.
namespace tcpteardown::questions {

inline const Connection& conn(T t) { return *t.connection; }
inline const Endpoint& client(T t) { return conn(t).side(t.client); }
inline const Endpoint& server(T t) { return conn(t).side(t.server()); }
inline const Reset& rst(T t) { return t.reset()->facts; }

// Silent after its last one for longer than the next would have taken (the interval at most doubles,
// RFC 6298 §5.5).
[[nodiscard]] bool silent_beyond_next(T t, const Run& run);

// At least so many, nothing behind them for longer than the next would have taken or than they took, and for
// as long as a capture must be silent to say so.
[[nodiscard]] bool given_up(T t, Side s, const Run& run, std::uint16_t least);

}  // namespace tcpteardown::questions
