// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/context.h"

namespace tcpteardown {

std::vector<std::string> context_sentences(const Scene& scene, std::size_t most) {
  std::vector<std::string> sentences;
  for (const auto rules : {third_party_rules(), application_rules(), packet_rules(), quality_rules()}) {
    for (const ContextRule rule : rules) {
      if (sentences.size() == most) return sentences;
      std::string sentence = rule(scene);
      if (!sentence.empty()) sentences.push_back(std::move(sentence));
    }
  }
  return sentences;
}

}  // namespace tcpteardown
