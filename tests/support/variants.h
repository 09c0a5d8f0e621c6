// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "tracking/connection_table.h"
#include "wire/segment.h"

// A script told slightly otherwise: what happens if one frame is missing, late, doubled, or differs in one
// field. No test knows what is right to say of such an exchange; that it changes must not go unnoticed.
namespace tcpteardown::test {

// A frame of a script or recording as the core takes it.
struct Event {
  std::int64_t time_ns = 0;
  std::vector<Segment> segments;  // mostly none or one
  std::vector<IcmpError> errors;
};

struct Exchange {
  std::deque<std::vector<std::uint8_t>> bytes;  // what the payloads point into
  std::vector<Event> events;
};

// Of a script, or of a capture.
[[nodiscard]] Exchange exchange_of(const std::string& path);

// Frames count from 1, as in a capture of its own.
[[nodiscard]] ConnectionTable connections_of(const std::vector<Event>& events);

// Calls with each variant's name ("frame 4: missing") and its connections; stops where it returns false.
using VariantHandler = std::function<bool(const std::string& name, const ConnectionTable& table)>;
void for_each_variant(const Exchange& exchange, const VariantHandler& handle);

}  // namespace tcpteardown::test
