// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "stream.h"

namespace tcpteardown::fuzz {

// What must hold of every exchange, kind or not: all of check_reports(), the connections' frames sum up to
// those that were given, and one of these, as `choice` says:
// - the same exchange in a table with another hash seed is told in the same words;
// - with the addresses' order turned round, too, but for the names;
// - a stranger's flow in between changes not one letter;
// - a packet captured twice, one copy right behind the other, leaves what answer() holds.
void check_stream(std::span<const Item> items, std::uint64_t choice);

}  // namespace tcpteardown::fuzz
