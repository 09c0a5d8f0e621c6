// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tcpteardown {

// Whether a display filter asks for a field of ours; a macro may hide one.
[[nodiscard]] bool asks_for_our_fields(std::string_view filter);

// A verdict that does not exist and that a filter compares tcpteardown.verdict with, said in a sentence;
// empty if there is none. epan takes any text for a field of type text, and never finds it.
[[nodiscard]] std::string unknown_verdict(std::string_view filter);

}  // namespace tcpteardown
