// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "goldens.h"
#include "recipes.h"
#include "report/report.h"
#include "script_check.h"
#include "variants.h"

namespace tcpteardown::test {
namespace {

struct Sum {
  std::size_t variants = 0;
  std::uint64_t hash = 0xcbf29ce484222325;      // FNV-1a
  std::map<std::string, std::size_t> verdicts;  // with their confidence
};

void add_text(std::string_view text, std::uint64_t& hash) {
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
}

// The verdict is the seventh column behind the name, its confidence the ninth.
std::string verdict_of(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t at = 0; cells.size() < 10 && at != std::string_view::npos;) {
    const std::size_t tab = line.find('\t', at);
    cells.push_back(line.substr(at, tab - at));
    at = tab == std::string_view::npos ? tab : tab + 1;
  }
  return cells.size() < 10 ? "" : std::string(cells[7]) + ' ' + std::string(cells[9]);
}

void add_answers(const std::string& lines, Sum& sum) {
  ++sum.variants;
  add_text(lines, sum.hash);
  for (std::size_t at = 0; at < lines.size(); at = lines.find('\n', at) + 1) {
    ++sum.verdicts[verdict_of(std::string_view(lines).substr(at))];
  }
}

Sum sum_of(const Exchange& exchange) {
  Sum sum;
  for_each_variant(exchange, [&sum](const std::string& name, const ConnectionTable& table) {
    add_answers(answers_of(name, table), sum);
    return true;
  });
  return sum;
}

// Of all connections.
struct SumsInWords {
  Sum fields;
  Sum sentences;
};

SumsInWords sums_in_words(const ConnectionTable& table) {
  SumsInWords sums;
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    const Connection connection = table.facts(i);
    add_answers(answer_of(connection, table.capture_end()), sums.fields);
    add_text(words_of(connection, table.capture_end()), sums.sentences.hash);
  }
  return sums;
}

std::string in_hex(std::uint64_t hash) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash));
  return text.data();
}

// "graceful high 5, open low": the most frequent first.
std::string in_words(const Sum& sum) {
  std::vector<std::pair<std::string, std::size_t>> verdicts{sum.verdicts.begin(), sum.verdicts.end()};
  std::stable_sort(verdicts.begin(), verdicts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [verdict, count] : verdicts) {
    text += (text.empty() ? "" : ", ") + verdict + ' ' + std::to_string(count);
  }
  return text;
}

std::string line_of(const std::string& name, const Sum& sum) {
  return name + '\t' + std::to_string(sum.variants) + '\t' + in_hex(sum.hash) + '\t' + in_words(sum) + '\n';
}

}  // namespace

// A recipe whose base is not there any more has no line, so that the page shows it.
std::vector<Golden> recipe_goldens(const std::string& root) {
  std::string page =
      "base\tseed\tsum of all answers\tof all sentences\tverdicts, with their confidence\tchanges\n";
  for (const Recipe& recipe : kept_recipes(root)) {
    const std::string path = root + '/' + recipe.base;
    if (!std::filesystem::exists(path)) continue;
    const Exchange base = exchange_of(path);
    const Retold told = retell(base, recipe.seed);
    const SumsInWords sums = sums_in_words(connections_of(told.events));
    page += recipe.base + '\t' + std::to_string(recipe.seed) + '\t' + in_hex(sums.fields.hash) + '\t' +
            in_hex(sums.sentences.hash) + '\t' + in_words(sums.fields);
    page += '\t' + told.changes + '\n';
  }
  return {{"captures/answers/recipes.tsv", page}};
}

std::vector<Golden> variant_goldens(const std::string& root) {
  std::string page = "script\tvariants\tsum of all answers\tverdicts, with their confidence\n";
  for (const std::string& path : scripts_below(root + "/tests/scripts")) {
    const std::filesystem::path file{path};
    page += line_of((file.parent_path().filename() / file.filename()).string(), sum_of(exchange_of(path)));
  }
  return {{"captures/answers/variants.tsv", page}};
}

}  // namespace tcpteardown::test
