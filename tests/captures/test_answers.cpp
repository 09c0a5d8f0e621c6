// SPDX-License-Identifier: GPL-2.0-or-later
// Every judged field of every connection, of all captures and scripts, is what the stored tables say: no
// field is left free, and "unknown" is an answer like any other. A difference is no mistake by itself: build
// the target bless, read its diff, and commit it with the change that made it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "goldens.h"

namespace tcpteardown::test {
namespace {

const std::string kRoot = TCPTEARDOWN_ROOT;

std::vector<std::string> split(const std::string& text, char separator) {
  std::istringstream stream{text};
  std::vector<std::string> parts;
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

std::string at(const std::vector<std::string>& parts, std::size_t i) {
  return i < parts.size() ? parts[i] : "(nothing)";
}

// "a.pcap, first frame 3: loss was none, is possible; stage was …"
std::string difference_of_lines(const std::string& heading, const std::string& is, const std::string& was) {
  const std::vector<std::string> names = split(heading, '\t');
  const std::vector<std::string> now = split(is, '\t');
  const std::vector<std::string> stored = split(was, '\t');
  std::string text = at(was.empty() ? now : stored, 0) + ", first frame " + at(was.empty() ? now : stored, 1);
  if (was.empty()) return text + ": was not there";
  if (is.empty()) return text + ": is not there any more";
  const char* separator = ": ";
  for (std::size_t i = 0; i < std::max(now.size(), stored.size()); ++i) {
    if (at(now, i) == at(stored, i)) continue;
    text += separator + at(names, i) + " was " + at(stored, i) + ", is " + at(now, i);
    separator = "; ";
  }
  return text;
}

// All lines of two tables that differ, in words.
std::string differences(const std::string& now, const std::string& stored) {
  const std::vector<std::string> is = split(now, '\n');
  const std::vector<std::string> was = split(stored, '\n');
  std::string text;
  for (std::size_t i = 0; i < std::max(is.size(), was.size()); ++i) {
    const std::string line = i < is.size() ? is[i] : "";
    const std::string old = i < was.size() ? was[i] : "";
    if (line != old) text += difference_of_lines(at(was, 0), line, old) + '\n';
  }
  return text;
}

TEST(Answers, AreWhatTheyWere) {
  std::vector<Golden> goldens = answer_goldens(kRoot);
  ASSERT_FALSE(goldens.empty());
  for (const auto make : {variant_goldens, recipe_goldens}) {
    for (Golden& golden : make(kRoot)) goldens.push_back(std::move(golden));
  }
  std::vector<std::string> made;
  for (const Golden& golden : goldens) {
    made.push_back(golden.path);
    const std::string stored = content_of(kRoot + "/tests/" + golden.path);
    if (stored != golden.text) ADD_FAILURE() << golden.path << ":\n" << differences(golden.text, stored);
  }
  for (const std::string& path : stored_goldens(kRoot)) {
    if (!path.starts_with("captures/")) continue;
    EXPECT_NE(std::find(made.begin(), made.end(), path), made.end()) << path << " belongs to no capture";
  }
}

TEST(Answers, ADifferenceIsSeen) {
  EXPECT_EQ(differences("capture\tframe\tloss\na\t1\tnone\n", "capture\tframe\tloss\na\t1\tnone\n"), "");
  EXPECT_EQ(differences("capture\tframe\tloss\na\t1\tunknown\n", "capture\tframe\tloss\na\t1\tnone\n"),
            "a, first frame 1: loss was none, is unknown\n");
  EXPECT_EQ(differences("h\na\t1\n", "h\n"), "a, first frame 1: was not there\n");
  EXPECT_EQ(differences("h\n", "h\na\t1\n"), "a, first frame 1: is not there any more\n");
}

}  // namespace
}  // namespace tcpteardown::test
