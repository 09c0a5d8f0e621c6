// SPDX-License-Identifier: GPL-2.0-or-later
#include "check_filter.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <vector>

#include "formats/nearest.h"
#include "ids.h"
#include "verdict/verdict.h"

namespace tcpteardown {
namespace {

bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

// The words of a filter: names, quoted texts without their quotes, and signs.
struct Word {
  std::string_view text;
  bool is_quoted = false;
};

std::size_t length_of_word(std::string_view filter, std::size_t at) {
  std::size_t end = at + 1;
  if (filter[at] == '"') {
    while (end < filter.size() && filter[end] != '"') end += filter[end] == '\\' ? 2U : 1U;
    return std::min(end + 1, filter.size()) - at;
  }
  if (is_of_name(filter[at])) {
    while (end < filter.size() && (is_of_name(filter[end]) || filter[end] == '-')) ++end;
  } else if (filter[at] == '=' || filter[at] == '!') {
    while (end < filter.size() && filter[end] == '=') ++end;
  }
  return end - at;
}

std::vector<Word> words_of(std::string_view filter) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < filter.size();) {
    if (std::isspace(static_cast<unsigned char>(filter[at])) != 0) {
      ++at;
      continue;
    }
    const std::size_t length = length_of_word(filter, at);
    const std::string_view text = filter.substr(at, length);
    const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    words.push_back({is_quoted ? text.substr(1, text.size() - 2) : text, is_quoted});
    at += length;
  }
  return words;
}

bool is_equality(std::string_view sign) {
  return sign == "==" || sign == "!=" || sign == "===" || sign == "!==" || sign == "eq" || sign == "ne";
}

std::string complaint(std::string_view slug) {
  const std::string_view near = nearest_verdict(slug);
  return "no verdict is called \"" + std::string{slug} + '"' +
         (near.empty() ? "; tcpteardown explain lists them" : "; do you mean \"" + std::string{near} + "\"?");
}

}  // namespace

bool asks_for_our_fields(std::string_view filter) {
  const std::vector<Word> words = words_of(filter);
  return std::any_of(words.begin(), words.end(), [](const Word& word) {
    return !word.is_quoted &&
           (word.text == kFilterName || word.text.starts_with(std::string{kFilterName} + '.'));
  });
}

std::string unknown_verdict(std::string_view filter) {
  const std::vector<Word> words = words_of(filter);
  for (std::size_t i = 0; i + 2 < words.size(); ++i) {
    if (words[i].is_quoted || words[i].text != "tcpteardown.verdict") continue;
    std::size_t at = i + 2;
    if (words[i + 1].text == "in") {
      for (++at; at < words.size() && words[at].text != "}"; ++at) {
        if (words[at].is_quoted && find_verdict(words[at].text) == nullptr) return complaint(words[at].text);
      }
    } else if (is_equality(words[i + 1].text) && words[at].is_quoted &&
               find_verdict(words[at].text) == nullptr) {
      return complaint(words[at].text);
    }
  }
  return {};
}

}  // namespace tcpteardown
