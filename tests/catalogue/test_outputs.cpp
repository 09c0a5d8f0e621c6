// SPDX-License-Identifier: GPL-2.0-or-later
// Every sentence that the captures and scripts of this project make: no place is left open, no
// frame 0 is named, and the words do not contradict the fields.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "capture/analysis.h"
#include "report/phrasing.h"
#include "report/report.h"
#include "script_check.h"

namespace tcpteardown::test {
namespace {

const std::string kRoot = TCPTEARDOWN_ROOT;

bool is_capture(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".pcap" || extension == ".pcapng" || extension == ".snoop" || extension == ".seg";
}

std::vector<std::string> captures_below(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && is_capture(entry.path())) paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// What no text may say, whatever the capture.
std::string slip_in(std::string_view text) {
  for (const std::string_view slip : {"{", "}", "  ", " ,", " .", " ;", " )", "..", ",,", ";;", ": :",
                                      "frame 0", "frames 0", " 1 bytes", " 1 segments", "the the ", "\n"}) {
    if (contains(text, slip)) return "found: '" + std::string(slip) + "'";
  }
  return "";
}

void expect_good_summary(const Report& r) {
  EXPECT_EQ(slip_in(r.summary), "") << r.summary;
  ASSERT_FALSE(r.summary.empty());
  EXPECT_EQ(std::isupper(static_cast<unsigned char>(r.summary.front())), 0) << r.summary;
  EXPECT_NE(r.summary.back(), '.') << r.summary;
}

void expect_good_sentences(const std::string& text, std::size_t most) {
  EXPECT_EQ(slip_in(text), "") << text;
  ASSERT_FALSE(text.empty());
  EXPECT_EQ(text.back(), '.') << text;
  EXPECT_EQ(std::islower(static_cast<unsigned char>(text.front())), 0) << text;
  EXPECT_LE(count_sentences(text), most) << text;
}

void expect_words_agree_with_fields(const Report& r) {
  const bool says_none = contains(r.summary, "no data is lost") || contains(r.summary, "no loss is seen");
  EXPECT_FALSE(r.loss != "none" && says_none) << "loss is " << r.loss << ": " << r.summary;
  const bool says_lost =
      contains(r.summary, "are lost") || contains(r.summary, "is lost") || contains(r.summary, "may be lost");
  EXPECT_FALSE(r.loss == "none" && says_lost && !says_none) << "loss is none: " << r.summary;
  bool tells_of_loss = false;
  for (const std::string_view word : {"lost", "unread", "no ACK yet", "not processed", "did not get it"}) {
    tells_of_loss = tells_of_loss || contains(r.summary, word);
  }
  EXPECT_TRUE(r.loss == "none" || tells_of_loss) << "loss is " << r.loss << ": " << r.summary;
  if (r.decisive_frame == 0 || !r.ended) return;
  // Clickable in Wireshark: the frame that decides is named.
  const std::string frame = std::to_string(r.decisive_frame);
  EXPECT_TRUE(contains(r.summary, frame) || contains(r.explanation, frame))
      << r.verdict << ": decisive frame " << frame << " is not named\n"
      << r.summary << '\n'
      << r.explanation;
}

class Outputs : public testing::TestWithParam<std::string> {};

TEST_P(Outputs, ReadWell) {
  std::size_t connections = 0;
  for (const std::string& path : captures_below(kRoot + '/' + GetParam())) {
    SCOPED_TRACE(path);
    Analysis analysis;
    (void)analyse_file(path, analysis);  // damaged captures are here on purpose; what was read is judged
    for (ConnectionIndex i = 0; i < analysis.table().size(); ++i) {
      const Report r = make_report(analysis.table().at(i), analysis.table().capture_end());
      expect_good_summary(r);
      expect_good_sentences(r.explanation, 6);
      expect_good_sentences(r.advice, 6);
      expect_words_agree_with_fields(r);
      ++connections;
    }
  }
  EXPECT_GT(connections, 0U) << "nothing was read below " << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Sentences, Outputs, testing::Values("captures", "tests/scripts"),
                         [](const auto& test) {
                           return std::string(test.index == 0 ? "captures" : "scripts");
                         });

Report only_connection_of(const std::string& capture) {
  Analysis analysis;
  const ReadResult result = analyse_file(kRoot + "/captures/" + capture, analysis);
  EXPECT_EQ(result.outcome, ReadOutcome::complete) << result.message;
  EXPECT_EQ(analysis.table().size(), 1U);
  return make_report(analysis.table().at(0), analysis.table().capture_end());
}

// The two connections that this project was born from, answered as an expert would.
TEST(Seeds, DownloadThatItsReceiverAborted) {
  const Report r = only_connection_of("seeds/seed28580.pcap");
  EXPECT_EQ(r.verdict, "abort-by-receiver");
  EXPECT_EQ(
      r.summary,
      "client 67.189.6.55:62330 reset the connection in frame 31 while 17,516 bytes from the server were in "
      "flight; those bytes are lost");
  EXPECT_TRUE(contains(r.explanation, "the server's segments were in order")) << r.explanation;
  EXPECT_TRUE(contains(r.explanation, "Window 0 in the RST is a habit")) << r.explanation;
  EXPECT_TRUE(contains(r.explanation, "no zero window")) << r.explanation;
  EXPECT_TRUE(contains(r.explanation, "The odd length of frame 17")) << r.explanation;
  EXPECT_TRUE(contains(r.explanation, "is no cause")) << r.explanation;
  EXPECT_TRUE(r.advice.starts_with("Look at the client, not at the server or the network")) << r.advice;
}

TEST(Seeds, CloseThatBecameAReset) {
  const Report r = only_connection_of("seeds/seed15607.pcap");
  EXPECT_EQ(r.verdict, "abort-after-own-fin");
  EXPECT_TRUE(contains(r.summary, "closed (FIN in frame 14) and then reset the connection in frame 15"))
      << r.summary;
  EXPECT_TRUE(contains(r.summary, "after the whole HTTP response had been acknowledged")) << r.summary;
  EXPECT_TRUE(contains(r.explanation,
                       "The 43.1 s between the client's data in frame 5 and the server's answer in "
                       "frame 9 were the server application's time, not TCP's"))
      << r.explanation;
  EXPECT_TRUE(contains(r.advice, "means another connection")) << r.advice;
}

}  // namespace
}  // namespace tcpteardown::test
