// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "report/report.h"
#include "tracking/connection_table.h"

// IP fragments: only the first one has a TCP header, and it does not say how long the segment is.
namespace tcpteardown {
namespace {

constexpr TcpEndpoint kClient{.address = {}, .port = 40000};
constexpr TcpEndpoint kServer{.address = {}, .port = 80};

class Fragments : public ::testing::Test {
 protected:
  void add(const TcpEndpoint& from, Flags flags, std::uint32_t seq, std::uint32_t ack,
           std::uint32_t length = 0, bool whole = true) {
    Segment s;
    s.frame = ++frame_;
    s.time_ns = frame_ * 10'000'000;
    s.source = from;
    s.destination = from == kClient ? kServer : kClient;
    s.seq = Seq{seq};
    s.ack = Seq{ack};
    s.flags = flags;
    s.window = 65535;
    s.payload_length = length;
    s.payload_length_known = whole;
    table_.add(s);
  }
  void open() {
    add(kClient, {.syn = true}, 0, 0);
    add(kServer, {.syn = true, .ack = true}, 0, 1);
    add(kClient, {.ack = true}, 1, 1);
  }
  [[nodiscard]] Endpoint client() const { return table_.facts(0).a; }
  [[nodiscard]] bool is_lossy() const {
    const Report report = make_report(table_.facts(0), table_.capture_end());
    return std::count(report.quality.begin(), report.quality.end(), "lossy") != 0;
  }

 private:
  ConnectionTable table_;
  FrameNumber frame_ = 0;
};

TEST_F(Fragments, NothingIsMissingThatAnAckCovers) {
  open();
  add(kClient, {.ack = true}, 1, 1, 1400, false);
  add(kServer, {.ack = true}, 1, 4001);
  EXPECT_EQ(client().bytes, 4000U);
  EXPECT_FALSE(is_lossy());
}

TEST_F(Fragments, NothingIsMissingBeforeTheNextSegment) {
  open();
  add(kClient, {.ack = true}, 1, 1, 1400, false);
  add(kClient, {.ack = true}, 4001, 1, 100);
  add(kServer, {.ack = true}, 1, 4101);
  EXPECT_EQ(client().bytes, 4100U);
  EXPECT_FALSE(is_lossy());
}

TEST_F(Fragments, MoreThanAPacketIsMissingAllTheSame) {
  open();
  add(kClient, {.ack = true}, 1, 1, 1400, false);
  add(kServer, {.ack = true}, 1, 90'001);
  EXPECT_TRUE(is_lossy());
}

TEST_F(Fragments, WhatAWholeSegmentDidNotBringIsMissing) {
  open();
  add(kClient, {.ack = true}, 1, 1, 1400);
  add(kServer, {.ack = true}, 1, 4001);
  EXPECT_TRUE(is_lossy());
}

}  // namespace
}  // namespace tcpteardown
