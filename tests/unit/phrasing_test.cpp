// SPDX-License-Identifier: GPL-2.0-or-later
#include "findings/phrasing.h"

#include <gtest/gtest.h>

#include <limits>

#include "wire/frame_time.h"

namespace tcpteardown {
namespace {

TEST(Phrasing, RoundsToWhatPeopleRead) {
  EXPECT_EQ(duration(117'499), "117 µs");
  EXPECT_EQ(duration(2'349'999), "2.3 ms");
  EXPECT_EQ(duration(2'350'000), "2.4 ms");
  EXPECT_EQ(duration(43'050'000'000), "43.1 s");
  EXPECT_EQ(duration(350'499'999'999), "5 min 50 s");
}

// Two forged times can lie as far apart as numbers go.
TEST(Phrasing, LongestTimeIsATime) {
  EXPECT_EQ(duration(std::numeric_limits<std::int64_t>::max()), "106,752 days");
  EXPECT_EQ(duration((std::int64_t{1} << 62) + 1), "53,376 days");
}

TEST(FrameTime, IsHeldWhereDifferencesFit) {
  constexpr std::int64_t kFarthest = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(frame_time_ns(1, 5), 1'000'000'005);
  EXPECT_EQ(frame_time_ns(1, -1'794'967'296), -794'967'296);
  EXPECT_GT(frame_time_ns(kFarthest, 2'147'483'647), frame_time_ns(-kFarthest, -2'147'483'647));
  EXPECT_LT(frame_time_ns(kFarthest, 2'147'483'647), std::int64_t{1} << 62);
  EXPECT_GT(frame_time_ns(-kFarthest, -2'147'483'647), -(std::int64_t{1} << 62));
}

}  // namespace
}  // namespace tcpteardown
