// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <pcap/dlt.h>

#include "wrapped_packet.h"

// Tags between Ethernet and IP, tunnels of access points, and 802.11 itself.
namespace tcpteardown {
namespace {

const std::string kSnap = "aaaa03000000 ";

Bytes tagged(const std::string& header, bool is_ipv6 = false) {
  return hex(std::string(kMacs) + header) + ip(is_ipv6);
}

// Frame control, duration, three addresses, the first fragment of packet 1; then what else belongs to the
// header.
Bytes wlan_header(const std::string& control, const std::string& more = "") {
  return hex(control + "0000" + "020000000003 020000000001 020000000002" + "1000" + more);
}

Bytes wlan(const std::string& control = "0801", const std::string& more = "", bool is_ipv6 = false) {
  return wlan_header(control, more) + hex(kSnap + (is_ipv6 ? "86dd" : "0800")) + ip(is_ipv6);
}

Bytes capwap(const std::string& header, const Bytes& inner) { return udp("147f", hex(header) + inner); }

struct Carrier {
  const char* name;
  int link_type;
  Bytes frame;
  bool is_ipv6 = false;
};

class Carriers : public testing::TestWithParam<Carrier> {};

TEST_P(Carriers, GiveTheSameSegment) {
  expect_sample(decode(GetParam().link_type, GetParam().frame), GetParam().is_ipv6);
}

std::string name_of(const testing::TestParamInfo<Carrier>& test) { return test.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Tags, Carriers,
    testing::Values(Carrier{"cisco_metadata", DLT_EN10MB, tagged("8909 01 01 0001 0007 0800")},
                    Carrier{"vn_tag", DLT_EN10MB, tagged("8926 80050006 0800")},
                    Carrier{"vn_tag_vlan", DLT_EN10MB, tagged("8926 80050006 8100 00c8 86dd", true), true},
                    Carrier{"backbone_bridge", DLT_EN10MB,
                            tagged("88a8 0005 88e7 00000007 020000000009 02000000000a 0800")}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Tunnels, Carriers,
    testing::Values(Carrier{"gre_in_udp", DLT_RAW, udp("1292", hex("0000 0800") + ip())},
                    Carrier{"gre_aruba", DLT_RAW, outer_ip(47, hex("0000 8370") + wlan())},
                    Carrier{"capwap_ethernet", DLT_RAW, capwap("00 10 40 00 00000000", ethernet())},
                    Carrier{"capwap_wlan", DLT_RAW, capwap("00 10 43 00 00000000", wlan())},
                    Carrier{"capwap_wlan_swapped", DLT_RAW, capwap("00 10 43 00 00000000", wlan("0108"))},
                    Carrier{"capwap_radio_address", DLT_RAW,
                            capwap("00 20 40 10 00000000 06 020000000009 00", ethernet())}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Wlan, Carriers,
    testing::Values(
        Carrier{"to_access_point", DLT_IEEE802_11, wlan()},
        Carrier{"from_access_point", DLT_IEEE802_11, wlan("0802", "", true), true},
        Carrier{"four_addresses", DLT_IEEE802_11, wlan("0803", "020000000004")},
        Carrier{"qos", DLT_IEEE802_11, wlan("8801", "0000")},
        Carrier{"qos_four_addresses", DLT_IEEE802_11, wlan("8803", "020000000004 0000")},
        Carrier{"ht_control", DLT_IEEE802_11, wlan("8881", "0000 00000000")},
        Carrier{"radiotap", DLT_IEEE802_11_RADIO, hex("0000 0800 00000000") + wlan()},
        Carrier{"radiotap_two_words", DLT_IEEE802_11_RADIO,
                hex("0000 1900 03000080 00000000 00000000 0100000000000000 00") + wlan()},
        Carrier{"radiotap_padded", DLT_IEEE802_11_RADIO,
                hex("0000 1100 03000000 0100000000000000 20") + wlan("8801", "0000 0000")},
        Carrier{"prism", DLT_PRISM_HEADER, hex("44000000 90000000") + Bytes(136, 0) + wlan()},
        Carrier{"prism_big_endian", DLT_PRISM_HEADER, hex("00000044 00000090") + Bytes(136, 0) + wlan()},
        Carrier{"prism_avs", DLT_PRISM_HEADER, hex("80211001 00000040") + Bytes(56, 0) + wlan()},
        Carrier{"avs", DLT_IEEE802_11_RADIO_AVS, hex("80211002 00000040") + Bytes(56, 0) + wlan()}),
    name_of);

FrameContents decode_packet(const Bytes& bytes, std::uint32_t packet) {
  RawFrame frame;
  frame.number = 9;
  frame.time_ns = 77;
  frame.link_type = DLT_IEEE802_11;
  frame.bytes = bytes;
  frame.wire_length = static_cast<std::uint32_t>(bytes.size());
  return decode_frame(frame, packet);
}

// A packet as an aggregate holds it: 66 bytes of SNAP and IPv4, or 86 with IPv6.
Bytes subframe(bool is_ipv6, bool is_last) {
  const Bytes packet = hex(kSnap + (is_ipv6 ? "86dd" : "0800")) + ip(is_ipv6);
  const Bytes length{static_cast<std::uint8_t>(packet.size() >> 8), static_cast<std::uint8_t>(packet.size())};
  const Bytes whole = hex(kMacs) + length + packet;
  return is_last ? whole : whole + Bytes((4 - whole.size() % 4) % 4, 0);
}

TEST(WlanAggregate, HasSeveralPackets) {
  const Bytes frame = wlan_header("8801", "8000") + subframe(false, false) + subframe(true, true);
  expect_sample(decode_packet(frame, 0), false);
  EXPECT_TRUE(decode_packet(frame, 0).has_more_packets);
  expect_sample(decode_packet(frame, 1), true);
  EXPECT_FALSE(decode_packet(frame, 1).has_more_packets);
  EXPECT_FALSE(decode_packet(frame, 2).header);
}

TEST(WlanAggregate, EndsAtTheChecksum) {
  const Bytes frame = wlan_header("8801", "8000") + subframe(false, false) + hex("12345678");
  expect_sample(decode_packet(frame, 0), false);
  EXPECT_FALSE(decode_packet(frame, 0).has_more_packets);
}

Coverage coverage_of(int link_type, const Bytes& bytes) { return decode(link_type, bytes).coverage; }

TEST(WlanFrames, WithoutDataAreUnderstood) {
  EXPECT_EQ(coverage_of(DLT_IEEE802_11, wlan_header("8000")), Coverage::understood);  // beacon
  EXPECT_EQ(coverage_of(DLT_IEEE802_11, wlan_header("b400")), Coverage::understood);  // request to send
  EXPECT_EQ(coverage_of(DLT_IEEE802_11, wlan_header("4801")), Coverage::understood);  // no data
  const Bytes later_fragment = wlan_header("0801");
  Bytes numbered = later_fragment;
  numbered[22] |= 1;
  EXPECT_EQ(coverage_of(DLT_IEEE802_11, numbered), Coverage::understood);
}

TEST(WlanFrames, EncryptedOnesAreNot) {
  const FrameContents found = decode(DLT_IEEE802_11, wlan("0841"));
  EXPECT_FALSE(found.header);
  EXPECT_EQ(found.coverage, Coverage::not_understood);
  EXPECT_EQ(found.obstacle.what, "encrypted 802.11 data");
}

TEST(Capwap, CarriesNoPacketInKeepAlivesEncryptionAndLaterFragments) {
  EXPECT_EQ(decode(DLT_RAW, capwap("00 10 40 08 00000000", ethernet())).coverage, Coverage::understood);
  EXPECT_FALSE(decode(DLT_RAW, capwap("00 10 40 08 00000000", ethernet())).header);
  EXPECT_FALSE(decode(DLT_RAW, capwap("00 10 40 80 00010008", ethernet())).header);
  EXPECT_TRUE(decode(DLT_RAW, capwap("00 10 40 80 00010000", ethernet())).header);
  EXPECT_EQ(decode(DLT_RAW, capwap("01 000000", Bytes(60, 7))).coverage, Coverage::not_understood);
}

}  // namespace
}  // namespace tcpteardown
