// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/seg_script.h"

#include <gtest/gtest.h>
#include <pcap/dlt.h>

#include <string>

#include "capture/frame_decoder.h"

namespace tcpteardown {
namespace {

Script good(const std::string& text) {
  ScriptResult result = parse_script(text);
  EXPECT_EQ(result.error, "") << describe_error(result);
  return std::move(result.script);
}

Segment segment(const Script& script, std::size_t number) {
  RawFrame frame;
  frame.number = static_cast<FrameNumber>(number);
  frame.time_ns = script.frames.at(number - 1).time_ns;
  frame.bytes = script.frames[number - 1].bytes;
  frame.link_type = DLT_EN10MB;
  frame.wire_length = static_cast<std::uint32_t>(frame.bytes.size());
  const FrameContents contents = decode_frame(frame);
  EXPECT_TRUE(contents.header);
  return contents.header ? contents.header->segment : Segment{};
}

TEST(Script, HandshakeIsThreeFramesInARoundTrip) {
  const Script script = good("iss A 100 B 900\nhandshake rtt .5\n");
  ASSERT_EQ(script.frames.size(), 3U);
  EXPECT_EQ(script.frames[2].time_ns - script.frames[0].time_ns, 500'000'000);
  EXPECT_EQ(segment(script, 1).seq, Seq{100});
  EXPECT_EQ(segment(script, 2).seq, Seq{900});
  EXPECT_EQ(segment(script, 2).ack, Seq{101});
  EXPECT_EQ(segment(script, 3).ack, Seq{901});
  EXPECT_EQ(to_string(segment(script, 2).source), "10.0.0.2:80");
}

TEST(Script, SegmentLineSaysAllThatAHeaderHolds) {
  const Script script = good(
      "hosts A [2001:db8::1]:1234 B [2001:db8::2]:443\n"
      "iss A 4294967290 B 50\n"
      "+1.5 A > SP. 0:3(3) ack 7 win 300 <mss 1000,sackOK,TS val 5 ecr 6> ttl 9 payload \"ab\\n\"\n");
  const Segment found = segment(script, 1);
  EXPECT_EQ(to_string(found.source), "[2001:db8::1]:1234");
  EXPECT_EQ(found.seq, Seq{4294967290});
  EXPECT_EQ(found.ack, Seq{57});
  EXPECT_EQ(found.flags, (Flags{.syn = true, .psh = true, .ack = true}));
  EXPECT_EQ(found.window, 300);
  EXPECT_EQ(found.options.mss, 1000);
  EXPECT_EQ(found.hop_limit, 9);
  EXPECT_EQ(std::string(found.payload.begin(), found.payload.end()), "ab\n");
}

TEST(Script, ResetWithoutAckLooksLikeLinux) {
  const Script script = good("handshake\n+1 B > R 1:1(0)\n+0 B > R. =0:=0(0) ack 1 forged ttl 40 id 77\n");
  EXPECT_EQ(segment(script, 4).window, 0);
  EXPECT_EQ(segment(script, 4).ip_id, 0);
  EXPECT_EQ(segment(script, 4).ack, Seq{0});
  EXPECT_EQ(segment(script, 5).seq, Seq{0});
  EXPECT_EQ(segment(script, 5).hop_limit, 40);
  EXPECT_EQ(segment(script, 5).ip_id, 77);
}

TEST(Script, LostUnseenCopySilenceAndIcmp) {
  const Script script = good(
      "handshake\n"
      "+0 A > P. 1:11(10) ack 1 unseen\n"
      "+0 A > P. 11:21(10) ack 1 lost\n"
      "+0 B > .  1:1(0) ack 11\n"
      "+0 copy ttl 63\n"
      "silence 5\n"
      "+0 icmp 3 1 from 192.0.2.1 quotes A 11\n");
  ASSERT_EQ(script.frames.size(), 8U);
  EXPECT_EQ(segment(script, 4).seq, Seq{1011});
  EXPECT_EQ(segment(script, 6).hop_limit, 63);
  EXPECT_EQ(segment(script, 6).ip_id, segment(script, 5).ip_id);
  EXPECT_EQ(script.frames[6].time_ns - script.frames[5].time_ns, 5'000'000'000);
}

TEST(Script, Expectations) {
  const Script script = good(
      "handshake => A ESTABLISHED, no event\n"
      "verdict open\n"
      "connection 2\n"
      "expect cause_hint a b\n"
      "expect no tampering   # why\n"
      "expect explanation contains 7 bytes\n"
      "expect frame 3 event fin\n"
      "expect connections 2\n");
  const auto& all = script.expectations;
  ASSERT_EQ(all.size(), 8U);
  EXPECT_EQ(all[0].name, "A.state");
  EXPECT_EQ(all[0].value, "ESTABLISHED");
  EXPECT_EQ(all[0].frame, 3U);
  EXPECT_EQ(all[1].name, "event");
  EXPECT_EQ(all[1].test, Expectation::Test::absent);
  EXPECT_EQ(all[2].name, "verdict");
  EXPECT_EQ(all[2].connection, 1U);
  EXPECT_EQ(all[3].value, "a b");
  EXPECT_EQ(all[3].connection, 2U);
  EXPECT_EQ(all[4].test, Expectation::Test::absent);
  EXPECT_EQ(all[5].test, Expectation::Test::contains);
  EXPECT_EQ(all[6].about, Expectation::About::frame_field);
  EXPECT_EQ(all[6].line, 7U);
  EXPECT_EQ(all[7].about, Expectation::About::connections);
}

struct WrongCase {
  const char* name;
  std::string text;
  std::string message;
};

class WrongScript : public testing::TestWithParam<WrongCase> {};

TEST_P(WrongScript, IsRejectedWithItsLine) {
  EXPECT_EQ(describe_error(parse_script(GetParam().text)), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongScript,
    testing::Values(
        WrongCase{"sum", "handshake\n+0 A > . 1:10(5) ack 1\n",
                  "line 2: \"1:10(5)\" does not add up: SEQ plus LENGTH is not END"},
        WrongCase{"gap", "handshake\n+0 A > P. 2:3(1) ack 1\n",
                  "line 2: the segment starts 1 beyond what its side has sent; write the segments between as "
                  "unseen"},
        WrongCase{"ack_of_the_future", "handshake\n\n+0 A > . 1:1(0) ack 2\n",
                  "line 3: the segment acknowledges 1 more than has reached its side"},
        WrongCase{"ack_of_lost_data", "handshake\n+0 A > P. 1:3(2) ack 1 lost\n+0 B > . 1:1(0) ack 3\n",
                  "line 3: the segment acknowledges 2 more than has reached its side"},
        WrongCase{"ack_across_a_gap",
                  "handshake\n+0 A > . 1:3(2) ack 1 lost\n+0 A > . 3:5(2) ack 1\n+0 B > . 1:1(0) ack 5\n",
                  "line 4: the segment acknowledges 4 more than has reached its side"},
        WrongCase{"no_ack", "+0 A > . 0:0(0)\n", "line 1: the ACK flag is set, but no ack is given"},
        WrongCase{"flags", "+0 A > X 0:0(0)\n", "line 1: \"X\" is no set of flags out of FSRPU. and -"},
        WrongCase{"flag_twice", "+0 A > SS 0:0(0)\n", "line 1: a flag stands twice in \"SS\""},
        WrongCase{"side", "+0 C > S 0:0(0)\n", "line 1: \"C\" is neither A nor B"},
        WrongCase{"range", "+0 A > S 0(0)\n", "line 1: \"0(0)\" is not of the form SEQ:END(LENGTH)"},
        WrongCase{"detail", "+0 A > S 0:0(0) wim 5\n", "line 1: \"wim\" is not understood"},
        WrongCase{"payload", "+0 A > S 0:2(2) payload \"abc\"\n", "line 1: the payload has 3 bytes, not 2"},
        WrongCase{"window", "+0 A > S 0:0(0) win 70000\n", "line 1: \"70000\" is no number from 0 to 65535"},
        WrongCase{"time", "+x A > S 0:0(0)\n", "line 1: \"x\" is no number of seconds from 0 to 1000000000"},
        WrongCase{"quote", "+0 A > S 0:0(0) payload \"abc\n", "line 1: a \" is not closed"},
        WrongCase{"word", "vrdict open\n", "line 1: \"vrdict\" starts no line of a script"},
        WrongCase{"too_much", "verdict open closed\n", "line 1: \"closed\" is too much"},
        WrongCase{"unseen_state", "+0 A > S 0:0(0) unseen => A SYN-SENT\n",
                  "line 1: nothing was captured to expect something of"},
        WrongCase{"mixed_versions", "hosts A 10.0.0.1:1 B [::1]:2\n", "line 1: IPv4 cannot talk to IPv6"},
        WrongCase{"option", "+0 A > S 0:0(0) <mms 5>\n",
                  "line 1: options: mss, wscale, sackOK, TS, sack, mptcp, nop, hex"}),
    [](const auto& test) { return test.param.name; });

TEST(Script, MissingFileIsAnError) {
  EXPECT_EQ(describe_error(load_script("/nonexistent/x.seg")), "No such file or directory");
}

}  // namespace
}  // namespace tcpteardown
