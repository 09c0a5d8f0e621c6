// SPDX-License-Identifier: GPL-2.0-or-later
#include "check_filter.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "formats/nearest.h"
#include "ids.h"
#include "report/fields.h"
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
  } else if (std::string_view{"=!<>"}.find(filter[at]) != std::string_view::npos) {
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

bool is_order(std::string_view sign) {
  constexpr std::array<std::string_view, 8> kSigns{"<", "<=", ">", ">=", "lt", "le", "gt", "ge"};
  return std::find(kSigns.begin(), kSigns.end(), sign) != kSigns.end();
}

// A field of type text that has only so many values.
struct NamedField {
  std::string name;  // with the protocol's
  std::vector<std::string_view> values;
  bool has_order = false;
};

std::vector<NamedField> named_fields() {
  std::vector<NamedField> fields;
  for (const ConnectionField& field : connection_fields()) {
    NamedField found{std::string{kFilterName} + '.' + std::string{field.name}, {}, !field.levels.empty()};
    if (field.name == "verdict") {
      for (const Verdict& verdict : catalogue()) found.values.push_back(verdict.slug);
    } else {
      found.values.assign(field.levels.begin(), field.levels.end());
    }
    if (!found.values.empty()) fields.push_back(std::move(found));
  }
  return fields;
}

// Empty if it has that value.
std::string problem_of_value(const NamedField& field, const Word& word) {
  if (!word.is_quoted) return {};
  if (std::find(field.values.begin(), field.values.end(), word.text) != field.values.end()) return {};
  const std::string_view near = nearest(word.text, field.values);
  return field.name + " is never \"" + std::string{word.text} + '"' +
         (near.empty() ? "" : "; do you mean \"" + std::string{near} + "\"?");
}

// Of a comparison that begins with that word; empty if it is none of ours, or a good one.
std::string problem_at(const std::vector<Word>& words, std::size_t at, const NamedField& field) {
  const std::string_view sign = words[at + 1].text;
  if (field.has_order && is_order(sign)) {
    return field.name + " is a text, which epan compares by the alphabet; by its order: " + field.name +
           "_level " + std::string{sign} + " \"" + std::string{words[at + 2].text} + '"';
  }
  if (is_equality(sign)) return problem_of_value(field, words[at + 2]);
  if (sign != "in") return {};
  for (std::size_t i = at + 3; i < words.size() && words[i].text != "}"; ++i) {
    if (std::string problem = problem_of_value(field, words[i]); !problem.empty()) return problem;
  }
  return {};
}

}  // namespace

bool asks_for_our_fields(std::string_view filter) {
  const std::vector<Word> words = words_of(filter);
  return std::any_of(words.begin(), words.end(), [](const Word& word) {
    return !word.is_quoted &&
           (word.text == kFilterName || word.text.starts_with(std::string{kFilterName} + '.'));
  });
}

std::string problem_of_names(std::string_view filter) {
  const std::vector<Word> words = words_of(filter);
  const std::vector<NamedField> fields = named_fields();
  for (std::size_t i = 0; i + 2 < words.size(); ++i) {
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const NamedField& known) {
      return !words[i].is_quoted && known.name == words[i].text;
    });
    if (field == fields.end()) continue;
    if (std::string problem = problem_at(words, i, *field); !problem.empty()) return problem;
  }
  return {};
}

}  // namespace tcpteardown
