// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace tcpteardown {

// Fills the front of `room` with bytes that come next and returns how many, as soon as there are any. 0:
// there are no more, or something went wrong, which `problem` then tells for people.
using ReadSome = std::function<std::size_t(std::span<std::uint8_t> room, std::string& problem)>;

// The bytes of a file, of a pipe, or of what is compressed in one, read in large pieces and looked at in
// place.
class ByteInput {
 public:
  explicit ByteInput(ReadSome read) : read_(std::move(read)) {}

  // The next `count` bytes, or fewer if there are no more. Valid until the next call.
  [[nodiscard]] std::span<const std::uint8_t> peek(std::size_t count) {
    if (end_ - begin_ < count) fill(count);
    return std::span(buffer_).subspan(begin_, std::min(count, end_ - begin_));
  }
  // What has been read of them already.
  [[nodiscard]] std::span<const std::uint8_t> available() const {
    return std::span(buffer_).subspan(begin_, end_ - begin_);
  }
  // Past bytes that were peeked.
  void advance(std::size_t count) { begin_ += count; }

  [[nodiscard]] bool at_end() { return peek(1).empty(); }
  // What went wrong, if the bytes ended for that; else empty.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void fill(std::size_t count);

  ReadSome read_;
  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;  // of what has not been skipped
  std::size_t end_ = 0;
  bool has_ended_ = false;
  std::string problem_;
};

}  // namespace tcpteardown
