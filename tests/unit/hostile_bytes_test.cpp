// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <pcap/dlt.h>

#include <random>
#include <vector>

#include "capture/frame_decoder.h"
#include "capture/packet_builder.h"

// Bytes that nobody should send. The decoder must end, stay inside the frame, and tell nothing
// that is not there; the fuzzers go on where this stops.
namespace tcpteardown {
namespace {

constexpr int kLinkTypes[] = {DLT_EN10MB,
                              DLT_LINUX_SLL,
                              DLT_LINUX_SLL2,
                              DLT_NULL,
                              DLT_LOOP,
                              DLT_RAW,
                              DLT_IPV4,
                              DLT_IPV6,
                              DLT_PPP,
                              DLT_PPP_SERIAL,
                              DLT_PPP_ETHER,
                              DLT_C_HDLC,
                              DLT_IEEE802_11,
                              DLT_IEEE802_11_RADIO,
                              DLT_IEEE802_11_RADIO_AVS,
                              DLT_PRISM_HEADER,
                              147};

FrameContents decode(int link_type, std::span<const std::uint8_t> bytes, std::uint32_t wire_length) {
  RawFrame frame;
  frame.number = 1;
  frame.link_type = link_type;
  frame.bytes = bytes;
  frame.wire_length = wire_length;
  return decode_frame(frame);
}

TEST(HostileBytes, RandomFrames) {
  std::mt19937 random{4};
  for (int round = 0; round < 50'000; ++round) {
    Bytes bytes(random() % 120);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    for (const int link_type : kLinkTypes) {
      const FrameContents found = decode(link_type, bytes, static_cast<std::uint32_t>(bytes.size()));
      EXPECT_LE(found.header ? found.header->segment.payload.size() : 0, bytes.size());
    }
  }
}

TEST(HostileBytes, EveryPrefixOfAPacketWithAnyLengthField) {
  Segment segment;
  segment.source.port = 1;
  const Bytes whole = build_segment(segment, {}, Bytes(40, 'x'));
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    for (const std::uint32_t wire :
         {std::uint32_t{0}, std::uint32_t{1}, static_cast<std::uint32_t>(size), 0xffff'ffffU}) {
      static_cast<void>(decode(DLT_EN10MB, std::span(whole).first(size), wire));
    }
  }
}

TEST(HostileBytes, FlippedBytesOfARealPacket) {
  Segment segment;
  segment.source.port = 1;
  segment.hop_limit = 64;
  const Bytes whole = build_segment(segment, Bytes(40, 1), Bytes(40, 'x'));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      Bytes changed = whole;
      changed[at] = static_cast<std::uint8_t>(value);
      static_cast<void>(decode(DLT_EN10MB, changed, static_cast<std::uint32_t>(changed.size())));
    }
  }
}

// A tag in a tag in a tag …, an IP packet in an IP packet …: the depth is bounded, not the frame.
TEST(HostileBytes, EndlessNestingEnds) {
  Bytes tags(12, 0);
  while (tags.size() < 65'000) {
    for (const int byte : {0x81, 0x00, 0x00, 0x01}) tags.push_back(static_cast<std::uint8_t>(byte));
  }
  EXPECT_FALSE(decode(DLT_EN10MB, tags, static_cast<std::uint32_t>(tags.size())).header);
  Bytes packets;
  while (packets.size() < 65'000) {
    for (const int byte : {0x45, 0, 0, 0, 0, 1, 0, 0, 64, 4, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2}) {
      packets.push_back(static_cast<std::uint8_t>(byte));
    }
  }
  EXPECT_FALSE(decode(DLT_RAW, packets, static_cast<std::uint32_t>(packets.size())).header);
}

}  // namespace
}  // namespace tcpteardown
