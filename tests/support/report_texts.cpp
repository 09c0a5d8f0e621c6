// SPDX-License-Identifier: GPL-2.0-or-later
#include "report_texts.h"

#include <cstddef>

namespace tcpteardown::test {
namespace {

void add(std::string_view kind, std::string_view paragraph, std::vector<Text>& texts) {
  for (std::string& sentence : sentences_of(paragraph)) {
    texts.push_back({std::string(kind), "", std::move(sentence)});
  }
}

}  // namespace

std::vector<std::string> sentences_of(std::string_view paragraph) {
  std::vector<std::string> sentences;
  std::size_t start = 0;
  for (std::size_t i = 0; i < paragraph.size(); ++i) {
    const bool is_end = paragraph[i] == '.' || paragraph[i] == '?';
    if (!is_end || (i + 1 < paragraph.size() && paragraph[i + 1] != ' ')) continue;
    sentences.emplace_back(paragraph.substr(start, i + 1 - start));
    start = i + 2;
  }
  if (start < paragraph.size()) sentences.emplace_back(paragraph.substr(start));
  return sentences;
}

std::vector<Text> texts_of(const Report& report) {
  std::vector<Text> texts;
  texts.push_back({"summary", "", report.summary});
  for (const Finding& finding : report.findings) {
    texts.push_back({std::string(to_string(finding.kind)), to_string(finding.frames), finding.text});
  }
  add("advice", report.advice, texts);
  return texts;
}

}  // namespace tcpteardown::test
