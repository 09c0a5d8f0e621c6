// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/connection_table.h"

#include <gtest/gtest.h>

#include "../bench/traffic.h"

// What a connection takes in memory, and that one finds it again.
namespace tcpteardown {
namespace {

constexpr std::uint32_t kMany = 5'000;

TcpEndpoint endpoint(std::uint32_t host, std::uint16_t port) {
  TcpEndpoint end;
  for (unsigned i = 0; i < 4; ++i) end.address.bytes[i] = static_cast<std::uint8_t>(host >> (24 - 8 * i));
  end.port = port;
  return end;
}

Segment segment(FrameNumber frame, const TcpEndpoint& from, const TcpEndpoint& to, Flags flags) {
  Segment s;
  s.frame = frame;
  s.time_ns = std::int64_t{frame} * 1'000'000;
  s.source = from;
  s.destination = to;
  s.flags = flags;
  s.window = 1024;
  s.hop_limit = 64;
  s.link_source = 0x0242'ac11'0002;
  return s;
}

TEST(Memory, OfAnOrdinaryConnectionIsSmall) {
  ConnectionTable table{1};
  bench::Traffic{kMany}.make([&table](const Segment& s) { table.add(s); });
  ASSERT_EQ(table.size(), kMany);
  EXPECT_LE(table.memory() / kMany, 400U);
}

TEST(Memory, OfARefusedAttemptIsSmaller) {
  ConnectionTable table{1};
  const TcpEndpoint scanner = endpoint(0x0a00'0001, 40'000);
  for (FrameNumber i = 0; i < kMany; ++i) {
    const TcpEndpoint host = endpoint(0x0a01'0000 + i, 80);
    Segment syn = segment(2 * i + 1, scanner, host, {.syn = true});
    syn.seq = {i * 77'777};
    Segment reset = segment(2 * i + 2, host, scanner, {.rst = true, .ack = true});
    reset.ack = syn.seq + 1;
    table.add(syn);
    table.add(reset);
  }
  ASSERT_EQ(table.size(), kMany);
  EXPECT_EQ(table.facts(kMany - 1).resets.count(), 1U);
  EXPECT_LE(table.memory() / kMany, 300U);
}

TEST(Memory, OfALongConnectionDoesNotGrow) {
  ConnectionTable table;
  const auto feed = [&table](FrameNumber from, FrameNumber count) {
    for (FrameNumber i = from; i < from + count; ++i) {
      Segment s = segment(i, endpoint(1, 1), endpoint(2, 2), {.ack = true});
      s.payload_length = 100;
      s.seq = {i * 100};
      table.add(s);
    }
    return table.memory();
  };
  const std::size_t memory = feed(1, 1'000);
  EXPECT_EQ(feed(1'001, 10'000), memory);
  EXPECT_LT(memory, 20'000U);
}

TEST(ConnectionTable, FindsTheConnectionOfAFrameAmongMany) {
  ConnectionTable table;
  const TcpEndpoint client = endpoint(1, 1);
  const TcpEndpoint server = endpoint(2, 2);
  for (FrameNumber i = 0; i < 50; ++i) {
    Segment syn = segment(10 + 2 * i, client, server, {.syn = true});
    syn.seq = {1'000'000 * i};
    Segment reset = segment(11 + 2 * i, server, client, {.rst = true, .ack = true});
    reset.ack = syn.seq + 1;
    table.add(syn);
    table.add(reset);
  }
  ASSERT_EQ(table.size(), 50U);
  const FlowKey key = flow_key(server, client);
  EXPECT_FALSE(table.find(key, 9));
  EXPECT_EQ(table.find(key, 10), 0U);
  EXPECT_EQ(table.find(key, 11), 0U);
  EXPECT_EQ(table.find(key, 13), 1U);
  EXPECT_EQ(table.find(key, 1'000), 49U);
  EXPECT_TRUE(table.facts(3).superseded);
  EXPECT_EQ(table.facts(3).next_syn.frame, 18U);
  EXPECT_FALSE(table.facts(49).superseded);
}

// A client that takes its SYN back at once, and the server's answer out of TIME-WAIT: what that answers is
// the earlier connection, however this one is kept.
TEST(ConnectionTable, KnowsTheOldConnectionBehindAnOddAttempt) {
  const TcpEndpoint client = endpoint(1, 1);
  const TcpEndpoint server = endpoint(2, 2);
  for (const std::size_t transcript : {std::size_t{0}, ConnectionTable::kTranscript}) {
    ConnectionTable table{0, transcript};
    FrameNumber frame = 0;
    const auto send = [&](bool from_client, Flags flags, std::uint32_t seq, std::uint32_t ack) {
      Segment s = segment(++frame, from_client ? client : server, from_client ? server : client, flags);
      s.seq = {seq};
      s.ack = {ack};
      table.add(s);
    };
    send(true, {.syn = true}, 100, 0);
    send(false, {.syn = true, .ack = true}, 500, 101);
    send(true, {.ack = true}, 101, 501);
    send(true, {.fin = true, .ack = true}, 101, 501);
    send(false, {.fin = true, .ack = true}, 501, 102);
    send(true, {.ack = true}, 102, 502);
    send(true, {.syn = true}, 9'000, 0);
    send(true, {.rst = true}, 9'001, 0);
    send(false, {.ack = true}, 502, 102);
    ASSERT_EQ(table.size(), 2U);
    EXPECT_EQ(table.facts(1).old_closed.frame, 6U) << transcript << " bytes";
  }
}

TEST(FlowTable, NumbersFlowsInOrder) {
  FlowTable flows{7};
  EXPECT_FALSE(flows.find(flow_key(endpoint(1, 1), endpoint(2, 2))));
  for (std::uint32_t i = 0; i < kMany; ++i) {
    ASSERT_EQ(flows.add(flow_key(endpoint(i, 1), endpoint(2, 2))), i);
  }
  for (std::uint32_t i = 0; i < kMany; ++i) {
    ASSERT_EQ(flows.find(flow_key(endpoint(2, 2), endpoint(i, 1))), i);
  }
  EXPECT_EQ(flows.size(), kMany);
}

}  // namespace
}  // namespace tcpteardown
