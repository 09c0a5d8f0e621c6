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

void expect_good_sentences(const std::string& text) {
  EXPECT_EQ(slip_in(text), "") << text;
  ASSERT_FALSE(text.empty());
  EXPECT_EQ(text.back(), '.') << text;
  EXPECT_EQ(std::islower(static_cast<unsigned char>(text.front())), 0) << text;
}

// A clause, whose frames stand beside it.
void expect_good_finding(const Finding& finding) {
  EXPECT_EQ(slip_in(finding.text), "") << finding.text;
  ASSERT_FALSE(finding.text.empty());
  EXPECT_NE(finding.text.back(), '.') << finding.text;
  const bool capital = std::isupper(static_cast<unsigned char>(finding.text.front())) != 0;
  const bool word = finding.text.size() > 1 && std::islower(static_cast<unsigned char>(finding.text[1])) != 0;
  EXPECT_FALSE(capital && word && !finding.text.starts_with("Linux")) << finding.text;
  for (const FrameNumber frame : finding.frames.view()) {
    EXPECT_FALSE(contains(finding.text, "frame " + std::to_string(frame) + ' ')) << finding.text;
    EXPECT_GE(frame, 1U);
  }
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
      const Report r = make_report(analysis.table().facts(i), analysis.table().capture_end());
      expect_good_summary(r);
      expect_good_sentences(r.explanation);
      expect_good_sentences(r.advice);
      for (const Finding& finding : r.findings) expect_good_finding(finding);
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
  return make_report(analysis.table().facts(0), analysis.table().capture_end());
}

bool says(const Report& r, FindingKind kind, std::string_view text) {
  return std::any_of(r.findings.begin(), r.findings.end(),
                     [&](const Finding& f) { return f.kind == kind && contains(f.text, text); });
}

// The two connections that this project was born from, answered as an expert would.
TEST(Seeds, DownloadThatItsReceiverAborted) {
  const Report r = only_connection_of("seeds/seed28580.pcap");
  EXPECT_EQ(r.verdict, "abort-by-receiver");
  EXPECT_EQ(
      r.summary,
      "client 67.189.6.55:62330 reset the connection in frame 31; 17,516 bytes from the server are lost");
  EXPECT_TRUE(says(r, FindingKind::evidence, "answers no segment: the client's side gave up"));
  EXPECT_TRUE(says(r, FindingKind::evidence, "17,516 of the server's 32,116 bytes never acknowledged"));
  EXPECT_TRUE(says(r, FindingKind::against, "segments in order, none repeated"));
  EXPECT_TRUE(says(r, FindingKind::against, "window 0 is an OS habit"));
  EXPECT_TRUE(says(r, FindingKind::against, "odd length (1,456, not 1,460)"));
  EXPECT_TRUE(says(r, FindingKind::context, "HTTP 200: 48,179,333 bytes of Content-Length unsent"));
  EXPECT_TRUE(r.advice.starts_with("Look at the client's program, proxy or security product")) << r.advice;
}

TEST(Seeds, CloseThatBecameAReset) {
  const Report r = only_connection_of("seeds/seed15607.pcap");
  EXPECT_EQ(r.verdict, "abort-after-own-fin");
  EXPECT_TRUE(contains(r.summary, "closed (FIN in frame 14) and then reset the connection in frame 15"))
      << r.summary;
  EXPECT_TRUE(says(r, FindingKind::context, "HTTP 200: complete"));
  EXPECT_TRUE(says(r, FindingKind::context,
                   "the server's program took 43.1 s to answer what its TCP had acknowledged"));
  EXPECT_TRUE(contains(r.advice, "there is nothing to repair")) << r.advice;
}

}  // namespace
}  // namespace tcpteardown::test
