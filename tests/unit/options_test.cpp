// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "wire/segment.h"

namespace tcpteardown {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(Options, OfALinuxSyn) {
  const TcpOptions options =
      parse_options(Bytes{2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0, 0, 1, 2, 0, 0, 0, 0, 1, 3, 3, 7});
  EXPECT_EQ(options.mss, 1460);
  EXPECT_TRUE(options.has_timestamps);
  EXPECT_EQ(options.ts_value, 0x102U);
  EXPECT_EQ(options.window_scale, 7);
  EXPECT_EQ(options.sack_blocks, 0);
  EXPECT_EQ(options.mptcp, MptcpOption::none);
}

TEST(Options, NoneAtAll) {
  const TcpOptions options = parse_options({});
  EXPECT_FALSE(options.mss);
  EXPECT_FALSE(options.window_scale);
  EXPECT_FALSE(options.has_timestamps);
}

TEST(Options, SackBlocks) {
  const TcpOptions options =
      parse_options(Bytes{1, 1, 5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 9});
  ASSERT_EQ(options.sack_blocks, 2);
  EXPECT_EQ(options.sack[0][0], Seq{1});
  EXPECT_EQ(options.sack[0][1], Seq{2});
  EXPECT_EQ(options.sack[1][0], Seq{0xffff'ffff});
  EXPECT_EQ(options.sack[1][1], Seq{9});
}

TEST(Options, SackOfHalfABlockIsNotUnderstood) {
  EXPECT_EQ(parse_options(Bytes{5, 8, 0, 0, 0, 1, 0, 0}).sack_blocks, 0);
}

TEST(Options, WindowScaleIsCappedAt14) {
  EXPECT_EQ(parse_options(Bytes{3, 3, 200}).window_scale, 14);  // RFC 7323 §2.3
}

struct BrokenCase {
  const char* name;
  Bytes bytes;
};

class BrokenOptions : public testing::TestWithParam<BrokenCase> {};

// What stands before the fault is kept, what stands behind it is not looked at.
TEST_P(BrokenOptions, StopAtTheFault) {
  Bytes bytes{2, 4, 0x05, 0xb4};
  bytes.insert(bytes.end(), GetParam().bytes.begin(), GetParam().bytes.end());
  const TcpOptions options = parse_options(bytes);
  EXPECT_EQ(options.mss, 1460);
  EXPECT_FALSE(options.window_scale);
}

INSTANTIATE_TEST_SUITE_P(All, BrokenOptions,
                         testing::Values(BrokenCase{"length_zero", {8, 0, 3, 3, 7}},
                                         BrokenCase{"length_one", {8, 1, 3, 3, 7}},
                                         BrokenCase{"no_length", {3}}, BrokenCase{"cut", {3, 3}},
                                         BrokenCase{"too_long", {30, 40, 3, 3, 7}},
                                         BrokenCase{"end_of_list", {0, 3, 3, 7}}),
                         [](const auto& test) { return test.param.name; });

TEST(Options, WrongLengthForTheirKindAreSkipped) {
  const TcpOptions options = parse_options(Bytes{2, 3, 1, 3, 4, 1, 2, 4, 3, 9, 8, 4, 1, 2, 3, 3, 5});
  EXPECT_FALSE(options.mss);
  EXPECT_FALSE(options.has_timestamps);
  EXPECT_EQ(options.window_scale, 5);
}

struct MptcpCase {
  const char* name;
  Bytes bytes;
  MptcpOption option;
  std::uint8_t reason;
};

class Mptcp : public testing::TestWithParam<MptcpCase> {};

TEST_P(Mptcp, TheMostTellingSubtypeStays) {
  const TcpOptions options = parse_options(GetParam().bytes);
  EXPECT_EQ(options.mptcp, GetParam().option);
  EXPECT_EQ(options.mptcp_reset_reason, GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc8684, Mptcp,
    testing::Values(MptcpCase{"capable", {30, 4, 0x01, 0x81}, MptcpOption::capable, 0},
                    MptcpCase{"join", {30, 12, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0}, MptcpOption::join, 0},
                    MptcpCase{"dss", {30, 4, 0x20, 0}, MptcpOption::dss, 0},
                    MptcpCase{
                        "fastclose", {30, 12, 0x70, 0, 1, 2, 3, 4, 5, 6, 7, 8}, MptcpOption::fastclose, 0},
                    MptcpCase{"reset_reason", {30, 4, 0x80, 3}, MptcpOption::tcprst, 3},
                    MptcpCase{"reset_of_wrong_length", {30, 3, 0x80}, MptcpOption::none, 0},
                    MptcpCase{"prio", {30, 3, 0x50}, MptcpOption::other, 0},
                    MptcpCase{"dss_then_reset", {30, 4, 0x20, 0, 30, 4, 0x80, 6}, MptcpOption::tcprst, 6},
                    MptcpCase{"reset_then_dss", {30, 4, 0x80, 6, 30, 4, 0x20, 0}, MptcpOption::tcprst, 6},
                    MptcpCase{"empty", {30, 2}, MptcpOption::none, 0}),
    [](const auto& test) { return test.param.name; });

TEST(Options, AnyBytesAreSafe) {
  std::mt19937 random{2};
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes(random() % 41);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : random() % 12);
    EXPECT_LE(parse_options(bytes).sack_blocks, 4);
  }
}

}  // namespace
}  // namespace tcpteardown
