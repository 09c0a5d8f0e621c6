// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/seg_script.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "capture/packet_builder.h"
#include "capture/seg_arithmetic.h"
#include "capture/seg_expectations.h"
#include "capture/seg_segment.h"
#include "capture/seg_words.h"

namespace tcpteardown {
namespace {

constexpr std::int64_t kStart = 1'000'000'000'000'000'000;  // ns since the epoch: any past time
constexpr std::int64_t kHalfRoundTrip = 10'000'000;         // ns, of the handshake shorthand
constexpr std::uint16_t kWindow = 65'535;
constexpr std::uint8_t kHopLimit = 64;
constexpr std::array<std::uint64_t, 2> kMac{0x02'00'00'00'00'0a, 0x02'00'00'00'00'0b};

// What a host goes on counting or keeps saying.
struct HostHabits {
  std::uint16_t next_id = 0;
  std::uint16_t window = kWindow;
};

class ScriptReader {
 public:
  ScriptReader() {
    script_.a = parse_endpoint("10.0.0.1:40000");
    script_.b = parse_endpoint("10.0.0.2:80");
  }

  void read_line(std::size_t number, std::string_view line);
  [[nodiscard]] Script take() { return std::move(script_); }

 private:
  void read_timed(WordReader& words);
  void read_inline(WordReader& words);
  void read_hosts(WordReader& words);
  void read_origins(WordReader& words);
  void read_handshake(WordReader& words);
  void read_segment(WordReader& words);
  void read_copy(WordReader& words);
  void read_icmp(WordReader& words);
  void send(const ScriptSegment& segment);
  Segment packet_of(const ScriptSegment& segment);
  void capture(Bytes bytes) { script_.frames.push_back({now_, std::move(bytes)}); }

  [[nodiscard]] const TcpEndpoint& endpoint(int side) const { return side == 0 ? script_.a : script_.b; }

  Script script_;
  ScriptOrigins origins_;
  ScriptArithmetic arithmetic_;
  ExpectationReader expectations_;
  std::array<HostHabits, 2> hosts_{HostHabits{.next_id = 0x1000}, HostHabits{.next_id = 0x8000}};
  std::int64_t now_ = kStart;
  std::size_t line_ = 0;
  std::size_t frames_before_ = 0;  // this line
};

void ScriptReader::read_line(std::size_t number, std::string_view line) {
  line_ = number;
  frames_before_ = script_.frames.size();
  WordReader words{split_words(line)};
  if (words.at_end()) return;
  if (words.peek().starts_with('+')) {
    now_ += parse_seconds(words.take("a time").substr(1));
    read_timed(words);
  } else if (words.take_if("hosts")) {
    read_hosts(words);
  } else if (words.take_if("iss")) {
    read_origins(words);
  } else if (words.take_if("handshake")) {
    read_handshake(words);
  } else if (words.take_if("silence")) {
    now_ += parse_seconds(words.take("a number of seconds"));
    capture(build_bystander());
  } else if (!expectations_.read_line(number, words, script_.expectations)) {
    throw ScriptError("\"" + std::string(words.peek()) + "\" starts no line of a script");
  }
  if (words.take_if("=>")) read_inline(words);
  if (!words.at_end()) throw ScriptError("\"" + std::string(words.peek()) + "\" is too much");
}

void ScriptReader::read_inline(WordReader& words) {
  if (script_.frames.size() == frames_before_)
    throw ScriptError("nothing was captured to expect something of");
  expectations_.read_inline(line_, static_cast<FrameNumber>(script_.frames.size()), words,
                            script_.expectations);
}

void ScriptReader::read_timed(WordReader& words) {
  if (words.take_if("handshake")) {
    read_handshake(words);
  } else if (words.take_if("copy")) {
    read_copy(words);
  } else if (words.take_if("icmp")) {
    read_icmp(words);
  } else {
    read_segment(words);
  }
}

void ScriptReader::read_hosts(WordReader& words) {
  words.expect("A");
  script_.a = parse_endpoint(words.take("address:port"));
  words.expect("B");
  script_.b = parse_endpoint(words.take("address:port"));
  if (script_.a.address.is_ipv6 != script_.b.address.is_ipv6) throw ScriptError("IPv4 cannot talk to IPv6");
  if (script_.a == script_.b) throw ScriptError("A and B are the same");
}

void ScriptReader::read_origins(WordReader& words) {
  const auto number = [&words] {
    return Seq{
        static_cast<std::uint32_t>(parse_number(words.take("a number"), 0xffff'ffff, "sequence number"))};
  };
  words.expect("A");
  origins_.iss[0] = number();
  words.expect("B");
  origins_.iss[1] = number();
  arithmetic_ = {};  // a new connection counts anew
}

// SYN, SYN-ACK, ACK, a half round trip apart, as a capture in the middle sees them.
void ScriptReader::read_handshake(WordReader& words) {
  std::int64_t half = kHalfRoundTrip;
  ScriptSegment segment;
  segment.window = kWindow;
  while (!words.at_end() && words.peek() != "=>") {
    if (words.take_if("rtt")) {
      half = parse_seconds(words.take("a round trip")) / 2;
    } else if (words.take_if("unseen")) {
      segment.is_unseen = true;
    } else {
      segment.options = parse_script_options(words.take("options"), origins_.iss[1]);
    }
  }
  const auto send_from = [&](int side, Seq seq, Flags flags) {
    segment.side = side;
    segment.seq = seq;
    segment.end = seq;
    segment.flags = flags;
    send(segment);
  };
  send_from(0, origins_.iss[0], {.syn = true});
  now_ += half;
  segment.ack = origins_.iss[0] + 1;
  send_from(1, origins_.iss[1], {.syn = true, .ack = true});
  now_ += half;
  segment.ack = origins_.iss[1] + 1;
  segment.options.clear();
  send_from(0, origins_.iss[0] + 1, {.ack = true});
}

void ScriptReader::read_segment(WordReader& words) { send(parse_segment(words, origins_)); }

// The same packet once more, as a mirror port or a second interface shows it.
void ScriptReader::read_copy(WordReader& words) {
  const std::size_t ttl_in_frame = 14 + (script_.a.address.is_ipv6 ? 7U : 8U);
  if (script_.frames.empty()) throw ScriptError("nothing to copy");
  Bytes bytes = script_.frames.back().bytes;
  if (words.take_if("ttl")) {
    bytes[ttl_in_frame] = static_cast<std::uint8_t>(parse_number(words.take("a TTL"), 0xff, "TTL"));
  }
  capture(std::move(bytes));
}

// "icmp TYPE CODE from ADDRESS quotes SIDE SEQ"
void ScriptReader::read_icmp(WordReader& words) {
  IcmpError error;
  error.type = static_cast<std::uint8_t>(parse_number(words.take("a type"), 0xff, "ICMP type"));
  error.code = static_cast<std::uint8_t>(parse_number(words.take("a code"), 0xff, "ICMP code"));
  words.expect("from");
  error.sender = parse_address(words.take("an address"));
  error.is_icmpv6 = error.sender.is_ipv6;
  words.expect("quotes");
  const int side = parse_side(words.take("A or B"));
  if (error.is_icmpv6 != endpoint(side).address.is_ipv6)
    throw ScriptError("the sender has another IP version");
  Segment quoted;
  quoted.source = endpoint(side);
  quoted.destination = endpoint(1 - side);
  const std::uint64_t seq = parse_number(words.take("a sequence number"), 0xffff'ffff, "sequence number");
  quoted.seq = origins_.iss[static_cast<std::size_t>(side)] + static_cast<std::uint32_t>(seq);
  quoted.flags = {.syn = seq == 0, .ack = seq != 0};
  quoted.hop_limit = kHopLimit - 1;
  capture(build_error(error, quoted));
}

void ScriptReader::send(const ScriptSegment& segment) {
  arithmetic_.add(segment);
  const Segment packet = packet_of(segment);
  if (segment.is_unseen) return;
  const Bytes filler(segment.payload_length, 'x');
  Bytes frame = build_segment(packet, segment.options, segment.payload ? *segment.payload : filler);
  constexpr std::size_t kChecksum = 14 + 16;  // behind the Ethernet and IP headers
  if (segment.is_damaged) frame[kChecksum + (packet.source.address.is_ipv6 ? 40 : 20)] ^= 0x5a;
  capture(std::move(frame));
}

Segment ScriptReader::packet_of(const ScriptSegment& segment) {
  HostHabits& host = hosts_[static_cast<std::size_t>(segment.side)];
  // Linux answers without a socket, by RST, with window 0 and IP identification 0.
  const bool is_socketless = segment.flags.rst && (!segment.flags.ack || segment.is_raw_seq);
  Segment packet;
  packet.source = endpoint(segment.side);
  packet.destination = endpoint(1 - segment.side);
  packet.seq = segment.seq;
  packet.ack = segment.ack.value_or(Seq{0});
  packet.flags = segment.flags;
  if (segment.window && !segment.is_forged) host.window = *segment.window;
  packet.window = segment.window.value_or(is_socketless ? std::uint16_t{0} : host.window);
  packet.hop_limit = segment.hop_limit.value_or(kHopLimit);
  packet.ip_id = segment.ip_id.value_or(is_socketless ? std::uint16_t{0} : host.next_id);
  if (!segment.ip_id && !is_socketless) ++host.next_id;
  packet.dont_fragment = segment.dont_fragment;
  packet.link_source = segment.link_source.value_or(kMac[static_cast<std::size_t>(segment.side)]);
  return packet;
}

}  // namespace

ScriptResult parse_script(std::string_view text) {
  ScriptReader reader;
  ScriptResult result;
  std::size_t number = 0;
  try {
    while (!text.empty()) {
      ++number;
      const std::size_t end = std::min(text.find('\n'), text.size());
      reader.read_line(number, text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  } catch (const ScriptError& error) {
    return {.script = {}, .error_line = number, .error = error.what()};
  }
  result.script = reader.take();
  return result;
}

ScriptResult load_script(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return {.script = {}, .error_line = 0, .error = std::strerror(errno)};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (file.bad()) return {.script = {}, .error_line = 0, .error = std::strerror(errno)};
  return parse_script(text);
}

std::string describe_error(const ScriptResult& result) {
  if (result.error_line == 0) return result.error;
  return "line " + std::to_string(result.error_line) + ": " + result.error;
}

}  // namespace tcpteardown
