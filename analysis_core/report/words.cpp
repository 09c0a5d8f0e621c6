// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/words.h"

#include <vector>

#include "report/words_families.h"

namespace tcpteardown {
namespace {

std::vector<Words> collect() {
  std::vector<Words> all;
  for (const auto family : {words_of_setup(), words_of_graceful(), words_of_half_closed(), words_of_abort(),
                            words_of_reactive(), words_of_timeout(), words_of_the_rest()}) {
    all.insert(all.end(), family.begin(), family.end());
  }
  return all;
}

}  // namespace

std::span<const Words> all_words() {
  static const std::vector<Words> all = collect();
  return all;
}

const Words* find_words(std::string_view slug) {
  for (const Words& words : all_words()) {
    if (words.slug == slug) return &words;
  }
  return nullptr;
}

}  // namespace tcpteardown
