// SPDX-License-Identifier: GPL-2.0-or-later
// How each verdict is told, and its page: all of it is there, and the style is kept.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "findings/pages.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "formats/markdown.h"
#include "verdict/verdict.h"

namespace tcpteardown::test {
namespace {

class Told : public testing::TestWithParam<Verdict> {
 protected:
  const Telling& telling = telling_of(GetParam().id);
  const Page& page = page_of(GetParam().id);
};

TEST_P(Told, InFull) {
  EXPECT_EQ(telling.id, GetParam().id);
  EXPECT_NE(telling.summary, nullptr);
  EXPECT_FALSE(telling.findings.empty());
  for (const FindingRule rule : telling.findings)
    EXPECT_NE(rule, nullptr) << "a place in the list is no rule";
  ASSERT_FALSE(telling.advice.empty());
  EXPECT_EQ(telling.advice.back().holds, nullptr) << "the last advice must hold always";
  for (const AdviceRule& rule : telling.advice.first(telling.advice.size() - 1)) {
    EXPECT_NE(rule.holds, nullptr) << "what stands behind it is never said";
  }
}

TEST_P(Told, OnAPage) {
  EXPECT_EQ(page.id, GetParam().id);
  for (const std::string_view text : {page.meaning, page.applications, page.confused_with}) {
    ASSERT_FALSE(text.empty());
    EXPECT_TRUE(text.ends_with('.')) << text;
    EXPECT_EQ(text.find('!'), std::string_view::npos) << text;
    EXPECT_EQ(text.find("  "), std::string_view::npos) << text;
  }
  EXPECT_EQ(page.harmless_form.empty(), GetParam().harmless == nullptr);
  const std::string advice = general_advice(GetParam());
  EXPECT_TRUE(advice.ends_with('.')) << advice;
  EXPECT_EQ(advice.find("frame"), std::string::npos) << "a page knows no frame: " << advice;
}

TEST_P(Told, LadderDrawsEveryStep) {
  const std::string drawing = draw_ladder(page.ladder);
  const auto lines = [](std::string_view text) { return std::count(text.begin(), text.end(), '\n'); };
  EXPECT_EQ(lines(drawing), lines(page.ladder) + 1) << drawing;
  EXPECT_EQ(drawing.find('#'), std::string::npos) << drawing;
}

std::string name_of(const testing::TestParamInfo<Verdict>& info) {
  std::string name{info.param.slug};
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Verdicts, Told, testing::ValuesIn(catalogue().begin(), catalogue().end()), name_of);

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
}

TEST(Phrasing, CountsWords) {
  EXPECT_EQ(count_words("the client waited 3.5 s"), 5U);
  EXPECT_EQ(count_words(" a  b "), 2U);
  EXPECT_EQ(count_words(""), 0U);
}

TEST(Findings, NameTheirFrames) {
  EXPECT_EQ(to_string(frames({})), "");
  EXPECT_EQ(to_string(frames({0, 31, 0})), "31");
  EXPECT_EQ(to_string(frames({23, 24, 23})), "23, 24");
  EXPECT_EQ(to_string(frames({1, 2, 3, 4, 5})), "1, 2, 3, 4") << "no more than there is room for";
  EXPECT_EQ(to_string(frame_span(17, 29, 9)), "17-29");
  EXPECT_EQ(to_string(frame_span(17, 18, 2)), "17, 18");
  EXPECT_EQ(to_string(frame_span(17, 17, 1)), "17");
  EXPECT_EQ(with_frames({FindingKind::evidence, frames({31}), "it ended"}), "it ended (frame 31)");
  EXPECT_EQ(with_frames({FindingKind::evidence, frames({31, 33}), "it ended"}), "it ended (frames 31, 33)");
  EXPECT_EQ(with_frames({FindingKind::evidence, {}, "it ended"}), "it ended");
}

// What does not fit into sixty words is left to the list of findings.
TEST(Findings, MakeAShortExplanation) {
  const std::string clause =
      "one two three four five six seven eight nine ten eleven twelve thirteen fourteen";
  std::vector<Finding> findings(9, {FindingKind::evidence, frames({7}), clause});
  EXPECT_EQ(count_words(make_explanation(findings)), 48U);
  findings.front().kind = FindingKind::against;
  EXPECT_TRUE(make_explanation(findings).starts_with("One two")) << make_explanation(findings);
  findings.resize(1);
  EXPECT_EQ(make_explanation(findings), "");
}

}  // namespace
}  // namespace tcpteardown::test
