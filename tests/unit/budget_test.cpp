// SPDX-License-Identifier: GPL-2.0-or-later
// What a capture may cost: bytes of memory for each connection, whoever made it. A program of its own,
// because it counts all that is allocated.
#include <gtest/gtest.h>
#include <malloc.h>

#include <cstdlib>
#include <new>
#include <string>

#include "formats/output.h"
#include "tracking/connection_table.h"
#include "verdict/judge.h"

namespace {
std::size_t live_bytes = 0;
}  // namespace

void* operator new(std::size_t size) {
  void* found = std::malloc(size);
  if (found == nullptr) throw std::bad_alloc{};
  live_bytes += malloc_usable_size(found);
  return found;
}
void operator delete(void* given) noexcept {
  if (given != nullptr) live_bytes -= malloc_usable_size(given);
  std::free(given);
}
void operator delete(void* given, std::size_t /*size*/) noexcept { operator delete(given); }

namespace tcpteardown {
namespace {

// The budget, as README promises it. Tables that double hold up to twice what they need.
constexpr std::size_t kAnyTable = 2 * 1024 * 1024;  // bytes, whatever is in it
constexpr std::size_t kEachScanned = 512;           // a connection of a few segments between ports of its own
constexpr std::size_t kEachConnection = 8 * 1024;   // any connection, however many segments

TcpEndpoint end(std::uint32_t host, std::uint16_t port) {
  TcpEndpoint end;
  for (unsigned i = 0; i < 4; ++i) end.address.bytes[i] = static_cast<std::uint8_t>(host >> (24 - 8 * i));
  end.port = port;
  return end;
}

class Capture {
 public:
  // Of a connection that its number names: another host or port, or another time.
  void add(std::uint32_t connection, bool from_client, std::uint8_t flags, std::uint32_t seq,
           std::uint32_t ack, std::uint32_t length = 0, bool same_ports = false) {
    const std::uint32_t host = same_ports ? 0x0a000001 : 0x0a000001 + connection;
    Segment s;
    s.frame = ++frame_;
    s.time_ns = time_ns_ += 1'000'000;
    s.source = from_client ? end(host, 40'000) : end(0xc0000201, 80);
    s.destination = from_client ? end(0xc0000201, 80) : end(host, 40'000);
    s.flags = flags_from_byte(flags);
    s.seq = Seq{seq};
    s.ack = Seq{ack};
    s.window = 500;
    s.payload_length = length;
    s.hop_limit = static_cast<std::uint8_t>(frame_);
    s.has_ip_id = true;
    s.ip_id = static_cast<std::uint16_t>(frame_ * 77);
    table_.add(s);
  }
  void add_error(std::uint32_t seq) {
    IcmpError error;
    error.frame = ++frame_;
    error.time_ns = time_ns_ += 1'000'000;
    error.sender = end(0x0a0a0a0a, 0).address;
    error.type = 3;
    error.quoted_source = end(0x0a000001, 40'000);
    error.quoted_destination = end(0xc0000201, 80);
    error.quoted_seq = Seq{seq};
    static_cast<void>(table_.add(error));
  }
  void expect_within(std::size_t each, std::size_t before, std::size_t connections) {
    EXPECT_EQ(table_.size(), connections);
    const std::size_t used = live_bytes - before;
    testing::Test::RecordProperty("bytes_a_connection", static_cast<int>(used / connections));
    EXPECT_LE(used, kAnyTable + each * connections) << used / connections << " bytes a connection";
  }

 private:
  ConnectionTable table_;
  FrameNumber frame_ = 0;
  std::int64_t time_ns_ = 1'400'000'000'000'000'000;
};

constexpr std::uint8_t kFin = 0x11;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kSynAck = 0x12;
constexpr std::uint8_t kRst = 0x04;
constexpr std::uint8_t kRstAck = 0x14;
constexpr std::uint8_t kAck = 0x10;

// As JSON, which is written connection by connection: the text report keeps nothing of each.
TEST(Budget, ATextReportOfAMillionConnections) {
  const std::size_t before = live_bytes;
  TextReport report{{}};
  ReportRow row;
  row.id = find_verdict("setup-refused")->id;
  row.severity = Severity::warn;
  row.seen = {Symptom::refused, true, false};
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    row.client = end(0x0a000001 + i, 40'000);
    row.server = end(0xc0000000 + i, static_cast<std::uint16_t>(i));
    row.first = row.last = row.decisive = {i + 1, 1'400'000'000'000'000'000 + i};
    report.add(row, i);
  }
  constexpr std::size_t kReport = 8 * 1024 * 1024;  // bytes: the hosts that it tells apart
  EXPECT_LE(live_bytes - before, kReport);
  const std::string text = report.write([](std::size_t) { return Report{}; }, "a.pcap");
  EXPECT_NE(text.find("connection refused: 1,000,000 connections"), std::string::npos);
  EXPECT_NE(text.find("and over 999 more"), std::string::npos) << "servers of that kind";
  EXPECT_NE(text.find("980,000 connections of further servers"), std::string::npos) << "servers";
}

TEST(Budget, AMillionSyns) {
  const std::size_t before = live_bytes;
  Capture capture;
  for (std::uint32_t i = 0; i < 1'000'000; ++i) capture.add(i, true, kSyn, i, 0);
  capture.expect_within(kEachScanned, before, 1'000'000);
}

TEST(Budget, AMillionRefusedPorts) {
  const std::size_t before = live_bytes;
  Capture capture;
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    capture.add(i, true, kSyn, i, 0);
    capture.add(i, false, kRstAck, 0, i + 1);
  }
  capture.expect_within(kEachScanned, before, 1'000'000);
}

TEST(Budget, ManyShortConnectionsOfTheSamePorts) {
  const std::size_t before = live_bytes;
  Capture capture;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const std::uint32_t seq = i * 100'000;
    capture.add(0, true, kSyn, seq, 0, 0, true);
    capture.add(0, false, kSynAck, 5, seq + 1, 0, true);
    capture.add(0, true, kAck, seq + 1, 6, 0, true);
    capture.add(0, true, kFin, seq + 1, 6, 0, true);
    capture.add(0, false, kFin, 6, seq + 2, 0, true);
    capture.add(0, true, kAck, seq + 2, 7, 0, true);
  }
  capture.expect_within(kEachConnection, before, 100'000);
}

// Of everything that is counted or kept, more than is kept.
TEST(Budget, AStormOnOneConnection) {
  const std::size_t before = live_bytes;
  Capture capture;
  capture.add(0, true, kSyn, 0, 0, 0, true);
  capture.add(0, false, kSynAck, 0, 1, 0, true);
  capture.add(0, true, kAck, 1, 1, 0, true);
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    capture.add(0, true, kAck, 1 + i * 3000, 1, 1000, true);  // a hole behind each
    capture.add(0, false, kAck, 1, 1 + i, 0, true);
    capture.add(0, i % 2 == 0, kRst, 90'000 + i * 7, 0, 0, true);
    capture.add(0, i % 2 == 0, kSyn, i * 1'000'003, 0, 0, true);
    capture.add_error(i);
  }
  EXPECT_LE(live_bytes - before, kAnyTable + 2 * kEachConnection);
}

TEST(Budget, LongConnections) {
  const std::size_t before = live_bytes;
  Capture capture;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    capture.add(i, true, kSyn, 0, 0);
    capture.add(i, false, kSynAck, 0, 1);
    for (std::uint32_t k = 0; k < 200; ++k) {
      capture.add(i, true, kAck, 1 + k * 100, 1 + k * 70, 100);
      capture.add(i, false, kAck, 1 + k * 70, 1 + k * 50, 70);
    }
  }
  capture.expect_within(kEachConnection, before, 2'000);
}

}  // namespace
}  // namespace tcpteardown
