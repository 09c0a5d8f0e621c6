// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/context.h"
#include "report/phrasing.h"
#include "report/places.h"
#include "report/words.h"

// The texts of a report: the words of the verdict with their places filled in.
namespace tcpteardown {
namespace {

constexpr std::size_t kMostSentences = 6;  // an explanation that is longer is not read (our choice)
constexpr std::size_t kMostContext = 3;

const Words& words_of(const Judgement& judgement) {
  static constexpr Words kNone{};
  const Words* words = find_words(judgement.verdict->slug);
  return words == nullptr ? kNone : *words;
}

// As a sentence of its own while there is room, else behind a semicolon.
void append_clause(std::string& text, const std::string& clause) {
  if (clause.empty()) return;
  text.back() = count_sentences(text) < kMostSentences ? '.' : ';';
  text += ' ' + clause + '.';
}

}  // namespace

std::string make_summary(const Judgement& judgement) {
  return fill_in(words_of(judgement).sentence, make_scene(judgement));
}

std::string make_explanation(const Judgement& judgement) {
  const Scene scene = make_scene(judgement);
  std::string text = as_sentences(fill_in(words_of(judgement).account, scene));
  const std::size_t used = count_sentences(text);
  const std::size_t left = used < kMostSentences ? kMostSentences - used : 0;
  for (const std::string& sentence : context_sentences(scene, left < kMostContext ? left : kMostContext)) {
    text += ' ' + sentence;
  }
  append_clause(text, tampering_clause(scene));
  if (!judgement.confidence_reason.empty()) {
    append_clause(text, "the confidence is " + std::string(to_string(judgement.confidence)) + " because " +
                            std::string(judgement.confidence_reason));
  }
  return as_sentences(std::move(text));
}

std::string make_advice(const Judgement& judgement) {
  return as_sentences(fill_in(words_of(judgement).advice, make_scene(judgement)));
}

}  // namespace tcpteardown
