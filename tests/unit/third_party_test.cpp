// SPDX-License-Identifier: GPL-2.0-or-later
// What stands behind the evidence against a RST's sender: clocks, reasons and their names.
#include <gtest/gtest.h>

#include "evidence/stated_reason.h"
#include "evidence/tampering.h"
#include "tracking/endpoint.h"

namespace tcpteardown {
namespace {

constexpr std::int64_t kMs = 1'000'000;

TEST(StampClock, TakesMillisecondsWhereLittleIsMeasured) {
  const StampClock clock{.first_value = 5000, .value = 5005, .first_ns = 1000 * kMs, .time_ns = 1006 * kMs};
  EXPECT_EQ(expected_time(clock, 5005), 1006 * kMs);
  EXPECT_EQ(expected_time(clock, 5105), 1106 * kMs);
  EXPECT_EQ(expected_time(clock, 5000), 1001 * kMs) << "an older stamp was sent earlier";
}

TEST(StampClock, RoundsWhatItMeasures) {
  // 250 ticks a second, captured with a few milliseconds of delay.
  const StampClock clock{.first_value = 100, .value = 350, .first_ns = 0, .time_ns = 1007 * kMs};
  EXPECT_EQ(expected_time(clock, 600), 2007 * kMs);
}

TEST(StampClock, HasNoTickOfMoreThanASecond) {
  constexpr std::int64_t kYear = 365 * 86'400 * std::int64_t{1000} * kMs;
  StampClock clock{.first_value = 0, .value = 100, .first_ns = 0, .time_ns = 105'000 * kMs};
  EXPECT_EQ(expected_time(clock, 101), 106'050 * kMs) << "1.05 s";
  clock.time_ns = 120'000 * kMs;
  EXPECT_EQ(expected_time(clock, 101), -1) << "1.2 s";
  clock.time_ns = 100 * kYear;
  EXPECT_EQ(expected_time(clock, 0x7fffffff), -1) << "damaged times";
}

TEST(StampClock, CrossesTheWrap) {
  const StampClock clock{.first_value = 0xffffff00, .value = 0xfffffff0, .first_ns = 0, .time_ns = 240 * kMs};
  EXPECT_EQ(expected_time(clock, 0x10), 272 * kMs);
}

TEST(StampClock, SaysNothingOfAnUnknownRate) {
  const StampClock clock{.first_value = 0, .value = 100, .first_ns = 0, .time_ns = 4'000 * kMs};
  EXPECT_EQ(expected_time(clock, 200), -1) << "40 ms a tick is no rate that a system has";
}

TEST(StatedReason, BecomesASlugOfBoundedLength) {
  EXPECT_EQ(as_slug("No flow found for ACK"), "no-flow-found-for-ack");
  EXPECT_EQ(as_slug("  --Go, away!! "), "go-away");
  EXPECT_EQ(as_slug(""), "");
  EXPECT_LE(as_slug(std::string(500, 'x')).size(), 40U);
  EXPECT_EQ(as_slug("a,b\"c\x01\xff{d}"), "a-b-c-d") << "nothing that CSV, JSON or our places know";
}

TEST(StatedReason, KnowsTheCodesOfNetScalerAndNoOthers) {
  for (const int code : {8201, 9300, 9303, 9700, 9811, 9814, 9830}) {
    EXPECT_FALSE(netscaler_meaning(static_cast<std::uint16_t>(code)).empty()) << code;
  }
  for (const int window : {0, 1, 8192, 8200, 9000, 29200, 64240, 65535}) {
    EXPECT_TRUE(netscaler_meaning(static_cast<std::uint16_t>(window)).empty()) << window;
  }
}

TEST(TamperingStages, AreThoseOfTheSignatures) {
  EXPECT_EQ(tampering_stage("syn.rst").name, "post-SYN");
  EXPECT_EQ(tampering_stage("ack.none").name, "post-ACK");
  EXPECT_EQ(tampering_stage("psh-ack.rst-rst0").name, "post-PSH");
  EXPECT_EQ(tampering_stage("data.rst-ack").name, "later in the flow");
}

}  // namespace
}  // namespace tcpteardown
