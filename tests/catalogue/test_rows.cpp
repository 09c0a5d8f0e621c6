// SPDX-License-Identifier: GPL-2.0-or-later
// What a row of the catalogue needs around it: words, a page, scripts, a place in the list of
// released names. A new row fails here until it has all of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "formats/markdown.h"
#include "script_check.h"
#include "verdict/verdict.h"

namespace tcpteardown::test {
namespace {

const std::string kRoot = TCPTEARDOWN_ROOT;

std::string read_file(const std::string& path) {
  std::ifstream file{path};
  EXPECT_TRUE(file) << path << " cannot be read";
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file{path};
  EXPECT_TRUE(file) << path << " cannot be read";
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

bool is_kebab_case(std::string_view slug) {
  const bool letters =
      std::all_of(slug.begin(), slug.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
  return letters && !slug.empty() && slug.front() != '-' && slug.back() != '-' &&
         slug.find("--") == std::string_view::npos;
}

class Row : public testing::TestWithParam<Verdict> {};

TEST_P(Row, IsWellFormed) {
  const Verdict& row = GetParam();
  EXPECT_TRUE(is_kebab_case(row.slug)) << row.slug;
  ASSERT_FALSE(row.summary.empty());
  EXPECT_LE(row.summary.size(), 72U) << row.summary;
  EXPECT_NE(row.summary.back(), '.') << row.summary;
  // "SYN" and "ICMP" may stand first; an ordinary word in capitals may not.
  EXPECT_FALSE(std::isupper(static_cast<unsigned char>(row.summary[0])) != 0 &&
               std::islower(static_cast<unsigned char>(row.summary[1])) != 0)
      << row.summary;
  EXPECT_FALSE(row.rfc.empty()) << row.slug << " names no source";
}

TEST_P(Row, HasAPageThatSaysEverything) {
  const std::string page = verdict_page(GetParam());
  EXPECT_TRUE(page.starts_with("### " + std::string(GetParam().slug) + '\n'));
  for (const char* title : {"What the applications saw", "What to do next", "Easily taken for", "Source"}) {
    EXPECT_NE(page.find("**" + std::string(title) + ".**"), std::string::npos) << title << " is missing";
  }
  EXPECT_EQ(page.find_first_of("{}"), std::string::npos) << page;
  EXPECT_EQ(page.back(), '\n');
}

// One script where it is the verdict, and a near miss: nearly the same, and another verdict.
TEST_P(Row, HasAScriptThatHoldsAndANearMiss) {
  const std::string folder = kRoot + "/tests/scripts/" + std::string(GetParam().slug);
  ASSERT_TRUE(std::filesystem::is_directory(folder)) << folder << " is missing";
  int holds = 0;
  int near_misses = 0;
  for (const std::string& path : scripts_below(folder)) {
    std::set<std::string> verdicts;
    for (const std::string& line : read_lines(path)) {
      if (!line.starts_with("verdict ")) continue;
      const std::string rest = line.substr(8);
      verdicts.insert(rest.substr(0, rest.find_first_of(" ,#")));
    }
    if (verdicts.contains(std::string(GetParam().slug))) {
      ++holds;
    } else if (!verdicts.empty()) {
      ++near_misses;
    }
  }
  EXPECT_GE(holds, 1) << folder << ": no script where it is the verdict";
  EXPECT_GE(near_misses, 1) << folder << ": no near miss";
}

TEST_P(Row, IsInTheListOfReleasedNames) {
  const std::vector<std::string> released = read_lines(kRoot + "/tests/catalogue/released_slugs.txt");
  EXPECT_NE(std::find(released.begin(), released.end(), GetParam().slug), released.end())
      << "append " << GetParam().slug << " to tests/catalogue/released_slugs.txt";
}

std::string row_name(const testing::TestParamInfo<Verdict>& info) {
  std::string name{info.param.slug};
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, Row, testing::ValuesIn(catalogue().begin(), catalogue().end()), row_name);

TEST(Catalogue, SlugsAreUnique) {
  std::set<std::string_view> seen;
  for (const Verdict& row : catalogue())
    EXPECT_TRUE(seen.insert(row.slug).second) << row.slug << " stands twice";
}

// Users filter by these names: once released they stay, and none is listed twice.
TEST(Catalogue, KeepsEveryReleasedName) {
  std::set<std::string> seen;
  for (const std::string& line : read_lines(kRoot + "/tests/catalogue/released_slugs.txt")) {
    if (line.empty() || line.front() == '#') continue;
    EXPECT_NE(find_verdict(line), nullptr) << line << " was released and is gone";
    EXPECT_TRUE(seen.insert(line).second) << line << " stands twice";
  }
  EXPECT_GE(seen.size(), 39U) << "the list is append-only";
}

TEST(Catalogue, VerdictsMdIsWhatTheProgramSays) {
  const std::string stored = read_file(kRoot + "/VERDICTS.md");
  EXPECT_TRUE(stored == verdicts_markdown())
      << "VERDICTS.md is out of date: build the target bless and read the diff";
}

TEST(Catalogue, FindsEachRowByItsSlug) {
  for (const Verdict& row : catalogue()) EXPECT_EQ(find_verdict(row.slug), &row) << row.slug;
  EXPECT_EQ(find_verdict("no-such-verdict"), nullptr);
}

}  // namespace
}  // namespace tcpteardown::test
