// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string_view>

// What somebody meant who wrote something else.
namespace tcpteardown {

// Of the known words the one that fewest letters have to be changed in, left out, added or exchanged with the
// next one for; empty if none is near.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

[[nodiscard]] std::string_view nearest_verdict(std::string_view slug);

}  // namespace tcpteardown
