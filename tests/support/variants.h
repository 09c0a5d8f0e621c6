// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tracking/connection_table.h"
#include "wire/segment.h"

// A script told slightly otherwise: what happens if one frame is missing, late, doubled, or differs in one
// field. No test knows what is right to say of such an exchange; that it changes must not go unnoticed.
namespace tcpteardown::test {

// A frame of a script as the core takes it.
struct Event {
  std::int64_t time_ns = 0;
  std::vector<Segment> segments;  // none or one
  std::vector<IcmpError> errors;
};

struct Exchange {
  std::vector<std::vector<std::uint8_t>> bytes;  // what the payloads point into
  std::vector<Event> events;
};

[[nodiscard]] Exchange exchange_of(const std::string& script);

// Calls with each variant's name ("frame 4: missing") and its connections; stops where it returns false.
using VariantHandler = std::function<bool(const std::string& name, const ConnectionTable& table)>;
void for_each_variant(const Exchange& exchange, const VariantHandler& handle);

}  // namespace tcpteardown::test
