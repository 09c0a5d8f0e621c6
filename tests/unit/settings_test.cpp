// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "capture/analysis.h"
#include "report/report.h"

// What the preference `silence` moves: all that says that the capture was silent for long enough.
namespace tcpteardown {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

Report report_of(const std::string& text, std::int64_t silence_ns) {
  const ScriptResult script = parse_script(text);
  EXPECT_EQ(script.error, "") << describe_error(script);
  Analysis analysis;
  analyse_script(script.script, analysis);
  return make_report(analysis.table().facts(0), analysis.table().capture_end(), {.silence_ns = silence_ns});
}

TEST(Silence, MovesWhatAShortTailIs) {
  const std::string open = "handshake\n+.01 A > P. 1:101(100) ack 1\n+.01 B > . 1:1(0) ack 101\nsilence 5\n";
  const auto ends_early = [&open](std::int64_t silence_ns) {
    const Report report = report_of(open, silence_ns);
    return std::count(report.quality.begin(), report.quality.end(), "short-tail") == 1;
  };
  EXPECT_FALSE(ends_early(3 * kSecond));
  EXPECT_TRUE(ends_early(10 * kSecond));
}

TEST(Silence, MovesWhenSynsWereGivenUp) {
  std::string seven;
  for (int i = 0; i < 7; ++i) seven += "+1 A > S 0:0(0)\n";
  seven += "silence 9\n";
  EXPECT_EQ(report_of(seven, 3 * kSecond).client_errno, "ETIMEDOUT");
  EXPECT_EQ(report_of(seven, 10 * kSecond).client_errno, "unknown");
}

TEST(Silence, LeavesTheStudyOfTamperingItsOwn) {
  const std::string lonely = "+0 A > S 0:0(0)\nsilence 5\n";
  EXPECT_EQ(report_of(lonely, 10 * kSecond).tampering, "syn.none");
}

}  // namespace
}  // namespace tcpteardown
