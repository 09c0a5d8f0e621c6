// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace tcpteardown::fuzz {

// What a fuzzer takes for a crash, with what was demanded and the two texts that should tell why.
void demand(bool holds, std::string_view what, std::string_view one = {}, std::string_view other = {});

}  // namespace tcpteardown::fuzz
