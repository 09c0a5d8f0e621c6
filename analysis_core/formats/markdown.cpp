// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/markdown.h"

#include <algorithm>
#include <array>
#include <vector>

#include "findings/pages.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "formats/markdown_texts.h"
#include "verdict/limits.h"

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

std::string scope(const Applies& applies) {
  std::string slugs;
  for (const VerdictId id : applies.listed()) slugs += (slugs.empty() ? "" : ", ") + in_code(row_of(id).slug);
  switch (applies.scope) {
    case Applies::To::all: return "all";
    case Applies::To::family: return "family " + std::string(to_string(applies.family));
    case Applies::To::listed: return slugs;
    case Applies::To::all_but_listed: return "all but " + slugs;
  }
  return slugs;
}

void append(std::string& list, std::string_view more, std::string_view between) {
  if (list == more || list == "all") return;
  if (!list.empty()) list += between;
  list += more;
}

// One line for each reason, whatever the number of limits that give it.
std::string limits_table() {
  struct Line {
    std::string at_most;
    std::string of;
    std::string_view why;
  };
  std::vector<Line> lines;
  for (const Limit& limit : limits()) {
    const auto same = [&limit](const Line& line) { return line.why == limit.why; };
    if (std::none_of(lines.begin(), lines.end(), same)) lines.push_back({{}, {}, limit.why});
    Line& line = *std::find_if(lines.begin(), lines.end(), same);
    append(line.at_most, to_string(limit.at_most), " or ");
    append(line.of, scope(limit.applies_to), ", ");
  }
  std::string out = "| at most | of | because |\n|---|---|---|\n";
  for (const Line& line : lines) {
    out += "| " + line.at_most + " | " + line.of + " | " + std::string(line.why) + " |\n";
  }
  return out;
}

}  // namespace

std::string verdict_page(const Verdict& v) {
  std::string out = "### " + std::string(v.slug) + "\n\n";
  out += "*" + std::string(to_string(v.family)) + ", " + std::string(to_string(v.severity)) +
         "*: " + std::string(v.summary) + ".\n";
  const Page& page = page_of(v.id);
  out += '\n' + wrapped(page.meaning, kWidth) + "\n```\n" + draw_ladder(page.ladder) + "```\n";
  out += section("What the applications saw", page.applications);
  out += section("What to do next", general_advice(v));
  out += section("Easily taken for", page.confused_with);
  if (!page.harmless_form.empty()) out += section("Harmless form", page.harmless_form);
  return out + section("Source", v.rfc);
}

std::string verdicts_markdown() {
  std::string out{kGeneratedLine};
  out += kIntroduction;
  out += "\n## All verdicts\n\n" + table();
  out += kReadingOrder;
  out += kConfidenceLimits;
  out += limits_table();
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
