// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/seq.h"

#include <gtest/gtest.h>

namespace tcpteardown {
namespace {

struct OrderCase {
  const char* name;
  std::uint32_t first;
  std::uint32_t second;
  std::int32_t distance;
};

class SeqOrder : public testing::TestWithParam<OrderCase> {};

TEST_P(SeqOrder, HoldsOnTheCircle) {
  const Seq first{GetParam().first};
  const Seq second{GetParam().second};
  EXPECT_EQ(distance(first, second), GetParam().distance);
  EXPECT_EQ(before(first, second), GetParam().distance > 0);
  EXPECT_EQ(after(first, second), distance(second, first) > 0);
  EXPECT_EQ(at_or_before(first, second), !after(first, second));
  EXPECT_EQ(at_or_after(first, second), !before(first, second));
  EXPECT_EQ(later_of(first, second), GetParam().distance > 0 ? second : first);
}

INSTANTIATE_TEST_SUITE_P(Pairs, SeqOrder,
                         testing::Values(OrderCase{"equal", 7, 7, 0}, OrderCase{"next", 7, 8, 1},
                                         OrderCase{"previous", 8, 7, -1},
                                         OrderCase{"across_the_wrap", 0xffff'ffff, 0, 1},
                                         OrderCase{"back_across_the_wrap", 0, 0xffff'ffff, -1},
                                         OrderCase{"far_ahead", 0, 0x7fff'ffff, 0x7fff'ffff},
                                         OrderCase{"far_behind", 0x7fff'ffff, 0, -0x7fff'ffff}),
                         [](const auto& test) { return test.param.name; });

TEST(Seq, WindowIncludesItsStartAndExcludesItsEnd) {
  EXPECT_TRUE(in_window(Seq{100}, Seq{100}, 10));
  EXPECT_TRUE(in_window(Seq{109}, Seq{100}, 10));
  EXPECT_FALSE(in_window(Seq{110}, Seq{100}, 10));
  EXPECT_FALSE(in_window(Seq{99}, Seq{100}, 10));
  EXPECT_FALSE(in_window(Seq{100}, Seq{100}, 0)) << "a closed window holds nothing";
}

TEST(Seq, WindowMayLieAcrossTheWrap) {
  EXPECT_TRUE(in_window(Seq{0xffff'fffe}, Seq{0xffff'fffe}, 4));
  EXPECT_TRUE(in_window(Seq{1}, Seq{0xffff'fffe}, 4));
  EXPECT_FALSE(in_window(Seq{2}, Seq{0xffff'fffe}, 4));
}

TEST(Seq, AdditionWraps) {
  EXPECT_EQ(Seq{0xffff'ffff} + 2, Seq{1});
  EXPECT_EQ(Seq{0} - 1, Seq{0xffff'ffff});
}

}  // namespace
}  // namespace tcpteardown
