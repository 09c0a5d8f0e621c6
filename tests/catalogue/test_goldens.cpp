// SPDX-License-Identifier: GPL-2.0-or-later
// What is said of every script, and which rows hold for it, is what the stored pages say. A difference is no
// mistake by itself: build the target bless, read its diff, and commit it with the change that made it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "goldens.h"

namespace tcpteardown::test {
namespace {

const std::string kRoot = TCPTEARDOWN_ROOT;

void expect_stored(const std::vector<Golden>& goldens) {
  ASSERT_FALSE(goldens.empty());
  for (const Golden& golden : goldens) {
    EXPECT_EQ(first_difference(golden.text, content_of(kRoot + "/tests/" + golden.path)), "") << golden.path;
  }
}

TEST(Goldens, SentencesAreWhatTheyWere) { expect_stored(sentence_goldens(kRoot)); }

TEST(Goldens, RowsHoldWhereTheyDid) { expect_stored(overlap_goldens(kRoot)); }

// Those of captures/answers are tests/captures' business.
TEST(Goldens, NoneIsLeftOver) {
  std::vector<std::string> made;
  for (const auto make : {sentence_goldens, overlap_goldens}) {
    for (const Golden& golden : make(kRoot)) made.push_back(golden.path);
  }
  for (const std::string& path : stored_goldens(kRoot)) {
    if (!path.starts_with("catalogue/")) continue;
    EXPECT_NE(std::find(made.begin(), made.end(), path), made.end()) << path << " belongs to no script";
  }
}

TEST(Goldens, ADifferenceIsSeen) {
  EXPECT_EQ(first_difference("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(first_difference("a\nb\n", "a\nc\n"), "line 2\n  is:  b\n  was: c");
  EXPECT_EQ(first_difference("a\n", "a\nb\n"), "line 2\n  is:  (the end)\n  was: b");
  EXPECT_EQ(first_difference("a\n", ""), "line 1\n  is:  a\n  was: (the end)");
  EXPECT_NE(first_difference("a\n", "a"), "");
}

}  // namespace
}  // namespace tcpteardown::test
