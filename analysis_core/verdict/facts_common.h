// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "verdict/facts.h"

// Shorthands that the words of the catalogue are written in; for facts*.cpp only.
namespace tcpteardown::facts {

inline constexpr std::int64_t kSecond = 1'000'000'000;

inline const Connection& conn(T t) { return *t.connection; }
inline const Endpoint& client(T t) { return conn(t).side(t.client); }
inline const Endpoint& server(T t) { return conn(t).side(t.server()); }
inline const Reset& rst(T t) { return t.reset()->facts; }

}  // namespace tcpteardown::facts
