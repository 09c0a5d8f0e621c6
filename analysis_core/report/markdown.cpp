// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/markdown.h"

#include <array>

#include "report/markdown_texts.h"
#include "report/phrasing.h"
#include "report/places.h"
#include "report/words.h"

namespace tcpteardown {
namespace {

constexpr std::size_t kWidth = 110;  // as the files of the project

std::string section(std::string_view title, std::string_view text) {
  return '\n' + wrapped("**" + std::string(title) + ".** " + std::string(text), kWidth);
}

std::string in_code(std::string_view text) { return '`' + std::string(text) + '`'; }

std::string row_of(const Verdict& v) {
  return "| [" + in_code(v.slug) + "](#" + std::string(v.slug) + ") | " + std::string(v.summary) + " | " +
         std::string(to_string(v.severity)) + " |\n";
}

constexpr std::array kFamilies{
    Family::setup,   Family::graceful,     Family::half_closed, Family::abort,        Family::reactive,
    Family::timeout, Family::interference, Family::open,        Family::inconclusive,
};

std::string table() {
  std::string out = "| verdict | what happened | severity |\n|---|---|---|\n";
  for (const Family family : kFamilies) {
    out += "| **" + std::string(to_string(family)) + "** | | |\n";
    for (const Verdict& v : catalogue()) {
      if (v.family == family) out += row_of(v);
    }
  }
  return out;
}

}  // namespace

std::string verdict_page(const Verdict& v) {
  std::string out = "### " + std::string(v.slug) + "\n\n";
  out += "*" + std::string(to_string(v.family)) + ", " + std::string(to_string(v.severity)) +
         "*: " + std::string(v.summary) + ".\n";
  if (const Words* words = find_words(v.slug)) {
    out += '\n' + wrapped(words->meaning, kWidth) + "\n```\n" + draw_ladder(words->ladder) + "```\n";
    out += section("What the applications saw", words->applications);
    out += section("What to do next", as_sentences(fill_in_generic(words->advice)));
    out += section("Easily taken for", words->confused_with);
  }
  if (v.harmless != nullptr) out += section("Harmless form", harmless_text(v.slug));
  return out + section("Source", v.rfc);
}

std::string verdicts_markdown() {
  std::string out{kGeneratedLine};
  out += kIntroduction;
  out += "\n## All verdicts\n\n" + table();
  out += kReadingOrder;
  for (const Family family : kFamilies) {
    out += "\n## Family: " + std::string(to_string(family)) + '\n';
    for (const Verdict& v : catalogue()) {
      if (v.family == family) out += '\n' + verdict_page(v);
    }
  }
  out += kReallyThatHost;
  return out;
}

}  // namespace tcpteardown
