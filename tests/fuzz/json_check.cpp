// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_check.h"

#include <set>
#include <string>

namespace tcpteardown::fuzz {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Our own output has no blanks outside of strings and nests three deep.
class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  bool is_value_to_the_end() { return value(0) && at_ == text_.size(); }

 private:
  static constexpr int kDeepest = 8;

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool value(int depth) {
    if (depth > kDeepest) return false;
    switch (peek()) {
      case '{': return object(depth);
      case '[': return array(depth);
      case '"': return string();
      case 't': return take("true");
      case 'f': return take("false");
      case 'n': return take("null");
      default: return number();
    }
  }

  bool object(int depth) {
    ++at_;
    if (take('}')) return true;
    std::set<std::string_view> keys;
    do {
      const std::size_t start = at_;
      if (!string() || !keys.insert(text_.substr(start, at_ - start)).second) return false;
      if (!take(':') || !value(depth + 1)) return false;
    } while (take(','));
    return take('}');
  }

  bool array(int depth) {
    ++at_;
    if (take(']')) return true;
    do {
      if (!value(depth + 1)) return false;
    } while (take(','));
    return take(']');
  }

  bool string() {
    if (!take('"')) return false;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !escape()) return false;
    }
    return false;
  }

  bool escape() {
    if (take('u')) {
      for (int i = 0; i < 4; ++i, ++at_) {
        if (!is_hex(peek())) return false;
      }
      return true;
    }
    const bool known = std::string_view("\"\\/bfnrt").find(peek()) != std::string_view::npos;
    return known && at_++ < text_.size();
  }

  bool digits() {
    const std::size_t start = at_;
    while (is_digit(peek())) ++at_;
    return at_ > start;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool is_strict_json(std::string_view text) { return Checker{text}.is_value_to_the_end(); }

unsigned csv_cells(std::string_view row) {
  unsigned cells = 1;
  bool is_quoted = false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool starts_cell = i == 0 || (row[i - 1] == ',' && !is_quoted);
    if (row[i] == '\n' || row[i] == '\r') return 0;
    if (is_quoted) {
      if (row[i] != '"') continue;
      if (i + 1 < row.size() && row[i + 1] == '"') {
        ++i;
      } else if (i + 1 < row.size() && row[i + 1] != ',') {
        return 0;
      } else {
        is_quoted = false;
      }
    } else if (row[i] == '"') {
      if (!starts_cell) return 0;
      is_quoted = true;
    } else if (row[i] == ',') {
      ++cells;
    }
  }
  return is_quoted ? 0 : cells;
}

}  // namespace tcpteardown::fuzz
