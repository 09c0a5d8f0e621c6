// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/transcript.h"

#include <algorithm>

namespace tcpteardown {

std::uint32_t TranscriptPool::take() {
  if (free_ == 0) {
    static_cast<void>(pieces_.add());
    return pieces_.size();
  }
  const std::uint32_t piece = free_;
  free_ = pieces_[piece - 1].next;
  return piece;
}

void TranscriptPool::append(Transcript& transcript, std::span<const std::uint8_t> bytes) {
  Transcript t = transcript;  // which stays as it is when memory runs out
  while (!bytes.empty()) {
    const std::size_t used = t.size % kPieceBytes;
    if (used == 0) {
      const std::uint32_t piece = take();
      (t.size == 0 ? t.first : pieces_[t.last - 1].next) = piece;
      t.last = piece;
    }
    const std::size_t count = std::min(bytes.size(), kPieceBytes - used);
    std::copy_n(bytes.begin(), count, &pieces_[t.last - 1].bytes[used]);
    t.size = static_cast<std::uint16_t>(t.size + count);
    bytes = bytes.subspan(count);
  }
  transcript = t;
}

std::span<const std::uint8_t> TranscriptPool::read(const Transcript& t, Bytes& room) const {
  std::size_t done = 0;
  for (std::uint32_t piece = t.first; done < t.size; piece = pieces_[piece - 1].next) {
    const std::size_t count = std::min<std::size_t>(kPieceBytes, t.size - done);
    std::copy_n(pieces_[piece - 1].bytes.begin(), count, &room[done]);
    done += count;
  }
  return {room.data(), done};
}

void TranscriptPool::release(Transcript& t) {
  if (t.size == 0) return;
  pieces_[t.last - 1].next = free_;
  free_ = t.first;
  t = {};
}

}  // namespace tcpteardown
