// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/stream_numbers.h"

#include <gtest/gtest.h>

// What tshark 4.0.17 gave as tcp.stream for the same headers.
namespace tcpteardown {
namespace {

constexpr Flags kSyn{.syn = true};
constexpr Flags kSynAck{.syn = true, .ack = true};
constexpr Flags kAck{.ack = true};

TcpHeader header(std::uint16_t from, std::uint16_t to, Flags flags, std::uint32_t seq,
                 std::uint32_t ack = 0) {
  TcpHeader made;
  made.segment.source.port = from;
  made.segment.destination.port = to;
  made.segment.flags = flags;
  made.segment.seq = Seq{seq};
  made.segment.ack = Seq{ack};
  return made;
}

TEST(StreamNumbers, OneForAPairOfEndsBothWays) {
  StreamNumbers streams;
  EXPECT_EQ(streams.number(header(1, 2, kSyn, 100)), 0U);
  EXPECT_EQ(streams.number(header(2, 1, kSynAck, 900, 101)), 0U);
  EXPECT_EQ(streams.number(header(3, 2, kSyn, 100)), 1U);
  EXPECT_EQ(streams.number(header(1, 2, kAck, 101, 901)), 0U);
}

TEST(StreamNumbers, SynThatStartsElsewhereOpensAnother) {
  StreamNumbers streams;
  EXPECT_EQ(streams.number(header(1, 2, kSyn, 100)), 0U);
  EXPECT_EQ(streams.number(header(1, 2, kSyn, 100)), 0U);
  EXPECT_EQ(streams.number(header(1, 2, kSyn, 101)), 1U);
  EXPECT_EQ(streams.number(header(2, 1, kAck, 500, 101)), 1U);
}

TEST(StreamNumbers, SynAckNeverDoes) {
  StreamNumbers streams;
  EXPECT_EQ(streams.number(header(1, 2, kSyn, 100)), 0U);
  EXPECT_EQ(streams.number(header(2, 1, kSynAck, 900, 101)), 0U);
  EXPECT_EQ(streams.number(header(2, 1, kSynAck, 7, 101)), 0U);
}

TEST(StreamNumbers, StartOfAMidStreamIsOneBefore) {
  StreamNumbers streams;
  EXPECT_EQ(streams.number(header(1, 2, kAck, 1000, 2000)), 0U);
  EXPECT_EQ(streams.number(header(1, 2, kSyn, 999)), 0U);
  EXPECT_EQ(streams.number(header(2, 1, kSyn, 1999)), 0U);
  EXPECT_EQ(streams.number(header(2, 1, kSyn, 2000)), 1U);
}

TEST(StreamNumbers, QuotedHeaderOpensButTeachesNothing) {
  StreamNumbers streams;
  TcpHeader quoted = header(1, 2, kSyn, 500);
  quoted.use = HeaderUse::quoted;
  EXPECT_EQ(streams.number(quoted), 0U);
  EXPECT_EQ(streams.number(header(1, 2, kSyn, 600)), 0U);
  quoted.segment.seq = Seq{700};
  EXPECT_EQ(streams.number(quoted), 1U);
  EXPECT_EQ(streams.number(header(1, 2, kSyn, 600)), 1U);
}

TEST(StreamNumbers, ShortHeaderTeachesButOneBeyondItsPacketDoesNot) {
  StreamNumbers streams;
  TcpHeader bad = header(1, 2, kSyn, 5);
  bad.use = HeaderUse::short_header;
  EXPECT_EQ(streams.number(bad), 0U);
  EXPECT_EQ(streams.number(header(1, 2, kSyn, 6)), 1U);
  bad.use = HeaderUse::beyond_packet;
  bad.segment.source.port = 9;
  EXPECT_EQ(streams.number(bad), 2U);
  EXPECT_EQ(streams.number(header(9, 2, kSyn, 6)), 2U);
}

}  // namespace
}  // namespace tcpteardown
