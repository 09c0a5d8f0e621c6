// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <pcap/dlt.h>

#include <algorithm>
#include <string>

#include "wrapped_packet.h"

// One TCP packet in every wrapping: what is read of it must be the same.
namespace tcpteardown {
namespace {

class Wrapped : public testing::TestWithParam<Wrapping> {};

TEST_P(Wrapped, GivesTheSameSegment) {
  expect_sample(decode(GetParam().link_type, GetParam().frame), GetParam().is_ipv6);
}

INSTANTIATE_TEST_SUITE_P(
    Link, Wrapped,
    testing::Values(
        Wrapping{"ethernet", DLT_EN10MB, ethernet()},
        Wrapping{"ethernet_ipv6", DLT_EN10MB, ethernet(true), true},
        Wrapping{"vlan", DLT_EN10MB, hex(std::string(kMacs) + "8100 0005 0800") + ip()},
        Wrapping{"qinq", DLT_EN10MB, hex(std::string(kMacs) + "88a8 0005 8100 0006 86dd") + ip(true), true},
        Wrapping{"old_qinq", DLT_EN10MB, hex(std::string(kMacs) + "9100 0005 8100 0006 0800") + ip()},
        Wrapping{"snap", DLT_EN10MB, hex(std::string(kMacs) + "003d aaaa03 000000 0800") + ip()},
        Wrapping{"pppoe", DLT_EN10MB, hex(std::string(kMacs) + "8864 1100 0001 0033 0021") + ip()},
        Wrapping{"pppoe_ipv6", DLT_EN10MB, hex(std::string(kMacs) + "8864 1100 0001 0047 0057") + ip(true),
                 true},
        Wrapping{"mpls", DLT_EN10MB, hex(std::string(kMacs) + "8847 00003040 00004140") + ip()},
        Wrapping{"mpls_pseudowire", DLT_EN10MB,
                 hex(std::string(kMacs) + "8847 00003140 00000000") + ethernet()},
        Wrapping{"sll", DLT_LINUX_SLL, hex("0000 0001 0006 021122334455 0000 0800") + ip()},
        Wrapping{"sll2", DLT_LINUX_SLL2, hex("0800 0000 00000002 0001 00 06 021122334455 0000") + ip()},
        Wrapping{"raw", DLT_RAW, ip()}, Wrapping{"raw_ipv6", DLT_RAW, ip(true), true},
        Wrapping{"ipv4", DLT_IPV4, ip()}, Wrapping{"ipv6", DLT_IPV6, ip(true), true},
        Wrapping{"null_little_endian", DLT_NULL, hex("02000000") + ip()},
        Wrapping{"null_big_endian", DLT_NULL, hex("00000002") + ip()},
        Wrapping{"null_macos_ipv6", DLT_NULL, hex("1e000000") + ip(true), true},
        Wrapping{"loop", DLT_LOOP, hex("00000002") + ip()}, Wrapping{"ppp", DLT_PPP, hex("ff03 0021") + ip()},
        Wrapping{"ppp_short_protocol", DLT_PPP, hex("21") + ip()},
        Wrapping{"hdlc", DLT_C_HDLC, hex("0f00 0800") + ip()},
        Wrapping{"ppp_serial", DLT_PPP_SERIAL, hex("ff03 0057") + ip(true), true}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Tunnel, Wrapped,
    testing::Values(
        Wrapping{"ip_in_ip", DLT_RAW, outer_ip(4, ip())},
        Wrapping{"six_in_four", DLT_RAW, outer_ip(41, ip(true)), true},
        Wrapping{"gre", DLT_RAW, outer_ip(47, hex("0000 0800") + ip())},
        Wrapping{"gre_all_fields", DLT_RAW,
                 outer_ip(47, hex("b000 86dd 00000000 00000001 00000002") + ip(true)), true},
        Wrapping{"gre_ethernet", DLT_RAW, outer_ip(47, hex("0000 6558") + ethernet())},
        Wrapping{"pptp", DLT_RAW, outer_ip(47, hex("3081 880b 00100005 00000001 00000001 ff03 0021") + ip())},
        Wrapping{"erspan1", DLT_RAW, outer_ip(47, hex("0000 88be") + ethernet())},
        Wrapping{"erspan2", DLT_RAW, outer_ip(47, hex("1000 88be 00000001 10000000 00000000") + ethernet())},
        Wrapping{"erspan3", DLT_RAW,
                 outer_ip(47, hex("1000 22eb 00000001 20000000 00000000 00000000") + ethernet())},
        Wrapping{"ether_ip", DLT_RAW, outer_ip(97, hex("3000") + ethernet())},
        Wrapping{"mpls_in_ip", DLT_RAW, outer_ip(137, hex("00003140") + ip())},
        Wrapping{"vxlan", DLT_RAW, udp("12b5", hex("08000000 00000300") + ethernet())},
        Wrapping{"vxlan_gpe", DLT_RAW, udp("12b6", hex("0c000001 00000000") + ip())},
        Wrapping{"geneve_with_option", DLT_RAW,
                 udp("17c1", hex("02006558 00000300 0001 01 01 00000000") + ethernet())},
        Wrapping{"gtp_u", DLT_RAW, udp("0868", hex("30ff0000 00000001") + ip())},
        Wrapping{"gtp_u_with_extension", DLT_RAW,
                 udp("0868", hex("34ff0000 00000001 00000085 01000000") + ip(true)), true},
        Wrapping{"teredo", DLT_RAW, udp("0dd8", ip(true)), true},
        Wrapping{"teredo_with_origin", DLT_RAW, udp("0dd8", hex("0000 010203040506") + ip(true)), true},
        Wrapping{"ayiya", DLT_RAW, udp("13d0", hex("42 53 21 29 00000000") + Bytes(16 + 20, 0) + ip(true)),
                 true}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Ipv6Extensions, Wrapped,
    testing::Values(Wrapping{"hop_by_hop", DLT_IPV6, ipv6_with(0, hex("06 00 010400000000")), true},
                    Wrapping{"destination_then_routing", DLT_IPV6,
                             ipv6_with(60, hex("2b 00 010400000000 06 00 0000 00000000")), true},
                    Wrapping{"unfragmented_fragment", DLT_IPV6, ipv6_with(44, hex("06 00 0000 00000001")),
                             true},
                    Wrapping{"authentication", DLT_IPV6,
                             ipv6_with(51, hex("06 04 0000 00000001 00000001") + Bytes(12, 9)), true}),
    [](const auto& test) { return test.param.name; });

TEST(Decoder, LengthZeroIsWhatTheNetworkCardWasToCut) {
  Bytes packet = ip();
  packet[2] = packet[3] = 0;
  expect_sample(decode(DLT_RAW, packet), false);
  packet = ip(true);
  packet[4] = packet[5] = 0;
  expect_sample(decode(DLT_RAW, packet), true);
}

TEST(Decoder, EthernetPaddingIsNoPayload) {
  expect_sample(decode(DLT_EN10MB, ethernet() + Bytes(6, 0)), false);
}

TEST(Decoder, LengthComesFromTheIpHeaderWhateverWasCaptured) {
  const Bytes whole = ethernet();
  const auto size = static_cast<std::uint32_t>(whole.size());
  for (std::size_t captured = 14 + 20 + 16; captured < whole.size(); ++captured) {
    const FrameContents found =
        decode(DLT_EN10MB, {whole.begin(), whole.begin() + static_cast<long>(captured)}, size);
    ASSERT_TRUE(found.header) << captured;
    const Segment& segment = found.header->segment;
    EXPECT_EQ(segment.payload_length, 5U) << captured;
    EXPECT_EQ(segment.window, 512) << captured;
    EXPECT_EQ(segment.options_complete, captured >= 14 + 20 + 24) << captured;
    EXPECT_EQ(segment.payload.size(), captured < 58 ? 0 : captured - 58) << captured;
  }
}

TEST(Decoder, CutBeforeTheWindowIsNoSegment) {
  const Bytes whole = ethernet();
  const Bytes cut{whole.begin(), whole.begin() + 14 + 20 + 15};
  const FrameContents found = decode(DLT_EN10MB, cut, 63);
  ASSERT_TRUE(found.header);
  EXPECT_EQ(found.header->use, HeaderUse::cut);
  EXPECT_EQ(found.coverage, Coverage::not_understood);
  EXPECT_FALSE(decode(DLT_EN10MB, {whole.begin(), whole.begin() + 14 + 20 + 13}, 63).header);
}

TEST(Decoder, FirstFragmentHasNoKnownLengthAndLaterOnesNoHeader) {
  Bytes packet = ip();
  packet[6] = 0x20;
  FrameContents found = decode(DLT_RAW, packet);
  ASSERT_TRUE(found.header);
  EXPECT_FALSE(found.header->segment.payload_length_known);
  packet[6] = 0x00;
  packet[7] = 0x10;
  EXPECT_FALSE(decode(DLT_RAW, packet).header);
  found = decode(DLT_IPV6, ipv6_with(44, hex("06 00 0001 00000001")));
  ASSERT_TRUE(found.header);
  EXPECT_FALSE(found.header->segment.payload_length_known);
  EXPECT_FALSE(decode(DLT_IPV6, ipv6_with(44, hex("06 00 0008 00000001"))).header);
}

TEST(Decoder, HeaderLengthsThatNoReceiverTakes) {
  Bytes packet = ip();
  packet[20 + 12] = 0x40;
  EXPECT_EQ(decode(DLT_RAW, packet).header->use, HeaderUse::short_header);
  packet[20 + 12] = 0xf0;
  EXPECT_EQ(decode(DLT_RAW, packet).header->use, HeaderUse::beyond_packet);
}

IcmpError unreachable(bool is_ipv6) {
  IcmpError error;
  error.sender = parse_address(is_ipv6 ? "2001:db8::fe" : "192.0.2.254");
  error.is_icmpv6 = is_ipv6;
  error.type = is_ipv6 ? 1 : 3;
  error.code = is_ipv6 ? 4 : 13;
  return error;
}

class IcmpErrors : public testing::TestWithParam<bool> {};

TEST_P(IcmpErrors, QuoteATcpHeaderThatIsNoSegment) {
  const FrameContents found = decode(DLT_EN10MB, build_error(unreachable(GetParam()), sample(GetParam())));
  ASSERT_TRUE(found.header);
  EXPECT_EQ(found.header->use, HeaderUse::quoted);
  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->frame, 9U);
  EXPECT_EQ(found.error->time_ns, 77);
  EXPECT_EQ(found.error->sender, unreachable(GetParam()).sender);
  EXPECT_EQ(found.error->is_icmpv6, GetParam());
  EXPECT_EQ(found.error->type, unreachable(GetParam()).type);
  EXPECT_EQ(found.error->code, unreachable(GetParam()).code);
  EXPECT_EQ(found.error->quoted_source, sample(GetParam()).source);
  EXPECT_EQ(found.error->quoted_destination, sample(GetParam()).destination);
  EXPECT_EQ(found.error->quoted_seq, sample(GetParam()).seq);
}

TEST_P(IcmpErrors, MayQuoteNoMoreThanEightBytesOfTcp) {
  Bytes frame = build_error(unreachable(GetParam()), sample(GetParam()));
  frame.resize(frame.size() - 12);
  FrameContents found = decode(DLT_EN10MB, frame);
  EXPECT_FALSE(found.header);
  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->quoted_seq, sample(GetParam()).seq);
  frame.resize(frame.size() - 1);
  found = decode(DLT_EN10MB, frame);
  EXPECT_FALSE(found.error);
}

// Wireshark reads no more of a redirect, and gives its quotation no stream.
TEST(IcmpRedirect, QuotesEightBytesHoweverManyThereAre) {
  IcmpError redirect = unreachable(false);
  redirect.type = 5;
  const FrameContents found = decode(DLT_EN10MB, build_error(redirect, sample(false)));
  EXPECT_FALSE(found.header);
  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->quoted_seq, sample(false).seq);
}

TEST_P(IcmpErrors, EchoIsNoError) {
  IcmpError echo = unreachable(GetParam());
  echo.type = GetParam() ? 128 : 8;
  const FrameContents found = decode(DLT_EN10MB, build_error(echo, sample(GetParam())));
  EXPECT_FALSE(found.header);
  EXPECT_FALSE(found.error);
}

INSTANTIATE_TEST_SUITE_P(Versions, IcmpErrors, testing::Bool(),
                         [](const auto& test) { return test.param ? "ipv6" : "ipv4"; });

}  // namespace
}  // namespace tcpteardown
