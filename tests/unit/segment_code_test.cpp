// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/segment_code.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

// decode(encode(s)) == s in all that the facts are made of, whatever a host or a forger sends.
namespace tcpteardown {
namespace {

class Random {
 public:
  bool one_in(unsigned n) { return source_() % n == 0; }
  std::uint32_t any() { return static_cast<std::uint32_t>(source_()); }
  // Mostly near, sometimes anywhere.
  std::uint32_t near(std::uint32_t value) { return one_in(4) ? any() : value + any() % 7 - 3; }

 private:
  std::mt19937 source_{3};
};

HttpHead any_head(Random& random) {
  HttpHead head;
  head.message = static_cast<HttpMessage>(1 + random.any() % 3);
  head.status = static_cast<std::uint16_t>(random.any() % 1'000);
  head.length = static_cast<std::uint16_t>(random.any() % 2'049);
  head.has_content_length = random.one_in(2);
  if (random.one_in(2)) head.content_length = random.any() % 1'000'000'000;
  head.has_transfer_encoding = random.one_in(2);
  head.is_chunked = random.one_in(2);
  return head;
}

PayloadSigns any_signs(Random& random, std::uint32_t length) {
  PayloadSigns signs;
  signs.captured = random.near(length);
  signs.last_chunk = static_cast<LastChunk>(random.any() % 3);
  signs.tls = static_cast<TlsSign>(random.any() % 4);
  if (signs.tls == TlsSign::fatal_alert) signs.fatal_alert_code = static_cast<std::uint8_t>(random.any());
  if (random.one_in(3)) signs.http = any_head(random);
  return signs;
}

TcpOptions any_options(Random& random) {
  TcpOptions o;
  if (random.one_in(3)) o.mss = static_cast<std::uint16_t>(random.any());
  if (random.one_in(3)) o.window_scale = static_cast<std::uint8_t>(random.any());
  o.sack_blocks = static_cast<std::uint8_t>(random.any() % 5);
  for (std::size_t i = 0; i < o.sack_blocks; ++i) o.sack[i] = {Seq{random.any()}, Seq{random.any()}};
  o.has_timestamps = random.one_in(2);
  if (o.has_timestamps) o.ts_value = random.near(1'000);
  if (o.has_timestamps) o.ts_echo = random.near(1'000);
  if (random.one_in(4)) o.mptcp = static_cast<MptcpOption>(random.any() % 7);
  if (o.mptcp != MptcpOption::none) o.mptcp_reset_reason = static_cast<std::uint8_t>(random.any());
  return o;
}

std::int64_t any_time(Random& random, std::int64_t last) {
  constexpr std::int64_t kMost = (std::int64_t{1} << 62) - 1;  // to which the table holds it
  if (random.one_in(20)) return random.one_in(2) ? kMost : -kMost;
  return random.one_in(3) ? std::int64_t{random.any()} * random.any() % kMost
                          : last / 2 + static_cast<std::int64_t>(random.any() % 50'000'000);
}

Segment any_segment(Random& random, const Segment& last) {
  Segment s;
  s.frame = random.near(last.frame);
  s.time_ns = any_time(random, last.time_ns);
  s.seq = {random.near(last.seq.raw)};
  s.ack = {random.near(last.ack.raw)};
  s.flags = flags_from_byte(static_cast<std::uint8_t>(random.any()));
  s.window = static_cast<std::uint16_t>(random.near(last.window));
  s.payload_length = random.one_in(2) ? 0 : random.near(1'448);
  s.payload_length_known = !random.one_in(5);
  s.options_complete = !random.one_in(5);
  if (!random.one_in(3)) s.options = any_options(random);
  s.signs = any_signs(random, s.payload_length);
  if (s.signs.captured == 0 || random.one_in(4)) s.signs = {};  // no payload, no signs
  s.hop_limit = static_cast<std::uint8_t>(random.near(last.hop_limit));
  s.has_ip_id = random.one_in(2);
  s.ip_id = static_cast<std::uint16_t>(random.near(last.ip_id));
  s.dont_fragment = random.one_in(2);
  if (random.one_in(3)) s.checksum = static_cast<Checksum>(random.any() % 3);
  s.link_source = random.one_in(5) ? std::uint64_t{random.any()} << 32 | random.any() : last.link_source;
  return s;
}

void expect_same_options(const TcpOptions& a, const TcpOptions& b) {
  EXPECT_EQ(a.mss, b.mss);
  EXPECT_EQ(a.window_scale, b.window_scale);
  EXPECT_EQ(a.sack_blocks, b.sack_blocks);
  EXPECT_EQ(a.sack, b.sack);
  EXPECT_EQ(a.has_timestamps, b.has_timestamps);
  EXPECT_EQ(a.ts_value, b.ts_value);
  EXPECT_EQ(a.ts_echo, b.ts_echo);
  EXPECT_EQ(a.mptcp, b.mptcp);
  EXPECT_EQ(a.mptcp_reset_reason, b.mptcp_reset_reason);
}

void expect_same(const Segment& a, const Segment& b) {
  EXPECT_EQ(a.frame, b.frame);
  EXPECT_EQ(a.time_ns, b.time_ns);
  EXPECT_EQ(a.seq, b.seq);
  EXPECT_EQ(a.ack, b.ack);
  EXPECT_EQ(a.flags, b.flags);
  EXPECT_EQ(a.window, b.window);
  EXPECT_EQ(a.payload_length, b.payload_length);
  EXPECT_EQ(a.payload_length_known, b.payload_length_known);
  expect_same_options(a.options, b.options);
  EXPECT_EQ(a.options_complete, b.options_complete);
  EXPECT_EQ(a.signs, b.signs);
  EXPECT_EQ(a.hop_limit, b.hop_limit);
  EXPECT_EQ(a.has_ip_id, b.has_ip_id);
  EXPECT_EQ(a.ip_id, b.ip_id);
  EXPECT_EQ(a.dont_fragment, b.dont_fragment);
  EXPECT_EQ(a.link_source, b.link_source);
  EXPECT_EQ(a.checksum, b.checksum);
}

TEST(SegmentCode, GivesBackAnySegments) {
  Random random;
  for (int run = 0; run < 2'000; ++run) {
    std::vector<Segment> segments;
    std::vector<Side> senders;
    std::vector<std::uint8_t> bytes;
    Told told;
    for (int i = 0; i < 20; ++i) {
      segments.push_back(any_segment(random, segments.empty() ? Segment{} : segments.back()));
      senders.push_back(random.one_in(2) ? Side::a : Side::b);
      const SegmentCode code = encode(segments.back(), senders.back(), told);
      ASSERT_LE(code.size, kLongestCode);
      bytes.insert(bytes.end(), code.view().begin(), code.view().end());
    }
    std::span<const std::uint8_t> rest{bytes};
    Told heard;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const DecodedSegment decoded = decode(rest, heard);
      ASSERT_FALSE(decoded.is_icmp);
      EXPECT_EQ(decoded.side, senders[i]);
      expect_same(decoded.segment, segments[i]);
      ASSERT_FALSE(HasFailure()) << "segment " << i << " of run " << run;
    }
    EXPECT_TRUE(rest.empty());
  }
}

TEST(SegmentCode, GivesBackAnIcmpError) {
  IcmpError error;
  error.frame = 7;
  error.time_ns = -5;
  error.sender.is_ipv6 = true;
  error.sender.bytes[15] = 9;
  error.is_icmpv6 = true;
  error.type = 1;
  error.code = 4;
  error.quoted_seq = {0xffff'fff0};
  Told told;
  const SegmentCode code = encode(error, Side::b, told);
  std::span<const std::uint8_t> rest = code.view();
  Told heard;
  const DecodedSegment decoded = decode(rest, heard);
  ASSERT_TRUE(decoded.is_icmp);
  EXPECT_EQ(decoded.side, Side::b);
  EXPECT_EQ(decoded.error.frame, 7U);
  EXPECT_EQ(decoded.error.time_ns, -5);
  EXPECT_EQ(decoded.error.sender, error.sender);
  EXPECT_TRUE(decoded.error.is_icmpv6);
  EXPECT_EQ(decoded.error.type, 1);
  EXPECT_EQ(decoded.error.code, 4);
  EXPECT_EQ(decoded.error.quoted_seq, error.quoted_seq);
  EXPECT_TRUE(rest.empty());
}

TEST(SegmentCode, IsShortForOrdinarySegments) {
  Told told;
  Segment s;
  s.hop_limit = 64;
  s.has_ip_id = s.dont_fragment = true;
  s.options.has_timestamps = true;
  std::size_t size = 0;
  for (FrameNumber i = 1; i <= 100; ++i) {
    const bool is_data = i % 2 == 1;
    s.frame += 5;
    s.time_ns += 1'500'000;
    s.flags = {.psh = is_data, .ack = true};
    s.payload_length = s.signs.captured = is_data ? 1'448 : 0;
    s.checksum = is_data ? Checksum::unknown : Checksum::right;
    s.seq = told.side(is_data ? Side::a : Side::b).next;
    s.ack = told.side(is_data ? Side::b : Side::a).next;
    ++s.options.ts_value;
    ++s.ip_id;
    size += encode(s, is_data ? Side::a : Side::b, told).size;
  }
  EXPECT_LE(size / 100, 12U);
}

}  // namespace
}  // namespace tcpteardown
