// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/ladder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "capture/analysis.h"
#include "report/last_segments.h"

namespace tcpteardown {
namespace {

Report report_of(const std::string& script) {
  const ScriptResult result = parse_script(script);
  EXPECT_EQ(result.error, "") << describe_error(result);
  Analysis analysis;
  analyse_script(result.script, analysis);
  EXPECT_EQ(analysis.table().size(), 1U);
  Report report = make_report(analysis.table().facts(0), analysis.table().capture_end());
  report.last_segments = last_segments(analysis.table().facts(0), report);
  return report;
}

const LastSegment* find(const Report& report, FrameNumber frame) {
  const auto& all = report.last_segments;
  const auto found =
      std::find_if(all.begin(), all.end(), [frame](const auto& s) { return s.frame == frame; });
  return found == all.end() ? nullptr : &*found;
}

constexpr std::string_view kDataAfterClose =
    "handshake\n"
    "+.01  A > P. 1:101(100)   ack 1\n"
    "+.01  B > P. 1:201(200)   ack 101\n"
    "+.01  A > .  101:101(0)   ack 201\n"
    "+1    B > F. 201:201(0)   ack 101\n"
    "+.01  A > .  101:101(0)   ack 202\n"
    "+5.5  A > P. 101:151(50)  ack 202\n"
    "+.01  B > R  202:202(0)\n"
    "silence 5\n";

TEST(Ladder, OfAShortConnectionIsTheWholeConnection) {
  EXPECT_EQ(
      draw_last_segments(report_of(std::string(kDataAfterClose))),
      "   frame       seconds  client 10.0.0.1:40000         server 10.0.0.2:80\n"
      "       1      0.000000  |-- SYN Seq=0 -------------------------------> |\n"
      "       2      0.010000  | <--------------------- SYN,ACK Seq=0 Ack=1 --|\n"
      "       3      0.020000  |-- ACK 1 -----------------------------------> |\n"
      "       4      0.030000  |-- data Seq=1 Ack=1 Len=100 ----------------> |\n"
      "       5      0.040000  | <-------------- data Seq=1 Ack=101 Len=200 --|\n"
      "       6      0.050000  |-- ACK 201 ---------------------------------> |\n"
      "                        |   1 s                                        |\n"
      "       7      1.050000  | <--------------------- FIN Seq=201 Ack=101 --|\n"
      "       8      1.060000  |-- ACK 202 ---------------------------------> |  fin-acked\n"
      "                        |   5.5 s                                      |\n"
      "       9      6.560000  |-- data Seq=101 Ack=202 Len=50 -------------> |  TRIGGER, data-after-close\n"
      "      10      6.570000  | <----------------------------- RST Seq=202 --|  DECISIVE, rst-accepted\n");
}

TEST(Ladder, OfALongTransferIsItsEndAndWhatDecided) {
  std::string script = "handshake\n+.1 B > F. 1:1(0) ack 1\n+.01 A > . 1:1(0) ack 2\n";
  for (int i = 0; i < 40; ++i) {
    const std::string from = std::to_string(1 + i * 100);
    const std::string to = std::to_string(101 + i * 100);
    script += "+.01 A > P. " + from + ":" + to + "(100) ack 2\n";
  }
  const Report report = report_of(script + "+.01 B > .  2:2(0) ack 4001\nsilence 5\n");
  ASSERT_NE(find(report, 4), nullptr) << "the FIN decides, however long ago it came";
  EXPECT_TRUE(find(report, 4)->gap_before);
  EXPECT_EQ(find(report, 20), nullptr);
  ASSERT_NE(find(report, 45), nullptr);
  EXPECT_EQ(find(report, 45)->length, 100U);
  const auto& all = report.last_segments;
  EXPECT_LE(all.size(), 20U);
  EXPECT_EQ(all.back().frame, 46U);
  EXPECT_EQ(std::count_if(all.begin() + 1, all.end(), [](const auto& s) { return s.gap_before; }), 1);
}

TEST(Ladder, ShowsWhatCameAfterTheEnd) {
  std::string script = std::string(kDataAfterClose);
  script.resize(script.find("silence"));
  for (int i = 0; i < 20; ++i) script += "+.2 A > P. 101:151(50) ack 202\n+.001 B > R 202:202(0)\n";
  const Report report = report_of(script + "silence 5\n");
  ASSERT_NE(find(report, 10), nullptr) << "the RST that counts is shown, though 40 segments follow";
  EXPECT_TRUE(find(report, 10)->is_decisive);
  EXPECT_FALSE(find(report, 10)->is_after_end);
  ASSERT_NE(find(report, 9), nullptr);
  EXPECT_TRUE(find(report, 9)->is_trigger);
  EXPECT_EQ(find(report, 9)->seq, 101U);
  EXPECT_TRUE(report.last_segments.back().is_after_end);
  EXPECT_EQ(report.last_segments.back().event, "rst-redundant");
}

TEST(Ladder, ShowsWhatTheNetworkSaid) {
  const Report report = report_of(
      "+0 A > S 0:0(0)\n"
      "+.01 icmp 3 1 from 10.0.0.254 quotes A 0\n"
      "silence 5\n");
  const std::string drawn = draw_last_segments(report);
  EXPECT_NE(drawn.find("|   (ICMP error for the client)"), std::string::npos) << drawn;
  EXPECT_NE(drawn.find("DECISIVE, icmp-error"), std::string::npos) << drawn;
}

TEST(Ladder, OfNothingIsNothing) { EXPECT_EQ(draw_last_segments(Report{}), ""); }

TEST(Ladder, RungsAreEquallyLong) {
  for (const Arrow arrow : {Arrow::right, Arrow::left, Arrow::lost_right, Arrow::none}) {
    EXPECT_EQ(draw_rung({arrow, "label"}, 20).size(), draw_rung({Arrow::none, ""}, 20).size());
  }
}

}  // namespace
}  // namespace tcpteardown
