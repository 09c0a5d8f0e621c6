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

Sum sum_of(const Exchange& exchange) {
  Sum sum;
  for_each_variant(exchange, [&sum](const std::string& name, const ConnectionTable& table) {
    const std::string lines = answers_of(name, table);
    ++sum.variants;
    add_text(lines, sum.hash);
    for (std::size_t at = 0; at < lines.size(); at = lines.find('\n', at) + 1) {
      ++sum.verdicts[verdict_of(std::string_view(lines).substr(at))];
    }
    return true;
  });
  return sum;
}

std::string line_of(const std::string& name, const Sum& sum) {
  std::vector<std::pair<std::string, std::size_t>> verdicts{sum.verdicts.begin(), sum.verdicts.end()};
  std::stable_sort(verdicts.begin(), verdicts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::array<char, 17> hash{};
  std::snprintf(hash.data(), hash.size(), "%016llx", static_cast<unsigned long long>(sum.hash));
  std::string line = name + '\t' + std::to_string(sum.variants) + '\t' + hash.data() + '\t';
  for (const auto& [verdict, count] : verdicts) {
    line += (line.back() == '\t' ? "" : ", ") + verdict + ' ' + std::to_string(count);
  }
  return line + '\n';
}

}  // namespace

std::vector<Golden> variant_goldens(const std::string& root) {
  std::string page = "script\tvariants\tsum of all answers\tverdicts, with their confidence\n";
  for (const std::string& path : scripts_below(root + "/tests/scripts")) {
    const std::filesystem::path file{path};
    page += line_of((file.parent_path().filename() / file.filename()).string(), sum_of(exchange_of(path)));
  }
  return {{"captures/answers/variants.tsv", page}};
}

}  // namespace tcpteardown::test
