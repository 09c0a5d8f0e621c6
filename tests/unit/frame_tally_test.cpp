// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/frame_tally.h"

#include <gtest/gtest.h>
#include <pcap/dlt.h>

#include "capture/packet_builder.h"
#include "capture/seg_words.h"

// What is said of frames that nobody could look into.
namespace tcpteardown {
namespace {

constexpr int kFddi = 10;
constexpr int kTokenRing = 6;
constexpr int kNoName = 65'000;

const ReadResult kToTheEnd;

Bytes tcp_frame() {
  Segment segment;
  segment.source = parse_endpoint("10.0.0.1:40000");
  segment.destination = parse_endpoint("10.0.0.2:80");
  return build_segment(segment, {}, {});
}

// A frame of Ethernet with this type and nothing that we know behind it.
Bytes ethernet_of(std::uint16_t type) {
  Bytes bytes(60, 0);
  bytes[12] = static_cast<std::uint8_t>(type >> 8);
  bytes[13] = static_cast<std::uint8_t>(type);
  return bytes;
}

class Tally {
 public:
  Tally& add(int link_type, const Bytes& bytes) {
    RawFrame frame;
    frame.number = ++number_;
    frame.link_type = link_type;
    frame.bytes = bytes;
    frame.wire_length = static_cast<std::uint32_t>(bytes.size());
    tally_.add(frame, decode_frame(frame));
    return *this;
  }
  [[nodiscard]] ReadResult result(const ReadResult& file = kToTheEnd) const { return tally_.result(file); }

 private:
  FrameNumber number_ = 0;
  FrameTally tally_;
};

void expect(const ReadResult& result, ReadOutcome outcome, const char* message) {
  EXPECT_EQ(result.outcome, outcome);
  EXPECT_EQ(result.message, message);
}

TEST(FrameTally, NothingIsSaidOfFramesThatWereRead) {
  expect(Tally().result(), ReadOutcome::complete, "");
  expect(Tally().add(DLT_EN10MB, tcp_frame()).result(), ReadOutcome::complete, "");
  expect(Tally().add(DLT_EN10MB, build_bystander()).result(), ReadOutcome::complete, "");
}

TEST(FrameTally, LinkTypeThatNobodyReadsIsNamed) {
  expect(Tally().add(kFddi, tcp_frame()).result(), ReadOutcome::unreadable,
         "link type 10 (FDDI) is not read; use tshark");
  expect(Tally().add(kNoName, tcp_frame()).result(), ReadOutcome::unreadable,
         "link type 65000 is not read; use tshark");
  expect(Tally().add(kFddi, {}).add(kTokenRing, {}).result(), ReadOutcome::unreadable,
         "link type 6 (IEEE802), link type 10 (FDDI) are not read; use tshark");
}

TEST(FrameTally, AmongOthersItsFramesAreCounted) {
  Tally tally;
  tally.add(kFddi, {}).add(DLT_EN10MB, tcp_frame()).add(kFddi, {});
  expect(tally.result(), ReadOutcome::partial,
         "2 of 3 frames left out: link type 10 (FDDI) is not read; use tshark");
}

TEST(FrameTally, ForgedFilesDoNotFillTheScreen) {
  Tally tally;
  for (int type = 150; type < 160; ++type) tally.add(type, {});
  expect(tally.result(), ReadOutcome::unreadable,
         "link type 150, link type 151, link type 152 and others are not read; use tshark");
}

TEST(FrameTally, NoFrameUnderstoodIsNoCaptureWithoutTcp) {
  expect(Tally().add(DLT_EN10MB, ethernet_of(0x88b5)).result(), ReadOutcome::unreadable,
         "no frame can be read, the first because of EtherType 0x88b5; use tshark");
  Bytes cut = tcp_frame();
  cut.resize(14 + 20 + 15);
  expect(Tally().add(DLT_EN10MB, cut).result(), ReadOutcome::unreadable,
         "no frame can be read, the first is cut short or damaged; use tshark");
}

TEST(FrameTally, FramesNotUnderstoodAreToldOfWhereNoTcpWasFound) {
  Tally tally;
  tally.add(DLT_EN10MB, build_bystander()).add(DLT_EN10MB, ethernet_of(0x88b5));
  expect(tally.result(), ReadOutcome::complete,
         "1 of 2 frames not read, the first because of EtherType 0x88b5");
  expect(tally.add(DLT_EN10MB, tcp_frame()).result(), ReadOutcome::complete, "");
}

TEST(FrameTally, DamageIsToldBesides) {
  const ReadResult cut{ReadOutcome::partial, "the file is cut short"};
  expect(Tally().result(cut), ReadOutcome::partial, "the file is cut short");
  expect(Tally().add(DLT_EN10MB, tcp_frame()).result(cut), ReadOutcome::partial, "the file is cut short");
  expect(Tally().add(kFddi, {}).result(cut), ReadOutcome::unreadable,
         "link type 10 (FDDI) is not read; use tshark; the file is cut short");
}

// Protocols that every network is full of, and that carry no TCP.
TEST(FrameTally, OrdinaryBystandersAreUnderstood) {
  for (const int type : {0x0026, 0x0806, 0x8035, 0x8809, 0x888e, 0x88cc, 0x88f7, 0x9000}) {
    expect(Tally().add(DLT_EN10MB, ethernet_of(static_cast<std::uint16_t>(type))).result(),
           ReadOutcome::complete, "");
  }
  expect(Tally().add(DLT_PPP, parse_hex("c021010a000c")).result(), ReadOutcome::complete, "");
}

}  // namespace
}  // namespace tcpteardown
