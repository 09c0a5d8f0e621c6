// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <unordered_set>

#include "wire/flow_key.h"

namespace tcpteardown {
namespace {

IpAddress address(const std::string& text) {
  IpAddress result;
  result.is_ipv6 = text.find(':') != std::string::npos;
  EXPECT_EQ(inet_pton(result.is_ipv6 ? AF_INET6 : AF_INET, text.c_str(), result.bytes.data()), 1) << text;
  return result;
}

struct TextCase {
  const char* given;
  const char* shown;
};

class AddressText : public testing::TestWithParam<TextCase> {};

TEST_P(AddressText, IsCanonical) { EXPECT_EQ(to_string(address(GetParam().given)), GetParam().shown); }

// The rules of RFC 5952 §4 and §5, in its order.
INSTANTIATE_TEST_SUITE_P(
    Rfc5952, AddressText,
    testing::Values(TextCase{"0.0.0.0", "0.0.0.0"}, TextCase{"255.1.20.3", "255.1.20.3"},
                    TextCase{"2001:0db8:0000:0000:0000:0000:0002:0001", "2001:db8::2:1"},
                    TextCase{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},  // one group is not shortened
                    TextCase{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},           // the longest run
                    TextCase{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},     // the first of two equal
                    TextCase{"2001:DB8::ABCD", "2001:db8::abcd"}, TextCase{"::", "::"},
                    TextCase{"::1", "::1"}, TextCase{"1::", "1::"}, TextCase{"fe80::1:0", "fe80::1:0"},
                    TextCase{"0:0:1::", "0:0:1::"}, TextCase{"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
                    TextCase{"::ffff:192.0.2.1", "::ffff:192.0.2.1"}));

TEST(AddressText, ReadsBackAsWhatItWas) {
  std::mt19937 random{1};
  for (int round = 0; round < 2000; ++round) {
    IpAddress original;
    original.is_ipv6 = true;
    for (auto& byte : original.bytes) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0);
    EXPECT_EQ(address(to_string(original)), original) << to_string(original);
  }
}

TEST(EndpointText, PutsIpv6InBrackets) {
  EXPECT_EQ(to_string(TcpEndpoint{address("10.0.0.1"), 80}), "10.0.0.1:80");
  EXPECT_EQ(to_string(TcpEndpoint{address("2001:db8::1"), 65535}), "[2001:db8::1]:65535");
}

TEST(FlowKey, IsTheSameBothWays) {
  const TcpEndpoint one{address("10.0.0.1"), 5};
  const TcpEndpoint other{address("10.0.0.1"), 4};
  EXPECT_EQ(flow_key(one, other), flow_key(other, one));
  EXPECT_NE(flow_key(one, other), flow_key(one, one));
  EXPECT_EQ(FlowKeyHash{9}(flow_key(one, other)), FlowKeyHash{9}(flow_key(other, one)));
}

TEST(FlowKeyHash, SpreadsNeighboursAndDependsOnItsSeed) {
  std::unordered_set<std::size_t> hashes;
  int same = 0;
  for (std::uint16_t port = 0; port < 10'000; ++port) {
    const FlowKey key = flow_key({address("10.0.0.1"), port}, {address("10.0.0.2"), 80});
    hashes.insert(FlowKeyHash{1}(key)&0xffff);
    if (FlowKeyHash{1}(key) == FlowKeyHash{2}(key)) ++same;
  }
  // 10,000 balls in 65,536 boxes leave about 9,275 of them hit.
  EXPECT_GT(hashes.size(), 9'000U);
  EXPECT_EQ(same, 0);
}

}  // namespace
}  // namespace tcpteardown
