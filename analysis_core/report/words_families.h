// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>

#include "report/words.h"

// The words of each family, one file a family; find_words() looks through all of them.
namespace tcpteardown {

[[nodiscard]] std::span<const Words> words_of_setup();
[[nodiscard]] std::span<const Words> words_of_graceful();
[[nodiscard]] std::span<const Words> words_of_half_closed();
[[nodiscard]] std::span<const Words> words_of_abort();
[[nodiscard]] std::span<const Words> words_of_reactive();
[[nodiscard]] std::span<const Words> words_of_timeout();
[[nodiscard]] std::span<const Words> words_of_the_rest();  // interference, open, inconclusive

}  // namespace tcpteardown
