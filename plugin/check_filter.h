// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tcpteardown {

// Whether a display filter asks for a field of ours; a macro may hide one.
[[nodiscard]] bool asks_for_our_fields(std::string_view filter);

// What is wrong where a filter compares a field of ours with a name: the field never has that value, or it
// has an order that is not the alphabet's. Empty if nothing is. epan takes any text for a field of type text,
// and compares it letter by letter.
[[nodiscard]] std::string problem_of_names(std::string_view filter);

}  // namespace tcpteardown
