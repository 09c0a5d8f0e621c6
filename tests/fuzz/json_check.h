// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace tcpteardown::fuzz {

// Whether the text is one JSON value by RFC 8259, to the letter, with no key twice in one object: parsers
// differ in what else they take.
[[nodiscard]] bool is_strict_json(std::string_view text);

// The cells of one CSV row by RFC 4180; 0 if it is none.
[[nodiscard]] unsigned csv_cells(std::string_view row);

}  // namespace tcpteardown::fuzz
