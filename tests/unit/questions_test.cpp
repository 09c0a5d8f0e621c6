// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/questions.h"

#include <gtest/gtest.h>

#include <string>

#include "capture/analysis.h"

// Questions that no rule of the catalogue asks, only what is said of an ending: each with what just misses
// it.
namespace tcpteardown {
namespace {

template <typename Ask>
bool asked_of(const std::string& exchange, Ask ask) {
  const ScriptResult script = parse_script("handshake\n" + exchange + "silence 5\n");
  EXPECT_EQ(script.error, "") << describe_error(script);
  Analysis analysis;
  analyse_script(script.script, analysis);
  const ConnectionTable& table = analysis.table();
  return ask(gather(table.facts(0), table.capture_end()));
}

const std::string kRequest = "+.01 A > P. 1:101(100) ack 1\n";
const std::string kAnswered = kRequest + "+.01 B > P. 1:201(200) ack 101\n+.01 A > . 101:101(0) ack 201\n";

TEST(ClosedWhenIdle, IsWhatTheCloserSaw) {
  const std::string late = "+.005 B > F. 201:201(0) ack 101\n+.01 B > R 201:201(0)\n";
  const std::string next = "A > P. 101:201(100) ack 201\n" + late;
  EXPECT_TRUE(asked_of(kAnswered + "+5 " + next, questions::closed_when_idle));
  EXPECT_TRUE(asked_of(kAnswered + "+.9 " + next, questions::closed_when_idle));
  EXPECT_FALSE(asked_of(kAnswered + "+.8 " + next, questions::closed_when_idle));
}

TEST(ClosedWhenIdle, TellsWhyFinsCross) {
  const std::string both = "A > F. 101:101(0) ack 201\n+0 B > F. 201:201(0) ack 101\n";
  EXPECT_TRUE(asked_of(kAnswered + "+60 " + both, questions::closed_when_idle));
  EXPECT_FALSE(asked_of(kAnswered + "+.1 " + both, questions::closed_when_idle));
}

TEST(ProgramHardlyKnewOfFin, AMomentBehindItAfterIdleTime) {
  const auto exchange = [](const std::string& idle, const std::string& late) {
    return kAnswered + '+' + idle + " B > F. 201:201(0) ack 101\n+" + late +
           " A > P. 101:201(100) ack 202\n+.01 B > R 202:202(0)\n";
  };
  EXPECT_TRUE(asked_of(exchange("5", ".01"), questions::program_hardly_knew_of_fin));
  EXPECT_FALSE(asked_of(exchange("5", ".06"), questions::program_hardly_knew_of_fin));
  EXPECT_FALSE(asked_of(exchange("0.1", ".01"), questions::program_hardly_knew_of_fin));
}

TEST(FinRepeatedInVain, MoreThanOnceAndNeverAcknowledged) {
  const auto repeats = [](Side side) {
    return [side](const Teardown& t) { return questions::fin_repeated_in_vain(t, side); };
  };
  const std::string fin = "A > F. 101:101(0) ack 201\n";
  const std::string twice = kAnswered + "+1 " + fin + "+.2 " + fin;
  const std::string thrice = twice + "+.4 " + fin;
  EXPECT_FALSE(asked_of(twice, repeats(Side::a)));
  EXPECT_TRUE(asked_of(thrice, repeats(Side::a)));
  EXPECT_FALSE(asked_of(thrice, repeats(Side::b)));
  EXPECT_FALSE(asked_of(thrice + "+.1 B > . 201:201(0) ack 102\n", repeats(Side::a)));
}

TEST(TransferWasCut, WherePartOfItHadBeenAcknowledged) {
  const std::string first = kRequest + "+.01 B > . 1:1001(1000) ack 101\n+.01 A > . 101:101(0) ack 1001\n";
  const std::string more =
      "+.01 B > . 1001:2001(1000) ack 101\n+.001 A > F. 101:101(0) ack 1001\n+.01 A > R 101:101(0)\n";
  EXPECT_TRUE(asked_of(first + more, questions::transfer_was_cut));
  const std::string only = kRequest + "+.01 B > . 1:1001(1000) ack 101\n+.001 A > F. 101:101(0) ack 1\n";
  EXPECT_FALSE(asked_of(only + "+.01 A > R 101:101(0)\n", questions::transfer_was_cut));
}

TEST(AnswerIsAtRisk, WhereTheResetFollowsAtOnce) {
  const auto reset_after = [](const std::string& time) {
    return kAnswered + '+' + time + " B > R. 201:201(0) ack 101\n";
  };
  EXPECT_TRUE(asked_of(reset_after(".05"), questions::answer_is_at_risk));
  EXPECT_FALSE(asked_of(reset_after(".2"), questions::answer_is_at_risk));
  EXPECT_FALSE(asked_of(kAnswered + "+.01 A > R. 101:101(0) ack 201\n", questions::answer_is_at_risk));
}

TEST(AnswerWasBrokenOff, WhereItCameBehindTheFin) {
  const std::string closed = kRequest + "+.01 A > F. 101:101(0) ack 1\n+.01 B > . 1:1(0) ack 102\n";
  const std::string answer = "+.01 B > P. 1:201(200) ack 102\n+.01 A > . 102:102(0) ack 201\n";
  EXPECT_TRUE(
      asked_of(closed + answer + "+.01 B > R. 201:201(0) ack 102\n", questions::answer_was_broken_off));
  EXPECT_FALSE(asked_of(closed + "+.01 B > R. 1:1(0) ack 102\n", questions::answer_was_broken_off));
}

TEST(ThirdPartySuspected, ByASignOnly) {
  const std::string reset = "+.01 B > R. 201:201(0) ack 101";
  EXPECT_FALSE(asked_of(kAnswered + reset + '\n', questions::third_party_suspected));
  EXPECT_TRUE(asked_of(kAnswered + "+.01 B > . 201:201(0) ack 101\n" + reset + " ttl 50\n",
                       questions::third_party_suspected));
}

}  // namespace
}  // namespace tcpteardown
