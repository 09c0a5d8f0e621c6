// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "capture/frame_decoder.h"
#include "capture/packet_builder.h"
#include "capture/seg_words.h"

// One TCP packet to be wrapped in everything: what is read of it must be the same.
namespace tcpteardown {

inline Bytes hex(std::string text) {
  std::erase(text, ' ');
  return parse_hex(text);
}

inline Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline const Bytes kPayload{'h', 'e', 'l', 'l', 'o'};

inline Segment sample(bool is_ipv6) {
  Segment segment;
  segment.source = parse_endpoint(is_ipv6 ? "[2001:db8::1]:40000" : "10.0.0.1:40000");
  segment.destination = parse_endpoint(is_ipv6 ? "[2001:db8::2]:80" : "10.0.0.2:80");
  segment.seq = Seq{0xfffffff0};
  segment.ack = Seq{7};
  segment.flags = {.psh = true, .ack = true};
  segment.window = 512;
  segment.hop_limit = 61;
  segment.ip_id = 0x1234;
  segment.dont_fragment = true;
  segment.link_source = 0x02'11'22'33'44'55;
  return segment;
}

inline Bytes ethernet(bool is_ipv6 = false) {
  return build_segment(sample(is_ipv6), hex("0103 0307"), kPayload);
}

inline Bytes ip(bool is_ipv6 = false) {
  const Bytes frame = ethernet(is_ipv6);
  return {frame.begin() + 14, frame.end()};
}

inline FrameContents decode(int link_type, const Bytes& bytes, std::uint32_t wire_length = 0) {
  RawFrame frame;
  frame.number = 9;
  frame.time_ns = 77;
  frame.link_type = link_type;
  frame.bytes = bytes;
  frame.wire_length = std::max(wire_length, static_cast<std::uint32_t>(bytes.size()));
  return decode_frame(frame);
}

inline void expect_sample(const FrameContents& found, bool is_ipv6) {
  ASSERT_TRUE(found.header);
  EXPECT_FALSE(found.error);
  EXPECT_EQ(found.header->use, HeaderUse::segment);
  const Segment& segment = found.header->segment;
  const Segment expected = sample(is_ipv6);
  EXPECT_EQ(segment.frame, 9U);
  EXPECT_EQ(segment.time_ns, 77);
  EXPECT_EQ(segment.source, expected.source);
  EXPECT_EQ(segment.destination, expected.destination);
  EXPECT_EQ(segment.seq, expected.seq);
  EXPECT_EQ(segment.ack, expected.ack);
  EXPECT_EQ(segment.flags, expected.flags);
  EXPECT_EQ(segment.window, 512);
  EXPECT_EQ(segment.hop_limit, 61);
  EXPECT_EQ(segment.has_ip_id, !is_ipv6);
  EXPECT_EQ(segment.ip_id, is_ipv6 ? 0 : 0x1234);
  EXPECT_EQ(segment.dont_fragment, !is_ipv6);
  EXPECT_EQ(segment.payload_length, 5U);
  EXPECT_TRUE(segment.payload_length_known);
  EXPECT_TRUE(std::equal(segment.payload.begin(), segment.payload.end(), kPayload.begin(), kPayload.end()));
  EXPECT_EQ(segment.options.window_scale, 7);
  EXPECT_TRUE(segment.options_complete);
}

// IPv4 header of a packet to carry, its checksum left out: nobody looks at it.
inline Bytes outer_ip(std::uint8_t protocol, const Bytes& content) {
  Bytes out = hex("4500 0000 0001 0000 40") + Bytes{protocol} + hex("0000 c0000201 c0000202") + content;
  out[2] = static_cast<std::uint8_t>(out.size() >> 8);
  out[3] = static_cast<std::uint8_t>(out.size());
  return out;
}

inline Bytes udp(const std::string& port, const Bytes& content) {
  return outer_ip(17, hex("c000" + port + "0000 0000") + content);
}

inline Bytes ipv6_with(std::uint8_t next, const Bytes& extension) {
  Bytes packet = ip(true);
  const Bytes tcp{packet.begin() + 40, packet.end()};
  packet.resize(40);
  packet[6] = next;
  const std::size_t size = extension.size() + tcp.size();
  packet[4] = static_cast<std::uint8_t>(size >> 8);
  packet[5] = static_cast<std::uint8_t>(size);
  return packet + extension + tcp;
}

inline const char* const kMacs = "020000000001 020000000002 ";

struct Wrapping {
  const char* name;
  int link_type;
  Bytes frame;
  bool is_ipv6 = false;
};

}  // namespace tcpteardown
