// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/byte_input.h"

#include <algorithm>

namespace tcpteardown {
namespace {

// Large enough that a call of the system for each costs nothing, small enough for a cache (our choice).
constexpr std::size_t kRoom = 256 * 1024;  // bytes

}  // namespace

// Grows only as far as bytes really come: a forged length alone takes no memory.
void ByteInput::fill(std::size_t count) {
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  if (buffer_.empty()) buffer_.resize(kRoom);
  while (end_ < count && !has_ended_) {
    if (end_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
    const std::size_t got = read_(std::span(buffer_).subspan(end_), problem_);
    has_ended_ = got == 0;
    end_ += got;
  }
}

}  // namespace tcpteardown
