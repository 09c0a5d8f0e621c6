// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/seg_segment.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace tcpteardown {
namespace {

constexpr std::uint64_t kMax32 = 0xffff'ffff;
constexpr std::uint64_t kMaxPayload = 65'535 - 20 - 60;  // in an IPv4 packet with a full TCP header

struct Number {
  Seq value;
  bool is_raw = false;
};

// "101" counts from the ISS, "=101" is the number itself.
Number parse_sequence(std::string_view word, Seq iss) {
  if (word.starts_with('=')) {
    return {Seq{static_cast<std::uint32_t>(parse_number(word.substr(1), kMax32, "sequence number"))}, true};
  }
  return {iss + static_cast<std::uint32_t>(parse_number(word, kMax32, "sequence number")), false};
}

Flags parse_flags(std::string_view word) {
  Flags flags;
  for (const char letter : word) {
    bool* flag = nullptr;
    switch (letter) {
      case 'F': flag = &flags.fin; break;
      case 'S': flag = &flags.syn; break;
      case 'R': flag = &flags.rst; break;
      case 'P': flag = &flags.psh; break;
      case 'U': flag = &flags.urg; break;
      case '.': flag = &flags.ack; break;
      case '-': continue;  // no flag at all
      default: throw ScriptError("\"" + std::string(word) + "\" is no set of flags out of FSRPU. and -");
    }
    if (*flag) throw ScriptError("a flag stands twice in \"" + std::string(word) + "\"");
    *flag = true;
  }
  return flags;
}

// "1:501(500)": the redundancy is on purpose, a slip of the pen shows.
void parse_range(std::string_view word, Seq iss, ScriptSegment& segment) {
  const std::size_t colon = word.find(':');
  const std::size_t open = word.find('(', colon);
  if (colon == std::string_view::npos || open == std::string_view::npos || !word.ends_with(')')) {
    throw ScriptError("\"" + std::string(word) + "\" is not of the form SEQ:END(LENGTH)");
  }
  const Number seq = parse_sequence(word.substr(0, colon), iss);
  const Number end = parse_sequence(word.substr(colon + 1, open - colon - 1), iss);
  const std::string_view length = word.substr(open + 1, word.size() - open - 2);
  segment.seq = seq.value;
  segment.end = end.value;
  segment.is_raw_seq = seq.is_raw;
  segment.payload_length = static_cast<std::uint32_t>(parse_number(length, kMaxPayload, "payload length"));
  if (segment.seq + segment.payload_length != segment.end) {
    throw ScriptError("\"" + std::string(word) + "\" does not add up: SEQ plus LENGTH is not END");
  }
}

Bytes parse_payload(std::string_view word) {
  if (!word.starts_with('"')) return parse_hex(word);
  Bytes bytes;
  word = word.substr(1, word.size() - 2);
  for (std::size_t i = 0; i < word.size(); ++i) {
    char c = word[i];
    if (c == '\\' && i + 1 < word.size()) {
      c = word[++i];
      if (c == 'r') c = '\r';
      if (c == 'n') c = '\n';
    }
    bytes.push_back(static_cast<std::uint8_t>(c));
  }
  return bytes;
}

// Words that stand alone.
bool parse_mark(std::string_view word, ScriptSegment& segment) {
  if (word == "lost") {
    segment.is_lost = true;
  } else if (word == "unseen") {
    segment.is_unseen = true;
  } else if (word == "forged") {
    segment.is_forged = true;
  } else if (word == "damaged") {
    segment.is_damaged = segment.is_lost = true;
  } else if (word == "nodf") {
    segment.dont_fragment = false;
  } else {
    return false;
  }
  return true;
}

void parse_detail(std::string_view word, WordReader& words, Seq peer_iss, ScriptSegment& segment) {
  if (parse_mark(word, segment)) return;
  if (word.starts_with('<')) {
    segment.options = parse_script_options(word, peer_iss);
    return;
  }
  const auto number = [&](std::uint64_t largest) {
    return parse_number(words.take("a number"), largest, "number");
  };
  if (word == "ack") {
    const Number ack = parse_sequence(words.take("an ACK number"), peer_iss);
    segment.ack = ack.value;
    segment.is_raw_ack = ack.is_raw;
  } else if (word == "win") {
    segment.window = static_cast<std::uint16_t>(number(0xffff));
  } else if (word == "ttl") {
    segment.hop_limit = static_cast<std::uint8_t>(number(0xff));
  } else if (word == "id") {
    segment.ip_id = static_cast<std::uint16_t>(number(0xffff));
  } else if (word == "mac") {
    segment.link_source = number(0xffff'ffff'ffffU);
  } else if (word == "payload") {
    segment.payload = parse_payload(words.take("a payload"));
  } else {
    throw ScriptError("\"" + std::string(word) + "\" is not understood");
  }
}

}  // namespace

int parse_side(std::string_view word) {
  if (word == "A") return 0;
  if (word == "B") return 1;
  throw ScriptError("\"" + std::string(word) + "\" is neither A nor B");
}

ScriptSegment parse_segment(WordReader& words, const ScriptOrigins& origins) {
  ScriptSegment segment;
  segment.side = parse_side(words.take("A or B"));
  const Seq iss = origins.iss[static_cast<std::size_t>(segment.side)];
  const Seq peer_iss = origins.iss[static_cast<std::size_t>(1 - segment.side)];
  words.expect(">");
  segment.flags = parse_flags(words.take("flags"));
  parse_range(words.take("SEQ:END(LENGTH)"), iss, segment);
  while (!words.at_end() && words.peek() != "=>") {
    parse_detail(words.take("a detail"), words, peer_iss, segment);
  }
  if (segment.flags.ack && !segment.ack) throw ScriptError("the ACK flag is set, but no ack is given");
  if (segment.payload && segment.payload->size() != segment.payload_length) {
    throw ScriptError("the payload has " + std::to_string(segment.payload->size()) + " bytes, not " +
                      std::to_string(segment.payload_length));
  }
  return segment;
}

}  // namespace tcpteardown
