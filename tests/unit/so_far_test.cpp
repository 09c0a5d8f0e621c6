// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/so_far.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "capture/analysis.h"
#include "report/report.h"

// What a single pass may say of a connection while more of it may come.
namespace tcpteardown {
namespace {

constexpr std::string_view kAsked = "handshake\n+.01 A > P. 1:101(100) ack 1\n+.01 B > . 1:1(0) ack 101\n";

struct Told {
  bool over = false;
  Report report;
  FrameNote last;      // of the last frame, as a single pass knows it
  FrameNote last_all;  // and as it is in the end
};

Told tell(const std::string& more) {
  const ScriptResult script = parse_script(std::string{kAsked} + more);
  EXPECT_EQ(script.error, "") << describe_error(script);
  Analysis analysis;
  analyse_script(script.script, analysis);
  const Connection connection = analysis.table().facts(0);
  Told told;
  told.over = is_over(connection);
  told.report = make_report(connection, analysis.table().capture_end());
  told.last_all = note_frame(connection, told.report, told.report.last_frame);
  told.last = note_frame(connection, told.report, told.report.last_frame, Known::so_far);
  keep_to_what_was_seen(told.report, told.over);
  return told;
}

TEST(SoFar, ARstThatWasTakenEndsAConnection) {
  const Told told = tell("+.01 B > R. 1:1(0) ack 101\n");
  EXPECT_TRUE(told.over);
  EXPECT_TRUE(told.last.final_frame);
  EXPECT_EQ(told.report.verdict, "abort-before-response");
  EXPECT_NE(told.report.summary.find("reset the connection"), std::string::npos);
  EXPECT_EQ(told.report.confidence_reason, "what follows is not known yet");
}

TEST(SoFar, OneFinEndsNothing) {
  const Told told = tell("+.01 A > F. 101:101(0) ack 1\n");
  EXPECT_FALSE(told.over);
  EXPECT_TRUE(told.last_all.final_frame);
  EXPECT_FALSE(told.last.final_frame);
  EXPECT_EQ(told.report.summary, std::string{told.report.verdict} + " so far; the connection is not over");
  EXPECT_TRUE(told.report.findings.empty());
  EXPECT_EQ(told.report.advice, "");
}

TEST(SoFar, TheAckOfTheSecondFinEndsIt) {
  const std::string fins = "+.01 A > F. 101:101(0) ack 1\n+.01 B > F. 1:1(0) ack 102\n";
  EXPECT_FALSE(tell(fins).over);
  const Told told = tell(fins + "+.01 A > . 102:102(0) ack 2\n");
  EXPECT_TRUE(told.over);
  EXPECT_TRUE(told.last.final_frame);
  EXPECT_EQ(told.report.verdict, "graceful");
}

TEST(SoFar, NobodyKnowsYetWhatStaysUnanswered) {
  const std::string data = "+.2 A > P. 101:201(100) ack 1\n";
  const Told told = tell(data + "+.2 A > P. 101:201(100) ack 1\n+.4 A > P. 101:201(100) ack 1\n");
  EXPECT_EQ(told.last_all.event, "retransmission-unanswered");
  EXPECT_EQ(told.last.event, "");
}

}  // namespace
}  // namespace tcpteardown
