// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "wire/flow_key.h"

// The words of a script line and the values they spell.
namespace tcpteardown {

// Why a line of a script is wrong. Thrown by the reader's parts, caught by parse_script().
class ScriptError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Splits at blanks. "…" and <…> are one word each, their marks kept. A # starts a comment.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view line);

// Hands out the words of a line one after the other.
class WordReader {
 public:
  explicit WordReader(std::vector<std::string_view> words) : words_(std::move(words)) {}

  [[nodiscard]] bool at_end() const { return next_ == words_.size(); }
  [[nodiscard]] std::string_view peek() const { return at_end() ? std::string_view{} : words_[next_]; }
  // The next word; `what` names it in the error if there is none.
  std::string_view take(std::string_view what);
  // True, and past it, if the next word is this one.
  bool take_if(std::string_view word);
  void expect(std::string_view word);
  // All that is left, joined by single blanks.
  std::string take_rest();

 private:
  std::vector<std::string_view> words_;
  std::size_t next_ = 0;
};

// A decimal number, or hexadecimal behind 0x, of at most `largest`.
[[nodiscard]] std::uint64_t parse_number(std::string_view word, std::uint64_t largest, std::string_view what);
// Seconds with a fraction, "1.5" or ".01", in nanoseconds.
[[nodiscard]] std::int64_t parse_seconds(std::string_view word);
// "10.0.0.1" or "2001:db8::1".
[[nodiscard]] IpAddress parse_address(std::string_view word);
// "10.0.0.1:80" or "[2001:db8::1]:80".
[[nodiscard]] TcpEndpoint parse_endpoint(std::string_view word);
// "00ff10" as bytes.
[[nodiscard]] std::vector<std::uint8_t> parse_hex(std::string_view digits);

}  // namespace tcpteardown
