// SPDX-License-Identifier: GPL-2.0-or-later
// Zeek's letters where a script would be long: storms, gaps behind gaps, odd flags, large transfers.
#include "tracking/zeek_history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "evidence/zeek_state.h"

namespace tcpteardown {
namespace {

constexpr Flags kSyn{.syn = true};
constexpr Flags kSynAck{.syn = true, .ack = true};
constexpr Flags kAck{.ack = true};

// Two hosts whose initial sequence numbers are 0, and what Zeek would write of their segments.
class Exchange {
 public:
  Exchange& from_a(Flags flags, std::uint32_t seq, std::uint32_t ack, std::uint32_t length = 0) {
    return add(true, flags, seq, ack, length, length);
  }
  Exchange& from_b(Flags flags, std::uint32_t seq, std::uint32_t ack, std::uint32_t length = 0) {
    return add(false, flags, seq, ack, length, length);
  }
  Exchange& cut_from_b(std::uint32_t seq, std::uint32_t ack, std::uint32_t length, std::uint32_t captured) {
    return add(false, kAck, seq, ack, length, captured);
  }
  Exchange& handshake() { return from_a(kSyn, 0, 0).from_b(kSynAck, 0, 1).from_a(kAck, 1, 1); }

  [[nodiscard]] std::string history() const { return zeek_history(history_); }
  [[nodiscard]] std::string_view state() const { return zeek_conn_state(history_); }

 private:
  Exchange& add(bool a, Flags flags, std::uint32_t seq, std::uint32_t ack, std::uint32_t length,
                std::uint32_t captured) {
    bytes_.resize(std::max<std::size_t>(bytes_.size(), captured));
    Segment s;
    s.source.port = a ? 40000 : 80;
    s.destination.port = a ? 80 : 40000;
    s.seq = {seq};
    s.ack = {ack};
    s.flags = flags;
    s.window = 1000;
    s.payload_length = length;
    s.payload = std::span(bytes_).first(captured);
    s.signs = read_signs(s);
    fold(history_, s, a);
    return *this;
  }

  ZeekHistory history_;
  std::vector<std::uint8_t> bytes_;
};

TEST(ZeekHistory, WritesEveryResetOfAStorm) {
  Exchange x;
  x.handshake();
  for (std::uint32_t i = 0; i < 100; ++i) x.from_b({.rst = true}, 1000 + i, 0);
  EXPECT_EQ(x.history(), "ShA" + std::string(100, 'r'));
  EXPECT_EQ(x.state(), "RSTR");
  for (std::uint32_t i = 0; i < 100'000; ++i) x.from_b({.rst = true}, 2000 + i, 0);
  EXPECT_LE(x.history().size(), 300U) << "what is kept has a bound";
}

TEST(ZeekHistory, WritesAResetOfTheSameNumberOnce) {
  Exchange x;
  x.handshake().from_b({.rst = true}, 1, 0).from_b({.rst = true}, 1, 0).from_b({.rst = true}, 9, 0);
  EXPECT_EQ(x.history(), "ShArr");
}

TEST(ZeekHistory, NamesOddFlagsOnce) {
  Exchange x;
  x.from_a({.fin = true, .syn = true}, 0, 0).from_a({.fin = true, .syn = true}, 0, 0);
  x.from_b({.fin = true, .rst = true, .ack = true}, 0, 1);
  EXPECT_EQ(x.history(), "Qi");
}

TEST(ZeekHistory, KeepsAResetThatCameBeforeTheOwnFin) {
  const Flags fin{.fin = true, .ack = true};
  Exchange before;
  before.handshake().from_a({.rst = true}, 1, 0).from_a(fin, 1, 1).from_b(fin, 1, 2);
  EXPECT_EQ(before.state(), "RSTO");
  Exchange behind;
  behind.handshake().from_a(fin, 1, 1).from_a({.rst = true}, 2, 0).from_b(fin, 1, 2);
  EXPECT_EQ(behind.state(), "SF");
}

TEST(ZeekHistory, CountsEachHoleThatAnAckCovers) {
  Exchange x;
  x.handshake();
  for (std::uint32_t i = 0; i < 5; ++i) x.from_b(kAck, 101 + 200 * i, 1, 100);
  x.from_a(kAck, 1, 1001);  // 5 holes: the first letter
  EXPECT_EQ(x.history(), "ShAdg");
  for (std::uint32_t i = 0; i < 4; ++i) x.from_b(kAck, 1101 + 200 * i, 1, 100);
  x.from_a(kAck, 1, 1801);
  EXPECT_EQ(x.history(), "ShAdg") << "9 holes";
  x.from_a(kAck, 1, 1802);
  EXPECT_EQ(x.history(), "ShAdgg") << "the tenth";
}

TEST(ZeekHistory, AHoleThatIsFilledInTimeIsNone) {
  Exchange x;
  x.handshake().from_b(kAck, 101, 1, 100).from_b(kAck, 301, 1, 100);
  x.from_b(kAck, 201, 1, 100).from_b(kAck, 1, 1, 100).from_a(kAck, 1, 401);
  EXPECT_EQ(x.history(), "ShAdt") << "what came late counts as sent again";
}

TEST(ZeekHistory, ManyIslandsKeepToTheirRoom) {
  Exchange x;
  x.handshake();
  for (std::uint32_t i = 40; i > 0; --i) x.from_b(kAck, 20 * i, 1, 10);
  for (std::uint32_t i = 0; i < 40; ++i) x.from_b(kAck, 20 * i + 5, 1, 20);
  x.from_a(kAck, 1, 900);
  EXPECT_EQ(x.history().substr(0, 5), "ShAdt");
}

TEST(ZeekHistory, PayloadCutByTheSnapLengthIsAGap) {
  Exchange x;
  x.handshake().cut_from_b(1, 1, 100, 40).from_a(kAck, 1, 101);
  EXPECT_EQ(x.history(), "ShAdg");
}

TEST(ZeekHistory, FollowsATransferRoundTheCircle) {
  Exchange x;
  x.handshake();
  constexpr std::uint32_t kStep = 60'000;
  std::uint32_t seq = 1;
  for (int i = 0; i < 150'000; ++i, seq += kStep) x.from_b(kAck, seq, 1, kStep).from_a(kAck, 1, seq + kStep);
  EXPECT_EQ(x.history(), "ShAd") << "9 GB, nothing missing";
  x.from_a(kAck, 1, seq + 1);
  EXPECT_EQ(x.history(), "ShAdg");
}

}  // namespace
}  // namespace tcpteardown
