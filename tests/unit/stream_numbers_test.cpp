// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/stream_numbers.h"

#include <gtest/gtest.h>

// How tshark 4.0.17, 4.4.18 and 4.6.9 number such headers (tcp.stream).
namespace tcpteardown {
namespace {

constexpr Flags kSyn{.syn = true};
constexpr Flags kSynAck{.syn = true, .ack = true};
constexpr Flags kAck{.ack = true};
constexpr Flags kFin{.fin = true};
constexpr Flags kFinAck{.fin = true, .ack = true};
constexpr Flags kRst{.rst = true};

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

TcpHeader with_use(TcpHeader made, HeaderUse use) {
  made.use = use;
  return made;
}

// By the ends of the header, as the tables know them.
class Numbered {
 public:
  explicit Numbered(StreamRules rules = installed_stream_rules()) : streams_(rules) {}

  std::optional<std::uint32_t> number(const TcpHeader& made) {
    const FlowKey key = flow_key(made.segment.source, made.segment.destination);
    return streams_.number(made, flows_.add(key), made.segment.source == key.low);
  }
  std::optional<std::uint32_t> number_at(const FlowKey& key, FrameNumber frame) {
    return streams_.number_at(flows_.add(key), frame);
  }

 private:
  FlowTable flows_{0};
  StreamNumbers streams_;
};

class EveryVersion : public testing::TestWithParam<StreamRules> {
 protected:
  std::optional<std::uint32_t> number(const TcpHeader& header) { return streams_.number(header); }

 private:
  Numbered streams_{GetParam()};
};

TEST_P(EveryVersion, OneForAPairOfEndsBothWays) {
  EXPECT_EQ(number(header(1, 2, kSyn, 100)), 0U);
  EXPECT_EQ(number(header(2, 1, kSynAck, 900, 101)), 0U);
  EXPECT_EQ(number(header(3, 2, kSyn, 100)), 1U);
  EXPECT_EQ(number(header(1, 2, kAck, 101, 901)), 0U);
}

TEST_P(EveryVersion, SynThatStartsElsewhereOpensAnother) {
  EXPECT_EQ(number(header(1, 2, kSyn, 100)), 0U);
  EXPECT_EQ(number(header(1, 2, kSyn, 100)), 0U);
  EXPECT_EQ(number(header(1, 2, kSyn, 101)), 1U);
  EXPECT_EQ(number(header(2, 1, kAck, 500, 101)), 1U);
}

TEST_P(EveryVersion, StartOfAMidStreamIsOneBefore) {
  EXPECT_EQ(number(header(1, 2, kAck, 1000, 2000)), 0U);
  EXPECT_EQ(number(header(1, 2, kSyn, 999)), 0U);
  EXPECT_EQ(number(header(2, 1, kSyn, 1999)), 0U);
  EXPECT_EQ(number(header(2, 1, kSyn, 2000)), 1U);
}

TEST_P(EveryVersion, QuotedHeaderOpensButTeachesNothing) {
  EXPECT_EQ(number(with_use(header(1, 2, kSyn, 500), HeaderUse::quoted)), 0U);
  EXPECT_EQ(number(header(1, 2, kSyn, 600)), 0U);
  EXPECT_EQ(number(with_use(header(1, 2, kSyn, 700), HeaderUse::quoted)), 1U);
  EXPECT_EQ(number(header(1, 2, kSyn, 600)), 1U);
}

TEST_P(EveryVersion, ShortHeaderTeaches) {
  EXPECT_EQ(number(with_use(header(1, 2, kSyn, 5), HeaderUse::short_header)), 0U);
  EXPECT_EQ(number(header(1, 2, kSyn, 6)), 1U);
}

// Its other fragments may never come.
TEST_P(EveryVersion, FragmentOpensNothing) {
  TcpHeader fragment = header(1, 2, kAck, 100, 200);
  fragment.is_fragment = true;
  EXPECT_EQ(number(fragment), std::nullopt);
  EXPECT_EQ(number(header(3, 2, kSyn, 1)), 0U);
  EXPECT_EQ(number(header(1, 2, kAck, 900, 200)), 1U);
  EXPECT_EQ(number(fragment), 1U);
}

std::string name_of(const testing::TestParamInfo<StreamRules>& test) {
  switch (test.param) {
    case StreamRules::wireshark_4_0: return "wireshark_4_0";
    case StreamRules::wireshark_4_4: return "wireshark_4_4";
    case StreamRules::wireshark_4_6: return "wireshark_4_6";
  }
  return "";
}

INSTANTIATE_TEST_SUITE_P(Streams, EveryVersion,
                         testing::Values(StreamRules::wireshark_4_0, StreamRules::wireshark_4_4,
                                         StreamRules::wireshark_4_6),
                         name_of);

// The numbers that these headers get by 4.0, 4.4 and 4.6.
struct Expected {
  TcpHeader header;
  std::optional<std::uint32_t> of_4_0, of_4_4, of_4_6;
};

void expect_numbers(std::initializer_list<Expected> all) {
  Numbered of_4_0{StreamRules::wireshark_4_0};
  Numbered of_4_4{StreamRules::wireshark_4_4};
  Numbered of_4_6{StreamRules::wireshark_4_6};
  int line = 0;
  for (const Expected& expected : all) {
    EXPECT_EQ(of_4_0.number(expected.header), expected.of_4_0) << line;
    EXPECT_EQ(of_4_4.number(expected.header), expected.of_4_4) << line;
    EXPECT_EQ(of_4_6.number(expected.header), expected.of_4_6) << line;
    ++line;
  }
}

TEST(StreamVersions, SynAckThatStartsElsewhere) {
  expect_numbers({
      {header(1, 2, kSyn, 100), 0, 0, 0},
      {header(2, 1, kSynAck, 900, 101), 0, 0, 0},
      {header(2, 1, kSynAck, 7, 101), 0, 1, 1},
      {header(2, 1, kSyn, 7), 0, 1, 1},    // what 4.0 has learned from it
      {header(2, 1, kSyn, 900), 1, 2, 2},  // and forgotten
  });
}

TEST(StreamVersions, SynBehindAnEndAtTheSameNumber) {
  expect_numbers({
      {header(1, 2, kSyn, 100), 0, 0, 0},
      {header(2, 1, kRst, 0), 0, 0, 0},
      {header(1, 2, kSyn, 100), 0, 1, 1},
      {header(1, 2, kSyn, 100), 0, 1, 1},
      {header(1, 2, kFin, 101), 0, 1, 1},  // without ACK it counts for nothing
      {header(1, 2, kSyn, 100), 0, 1, 1},
      {header(1, 2, kFinAck, 101, 901), 0, 1, 1},
      {header(1, 2, kSyn, 100), 0, 2, 2},
  });
}

TEST(StreamVersions, SynAckBehindAnEnd) {
  expect_numbers({
      {header(2, 1, kSynAck, 900, 101), 0, 0, 0},
      {header(2, 1, kFinAck, 901, 101), 0, 0, 0},
      {header(2, 1, kSynAck, 900, 101), 0, 1, 1},
  });
}

TEST(StreamVersions, EndInAnIcmpErrorCounts) {
  expect_numbers({
      {header(1, 2, kSyn, 100), 0, 0, 0},
      {with_use(header(1, 2, kRst, 101), HeaderUse::quoted), 0, 0, 0},
      {header(1, 2, kSyn, 100), 0, 1, 1},
  });
}

TEST(StreamVersions, EndInAShortHeaderDoesNot) {
  TcpHeader reset = with_use(header(1, 2, kRst, 101), HeaderUse::short_header);
  reset.length = 16;
  expect_numbers({{header(1, 2, kSyn, 100), 0, 0, 0}, {reset, 0, 0, 0}, {header(1, 2, kSyn, 100), 0, 0, 0}});
}

TEST(StreamVersions, FirstSynOfTheOtherEndForgetsTheEnd) {
  expect_numbers({
      {header(1, 2, kSyn, 100), 0, 0, 0},
      {header(1, 2, kRst, 101), 0, 0, 0},
      {header(2, 1, kSyn, 500), 0, 0, 0},
      {header(1, 2, kSyn, 100), 0, 0, 0},
  });
}

TEST(StreamVersions, HeaderBeyondItsPacketTeachesSince44) {
  expect_numbers({
      {with_use(header(1, 2, kSyn, 5), HeaderUse::beyond_packet), 0, 0, 0},
      {header(1, 2, kSyn, 6), 0, 1, 1},
  });
}

TEST(StreamVersions, HeaderWithoutItsWindowCountsSince46) {
  TcpHeader cut = with_use(header(1, 2, kSyn, 5), HeaderUse::cut);
  cut.has_window = false;
  expect_numbers({{cut, {}, {}, 0}, {header(1, 2, kSyn, 6), 0, 0, 1}});
}

TEST(StreamNumbers, OfAFrameThatWasSeen) {
  Numbered streams;
  const auto add = [&](FrameNumber frame, std::uint32_t seq) {
    TcpHeader syn = header(1, 2, kSyn, seq);
    syn.segment.frame = frame;
    return streams.number(syn);
  };
  const FlowKey key =
      flow_key(header(1, 2, kSyn, 0).segment.source, header(1, 2, kSyn, 0).segment.destination);
  EXPECT_EQ(streams.number_at(key, 1), std::nullopt);
  EXPECT_EQ(add(3, 100), 0U);
  EXPECT_EQ(add(5, 200), 1U);
  EXPECT_EQ(add(9, 300), 2U);
  EXPECT_EQ(streams.number_at(key, 2), 0U);
  EXPECT_EQ(streams.number_at(key, 4), 0U);
  EXPECT_EQ(streams.number_at(key, 5), 1U);
  EXPECT_EQ(streams.number_at(key, 8), 1U);
  EXPECT_EQ(streams.number_at(key, 99), 2U);
}

}  // namespace
}  // namespace tcpteardown
