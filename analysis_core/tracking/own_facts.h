// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "wire/segment.h"

namespace tcpteardown {

// A forged or damaged time is held where the difference of any two still fits (the year 2116).
[[nodiscard]] std::int64_t held(std::int64_t time_ns);

// What a segment tells without any other: takes back what cannot be, and reads its signs. Once for each,
// before it is added to a table; after that its payload is needed only if needs_payload().
void read_own_facts(Segment& segment);

// The text of a RST and a second HTTP message are read where they are folded in.
[[nodiscard]] inline bool needs_payload(const Segment& segment) {
  return segment.signs.has_more_messages || (segment.flags.rst && segment.signs.captured > 0);
}

}  // namespace tcpteardown
