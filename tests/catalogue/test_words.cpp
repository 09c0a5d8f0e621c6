// SPDX-License-Identifier: GPL-2.0-or-later
// The texts of the verdicts before they are filled in: every place exists, and the style is kept.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "report/markdown.h"
#include "report/phrasing.h"
#include "report/places.h"
#include "report/words.h"

namespace tcpteardown::test {
namespace {

std::vector<std::string> places_in(std::string_view text) {
  std::vector<std::string> names;
  while (true) {
    const std::size_t open = text.find('{');
    if (open == std::string_view::npos) return names;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) {
      ADD_FAILURE() << "an open brace without an end in: " << text;
      return names;
    }
    names.emplace_back(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

std::vector<Place> all_places() {
  std::vector<Place> all;
  for (const auto list : {role_places(), opening_places(), closing_places(), reset_places(), trigger_places(),
                          loss_places(), timeout_places()}) {
    all.insert(all.end(), list.begin(), list.end());
  }
  return all;
}

class Texts : public testing::TestWithParam<Words> {};

TEST_P(Texts, AreAllThere) {
  const Words& words = GetParam();
  for (const std::string_view text : {words.sentence, words.account, words.advice, words.meaning,
                                      words.ladder, words.applications, words.confused_with}) {
    EXPECT_FALSE(text.empty()) << words.slug;
  }
}

TEST_P(Texts, NameOnlyPlacesThatExist) {
  for (const std::string_view text : {GetParam().sentence, GetParam().account, GetParam().advice}) {
    for (const std::string& name : places_in(text)) {
      EXPECT_NE(find_place(name), nullptr) << GetParam().slug << ": nothing fills {" << name << "}";
    }
  }
}

TEST_P(Texts, HaveNoPlacesOnThePage) {
  for (const std::string_view text :
       {GetParam().meaning, GetParam().ladder, GetParam().applications, GetParam().confused_with}) {
    EXPECT_EQ(text.find_first_of("{}"), std::string_view::npos) << text;
  }
}

// A summary is a clause: it starts small and has no full stop. The other texts are sentences.
TEST_P(Texts, KeepTheStyle) {
  const Words& words = GetParam();
  EXPECT_FALSE(words.sentence.ends_with('.')) << words.sentence;
  EXPECT_FALSE(words.sentence.find('\n') != std::string_view::npos) << words.sentence;
  for (const std::string_view text : {words.account, words.advice}) {
    EXPECT_TRUE(text.ends_with('.') || text.ends_with('}')) << text;
  }
  for (const std::string_view text : {words.meaning, words.applications, words.confused_with}) {
    EXPECT_TRUE(text.ends_with('.')) << text;
  }
  for (const std::string_view text : {words.sentence, words.account, words.advice, words.meaning}) {
    EXPECT_EQ(text.find('!'), std::string_view::npos) << text;
    EXPECT_EQ(text.find("  "), std::string_view::npos) << text;
  }
}

TEST_P(Texts, LadderDrawsEveryStep) {
  const std::string drawing = draw_ladder(GetParam().ladder);
  const auto lines = [](std::string_view text) { return std::count(text.begin(), text.end(), '\n'); };
  EXPECT_EQ(lines(drawing), lines(GetParam().ladder) + 1) << drawing;
  EXPECT_EQ(drawing.find('#'), std::string::npos) << drawing;
}

std::string words_name(const testing::TestParamInfo<Words>& info) {
  std::string name{info.param.slug};
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Words, Texts, testing::ValuesIn(all_words().begin(), all_words().end()), words_name);

TEST(Places, HaveUniqueNames) {
  std::set<std::string_view> seen;
  for (const Place& place : all_places()) EXPECT_TRUE(seen.insert(place.name).second) << place.name;
}

TEST(Places, AreAllUsed) {
  std::set<std::string> used;
  for (const Words& words : all_words()) {
    for (const std::string_view text : {words.sentence, words.account, words.advice}) {
      for (const std::string& name : places_in(text)) used.insert(name);
    }
  }
  for (const Place& place : all_places()) {
    EXPECT_TRUE(used.contains(std::string(place.name))) << place.name << " is used by no text";
  }
}

TEST(Ladder, DrawsArrowsRemarksAndLosses) {
  EXPECT_EQ(draw_ladder("client server\n> SYN # first\n< RST\nx> data\n- silence"),
            "  client                   server\n"
            "    |-- SYN -------------> |   first\n"
            "    | <------------- RST --|\n"
            "    |-- data ------x       |\n"
            "    |   silence            |\n");
}

// --- numbers as people read them ---------------------------------------------------------------
struct Spelling {
  std::int64_t time_ns;
  const char* text;
};

class Durations : public testing::TestWithParam<Spelling> {};
TEST_P(Durations, AreReadable) { EXPECT_EQ(duration(GetParam().time_ns), GetParam().text); }

INSTANTIATE_TEST_SUITE_P(
    Phrasing, Durations,
    testing::Values(Spelling{-5, "0 s"}, Spelling{0, "0 s"}, Spelling{999, "less than 1 µs"},
                    Spelling{1'000, "1 µs"}, Spelling{70'000, "70 µs"}, Spelling{999'400, "999 µs"},
                    Spelling{999'600, "1 ms"}, Spelling{2'000'000, "2 ms"}, Spelling{2'340'000, "2.3 ms"},
                    Spelling{43'400'000, "43 ms"}, Spelling{999'400'000, "999 ms"},
                    Spelling{999'600'000, "1 s"}, Spelling{1'250'000'000, "1.3 s"},
                    Spelling{43'126'090'000, "43.1 s"}, Spelling{75'000'000'000, "75 s"},
                    Spelling{119'960'000'000, "120 s"}, Spelling{350'000'000'000, "5 min 50 s"},
                    Spelling{600'000'000'000, "10 min"}, Spelling{3'599'900'000'000, "1 h"},
                    Spelling{7'380'000'000'000, "2 h 3 min"}, Spelling{7'200'000'000'000, "2 h"},
                    Spelling{172'800'000'000'000, "2 days"}, Spelling{1'036'800'000'000'000, "12 days"}));

TEST(Phrasing, GroupsNumbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(18'446'744'073'709'551'615U), "18,446,744,073,709,551,615");
  EXPECT_EQ(byte_count(1), "1 byte");
  EXPECT_EQ(byte_count(17'516), "17,516 bytes");
  EXPECT_EQ(times(2), "twice");
}

TEST(Phrasing, NamesFrames) {
  EXPECT_EQ(frame_range(31, 31, 1), "frame 31");
  EXPECT_EQ(frame_range(3, 4, 2), "frames 3 and 4");
  EXPECT_EQ(frame_range(3, 12'345, 9), "frames 3 to 12345");
}

TEST(Phrasing, StartsSentencesWithCapitals) {
  EXPECT_EQ(as_sentences("the client. it reset? yes, in 3.5 s. Good"),
            "The client. It reset? Yes, in 3.5 s. Good");
  EXPECT_EQ(count_sentences("The client waited 3.5 s. It reset."), 2U);
  EXPECT_EQ(count_sentences(""), 0U);
}

}  // namespace
}  // namespace tcpteardown::test
