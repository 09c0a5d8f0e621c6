// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/seg_words.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>

namespace tcpteardown {
namespace {

constexpr std::string_view kBlanks = " \t\r";

// Where the word that starts here ends: at its closing mark, or at a blank.
std::size_t word_end(std::string_view line, std::size_t start) {
  const char first = line[start];
  if (first != '"' && first != '<') return std::min(line.find_first_of(kBlanks, start), line.size());
  const std::size_t close = line.find(first == '"' ? '"' : '>', start + 1);
  if (close == std::string_view::npos) throw ScriptError("a " + std::string(1, first) + " is not closed");
  return close + 1;
}

std::string quote(std::string_view word) { return "\"" + std::string(word) + "\""; }

}  // namespace

std::vector<std::string_view> split_words(std::string_view line) {
  std::vector<std::string_view> words;
  std::size_t at = 0;
  while ((at = line.find_first_not_of(kBlanks, at)) != std::string_view::npos && line[at] != '#') {
    const std::size_t end = word_end(line, at);
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::string_view WordReader::take(std::string_view what) {
  if (at_end()) throw ScriptError("the line ends where " + std::string(what) + " is expected");
  return words_[next_++];
}

bool WordReader::take_if(std::string_view word) {
  if (at_end() || words_[next_] != word) return false;
  ++next_;
  return true;
}

void WordReader::expect(std::string_view word) {
  if (!take_if(word)) throw ScriptError("expected " + quote(word) + ", found " + quote(peek()));
}

std::string WordReader::take_rest() {
  std::string rest;
  while (!at_end()) {
    if (!rest.empty()) rest += ' ';
    rest += words_[next_++];
  }
  return rest;
}

std::uint64_t parse_number(std::string_view word, std::uint64_t largest, std::string_view what) {
  std::string_view digits = word;
  int base = 10;
  if (digits.starts_with("0x")) {
    digits.remove_prefix(2);
    base = 16;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc{} || end != digits.data() + digits.size() || value > largest) {
    throw ScriptError(quote(word) + " is no " + std::string(what) + " from 0 to " + std::to_string(largest));
  }
  return value;
}

std::int64_t parse_seconds(std::string_view word) {
  constexpr std::size_t kDigits = 9;  // of a nanosecond
  const std::size_t point = std::min(word.find('.'), word.size());
  const std::string_view whole = word.substr(0, point);
  std::string fraction{point < word.size() ? word.substr(point + 1) : ""};
  const bool has_digits = !whole.empty() || !fraction.empty();
  if (!has_digits || fraction.size() > kDigits) throw ScriptError(quote(word) + " is no time in seconds");
  fraction.append(kDigits - fraction.size(), '0');
  const std::uint64_t seconds = whole.empty() ? 0 : parse_number(whole, 1'000'000'000, "number of seconds");
  const std::uint64_t nanoseconds = parse_number(fraction, 999'999'999, "fraction of a second");
  return static_cast<std::int64_t>(seconds * 1'000'000'000 + nanoseconds);
}

IpAddress parse_address(std::string_view word) {
  const std::string text{word};
  IpAddress address;
  if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) return address;
  address.is_ipv6 = true;
  if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address;
  throw ScriptError(quote(word) + " is no address");
}

TcpEndpoint parse_endpoint(std::string_view word) {
  const std::size_t colon = word.rfind(':');
  if (colon == std::string_view::npos) throw ScriptError(quote(word) + " is no address:port");
  std::string_view address = word.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  const std::uint64_t port = parse_number(word.substr(colon + 1), 0xffff, "port");
  return {parse_address(address), static_cast<std::uint16_t>(port)};
}

std::vector<std::uint8_t> parse_hex(std::string_view digits) {
  std::vector<std::uint8_t> bytes;
  if (digits.size() % 2 != 0) throw ScriptError("an odd number of hexadecimal digits");
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const std::string byte = "0x" + std::string(digits.substr(i, 2));
    bytes.push_back(static_cast<std::uint8_t>(parse_number(byte, 0xff, "hexadecimal byte")));
  }
  return bytes;
}

}  // namespace tcpteardown
