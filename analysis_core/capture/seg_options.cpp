// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "capture/seg_segment.h"

namespace tcpteardown {
namespace {

constexpr std::size_t kMaxOptions = 40;  // bytes: a header has at most 60

void put(Bytes& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint64_t number(WordReader& words, std::uint64_t largest) {
  return parse_number(words.take("a number in an option"), largest, "number");
}

void put_sack(Bytes& out, WordReader& words, Seq peer_iss) {
  Bytes blocks;
  while (!words.at_end()) {
    const std::string_view word = words.take("a SACK block");
    const std::size_t colon = word.find(':');
    if (colon == std::string_view::npos) throw ScriptError("a SACK block is LEFT:RIGHT");
    for (const auto edge : {word.substr(0, colon), word.substr(colon + 1)}) {
      put(blocks, (peer_iss + static_cast<std::uint32_t>(parse_number(edge, 0xffff'ffff, "SACK edge"))).raw,
          4);
    }
  }
  put(out, 5, 1);
  put(out, blocks.size() + 2, 1);
  out.insert(out.end(), blocks.begin(), blocks.end());
}

// RFC 8684; keys and nonces are zero, nobody looks at them.
void put_mptcp(Bytes& out, WordReader& words) {
  const std::string_view subtype = words.take("an MPTCP subtype");
  const auto option = [&out](std::size_t length, std::uint64_t first) {
    put(out, 30, 1);
    put(out, length, 1);
    put(out, first, 1);
    out.resize(out.size() + length - 3);  // longer than a number that put() writes
  };
  if (subtype == "capable") return option(4, 0x01);
  if (subtype == "join") return option(12, 0x10);
  if (subtype == "dss") return option(4, 0x20);
  if (subtype == "fastclose") return option(12, 0x70);
  if (subtype != "rst") throw ScriptError("MPTCP subtypes: capable, join, dss, fastclose, rst REASON");
  option(4, 0x80);
  out.back() = static_cast<std::uint8_t>(number(words, 0xff));
}

void put_option(Bytes& out, std::string_view text, Seq peer_iss) {
  WordReader words{split_words(text)};
  const std::string_view name = words.take("an option");
  if (name == "mss") {
    put(out, 0x0204, 2);
    put(out, number(words, 0xffff), 2);
  } else if (name == "wscale") {
    put(out, 0x0303, 2);
    put(out, number(words, 0xff), 1);
  } else if (name == "sackOK") {
    put(out, 0x0402, 2);
  } else if (name == "nop") {
    put(out, 1, 1);
  } else if (name == "TS") {
    put(out, 0x080a, 2);
    words.expect("val");
    put(out, number(words, 0xffff'ffff), 4);
    words.expect("ecr");
    put(out, number(words, 0xffff'ffff), 4);
  } else if (name == "sack") {
    put_sack(out, words, peer_iss);
  } else if (name == "mptcp") {
    put_mptcp(out, words);
  } else if (name == "hex") {
    const auto bytes = parse_hex(words.take("hexadecimal digits"));
    out.insert(out.end(), bytes.begin(), bytes.end());
  } else {
    throw ScriptError("options: mss, wscale, sackOK, TS, sack, mptcp, nop, hex");
  }
  if (!words.at_end()) throw ScriptError("\"" + std::string(words.peek()) + "\" is too much in an option");
}

}  // namespace

Bytes parse_script_options(std::string_view word, Seq peer_iss) {
  Bytes out;
  std::string_view list = word.substr(1, word.size() - 2);
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    put_option(out, list.substr(0, comma), peer_iss);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  while (out.size() % 4 != 0) out.push_back(1);  // no operation
  if (out.size() > kMaxOptions) throw ScriptError("options of more than 40 bytes");
  return out;
}

}  // namespace tcpteardown
