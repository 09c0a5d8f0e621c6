// SPDX-License-Identifier: GPL-2.0-or-later
#include <span>
#include <string_view>
#include <utility>

#include "recipe_changes.h"

namespace tcpteardown::test::changes {
namespace {

constexpr std::array<std::uint32_t, 14> kSizes{0,
                                               1,
                                               2,
                                               3,
                                               31,
                                               threshold::kOddSegment,
                                               threshold::kOddSegment + 1,
                                               threshold::kBulkSegment - 1,
                                               threshold::kBulkSegment,
                                               1'400,
                                               1'460,
                                               1'448,
                                               5'000,
                                               threshold::kLongestPacket};

constexpr std::array<std::string_view, 14> kTexts{
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\nabc",
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789",
    "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n0123456789",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234",
    "0\r\n\r\n",
    "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    std::string_view{"\x15\x03\x03\x00\x02\x02\x28", 7},
    std::string_view{"\x15\x03\x03\x00\x12!!!!!!!!!!!!!!!!!!", 23},
    std::string_view{"\x17\x03\x03\x00\x05hello", 10},
    "blocked by policy",
};

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  // Bytes may be read as any character type.
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};  // NOLINT
}

}  // namespace

namespace {
void reverse(Segment& s) {
  std::swap(s.source, s.destination);
  std::swap(s.seq, s.ack);
}
}  // namespace

namespace {
std::string as_other_kind(Segment& s, Dice& dice) {
  switch (dice.throw_below(9)) {
    case 0: s.flags = {.rst = true}; return "RST";
    case 1: s.flags = {.rst = true, .ack = true}; return "RST,ACK";
    case 2: s.flags = {.fin = true, .ack = true}; return "FIN,ACK";
    case 3: s.flags = {.fin = true, .psh = true, .ack = true}; return "FIN,PSH,ACK";
    case 4: s.flags = {.syn = true}; return "SYN";
    case 5: s.flags = {.syn = true, .ack = true}; return "SYN,ACK";
    case 6: s.flags = {.ack = true}; return "ACK";
    case 7: s.flags = {.fin = true}; return "FIN";
    default: s.flags.urg = !s.flags.urg; return "URG or none";
  }
}
}  // namespace

std::string other_kind(Events& events, std::size_t at, Dice& dice) {
  Segment* s = segment_of(events, at);
  if (s == nullptr) return "";
  return as_other_kind(*s, dice);
}

// Where its sender goes on, of another kind, mostly without data; from its peer: where that one stands.
std::string inserted(Events& events, std::size_t at, Dice& dice) {
  if (segment_of(events, at) == nullptr) return "";
  Event event = events[at];
  Segment& s = event.segments.front();
  const std::uint32_t behind = s.payload_length + (s.flags.fin ? 1U : 0U) + (s.flags.syn ? 1U : 0U);
  s.seq = s.seq + behind;
  std::string name = "then ";
  if (dice.throw_below(2) == 0) {
    reverse(s);
    name += "from its peer ";
  }
  name += as_other_kind(s, dice);
  if (dice.throw_below(4) != 0) s.payload_length = 0, s.payload = {};
  if (dice.throw_below(6) == 0) s.ack = Seq{};
  if (dice.throw_below(3) == 0) s.seq = s.seq + static_cast<std::uint32_t>(one_of(kDistances, dice));
  std::size_t to = at + 1;
  if (dice.throw_below(2) == 0) {
    to += dice.throw_below(events.size() - at);
    event.time_ns = events[to - 1].time_ns;
    name += " behind " + frame_name(to - 1);
  }
  event.time_ns += one_of(kTimes, dice) % kSecond;
  events.insert(events.begin() + offset(to), event);
  return name;
}

std::string icmp_error(Events& events, std::size_t at, Dice& dice) {
  constexpr std::array<std::array<std::uint8_t, 2>, 10> kErrors{
      {{3, 0}, {3, 1}, {3, 3}, {3, 4}, {3, 9}, {3, 13}, {11, 0}, {1, 4}, {2, 0}, {3, 2}}};
  const Segment* s = segment_of(events, at);
  if (s == nullptr) return "";
  const auto kind = one_of(kErrors, dice);
  IcmpError error;
  error.sender = s->destination.address;
  if (dice.throw_below(2) == 0) error.sender.bytes[3] ^= 0x55U;
  error.is_icmpv6 = s->destination.address.is_ipv6 || dice.throw_below(8) == 0;
  error.type = kind[0];
  error.code = kind[1];
  error.quoted_source = s->source;
  error.quoted_destination = s->destination;
  error.quoted_seq = s->seq;
  const std::int64_t time = events[at].time_ns + one_of(kTimes, dice) % kSecond;
  const std::size_t to = at + 1 + dice.throw_below(events.size() - at);
  events.insert(events.begin() + offset(to), {.time_ns = time, .segments = {}, .errors = {error}});
  return "quoted in ICMP " + std::to_string(kind[0]) + '/' + std::to_string(kind[1]) + " behind " +
         frame_name(to - 1);
}

// Takes something over from another frame, or nearly.
std::string like_another(Events& events, std::size_t at, Dice& dice) {
  const std::size_t from = dice.throw_below(events.size());
  const std::size_t what = dice.throw_below(11);
  Segment* s = segment_of(events, at);
  const Segment* o = segment_of(events, from);
  if (s == nullptr || o == nullptr) return "";
  const auto near = static_cast<std::uint32_t>(dice.throw_below(5)) - 2U;
  constexpr std::array<std::string_view, 11> kNames{"number",
                                                    "number behind",
                                                    "ACK",
                                                    "ACK for the number",
                                                    "number of the ACK",
                                                    "hop limit",
                                                    "IP-ID",
                                                    "time stamp",
                                                    "window",
                                                    "payload",
                                                    "kind"};
  switch (what) {
    case 0: s->seq = o->seq + near; break;
    case 1: s->seq = o->seq + (o->payload_length + near); break;
    case 2: s->ack = o->ack + near; break;
    case 3: s->ack = o->seq + (o->payload_length + near); break;
    case 4: s->seq = o->ack + near; break;
    case 5: s->hop_limit = static_cast<std::uint8_t>(o->hop_limit + near); break;
    case 6:
      s->ip_id = static_cast<std::uint16_t>(o->ip_id + near), s->has_ip_id = o->has_ip_id;
      s->dont_fragment = o->dont_fragment;
      break;
    case 7:
      s->options.has_timestamps = o->options.has_timestamps;
      s->options.ts_value = o->options.ts_value + near, s->options.ts_echo = o->options.ts_echo;
      break;
    case 8: s->window = static_cast<std::uint16_t>(o->window + near); break;
    case 9: s->payload = o->payload, s->payload_length = o->payload_length; break;
    default: s->flags = o->flags; break;
  }
  return std::string(kNames.at(what)) + " of " + frame_name(from) + " and " +
         std::to_string(static_cast<std::int32_t>(near));
}

std::string other_size(Events& events, std::size_t at, Dice& dice) {
  Segment* s = segment_of(events, at);
  if (s == nullptr) return "";
  s->payload_length = one_of(kSizes, dice);
  if (s->payload.size() > s->payload_length) s->payload = s->payload.first(s->payload_length);
  return std::to_string(s->payload_length) + " bytes";
}

std::string other_text(Events& events, std::size_t at, Dice& dice) {
  Segment* s = segment_of(events, at);
  if (s == nullptr) return "";
  const std::size_t which = dice.throw_below(kTexts.size());
  s->payload = bytes_of(kTexts.at(which));
  s->payload_length = static_cast<std::uint32_t>(s->payload.size());
  return "text " + std::to_string(which + 1);
}

// Also those of the same sender that follow, and the ACKs for them.
std::string numbers_jump(Events& events, std::size_t at, Dice& dice) {
  const std::int32_t by = one_of(kDistances, dice);
  const std::size_t how = dice.throw_below(4);
  Segment* s = segment_of(events, at);
  if (s == nullptr) return "";
  const TcpEndpoint sender = s->source;
  if (how == 0) s->seq = s->seq + static_cast<std::uint32_t>(by);
  if (how == 1) s->ack = s->ack + static_cast<std::uint32_t>(by);
  for (std::size_t i = at; how > 1 && i < events.size(); ++i) {
    Segment* follows = segment_of(events, i);
    if (follows == nullptr) continue;
    if (follows->source == sender) {
      follows->seq = follows->seq + static_cast<std::uint32_t>(by);
    } else if (how == 3) {
      follows->ack = follows->ack + static_cast<std::uint32_t>(by);
    }
  }
  constexpr std::array<std::string_view, 4> kNames{"number", "ACK", "all its numbers from here",
                                                   "all numbers and ACKs from here"};
  return std::string(kNames.at(how)) + (by < 0 ? " " : " +") + std::to_string(by);
}

namespace {
std::string of_one_packet(Segment& s, std::size_t what, std::size_t value) {
  switch (what) {
    case 0: s.hop_limit = static_cast<std::uint8_t>(s.hop_limit + value); return "hop limit";
    case 1: s.hop_limit = 0; return "no hop limit";
    case 2: s.has_ip_id = false, s.ip_id = 0; return "no IP-ID";
    case 3: s.ip_id = 0, s.has_ip_id = true; return "IP-ID 0";
    case 4: s.has_ip_id = true, s.ip_id = static_cast<std::uint16_t>(s.ip_id + value * 97); return "IP-ID";
    case 5: s.options.has_timestamps = false; return "no time stamps";
    case 6: s.options.ts_value += static_cast<std::uint32_t>(value) * 1'000; return "time stamp";
    case 7: s.options.ts_echo = static_cast<std::uint32_t>(value % 2); return "echoed time stamp";
    case 8: s.window = static_cast<std::uint16_t>(value); return "window";
    case 9:
      s.window = static_cast<std::uint16_t>(threshold::kNetScalerCodes + value);
      return "window of a code";
    case 10: s.link_source += value; return "MAC address";
    case 11: s.payload = {}; return "payload not captured";
    case 12: s.options_complete = false, s.options = {}; return "options cut";
    case 13: s.payload_length_known = false; return "length not known";
    case 14: s.checksum = Checksum::wrong; return "wrong checksum";
    case 15:
      s.options.sack_blocks = 1,
      s.options.sack[0] = {s.ack + 1, s.ack + 1 + static_cast<std::uint32_t>(value)};
      return "SACK";
    case 16: s.options.window_scale = static_cast<std::uint8_t>(value % 15); return "window scale";
    case 17: s.options.window_scale.reset(); return "no window scale";
    case 18: s.options.mptcp = static_cast<MptcpOption>(value % 7); return "MPTCP";
    case 19: s.dont_fragment = !s.dont_fragment; return "DF or none";
    case 20: s.link_source = 0; return "no MAC address";
    case 21: s.window = 0; return "window 0";
    case 22: s.options.mss.reset(); return "no MSS";
    case 23: s.payload_length = 0, s.payload = {}; return "no data";
    default: return "";
  }
}
}  // namespace

// Of one packet, of all that its sender sends from there, or of all that it sends.
std::string other_header(Events& events, std::size_t at, Dice& dice) {
  constexpr std::array<std::size_t, 11> kValues{1, 2, 3, 7, 100, 128, 191, 250, 253, 254, 255};
  const std::size_t what = dice.throw_below(24);
  const std::size_t value = one_of(kValues, dice);
  const std::size_t how = dice.throw_below(4);
  const Segment* of = segment_of(events, at);
  if (of == nullptr) return "";
  const TcpEndpoint sender = of->source;
  std::string name;
  for (std::size_t i = how == 2 ? 0 : at; i < events.size(); ++i) {
    Segment* s = segment_of(events, i);
    if (s == nullptr || s->source != sender) continue;
    name = of_one_packet(*s, what, value);
    if (how < 2) break;
  }
  constexpr std::array<std::string_view, 4> kWhose{"", "", " of all of its sender",
                                                   " of its sender from here"};
  return name + ' ' + std::to_string(value) + std::string(kWhose.at(how));
}

std::string as_sent_by_peer(Events& events, std::size_t at, Dice&) {
  Segment* s = segment_of(events, at);
  if (s == nullptr) return "";
  reverse(*s);
  return "from its peer";
}

}  // namespace tcpteardown::test::changes
