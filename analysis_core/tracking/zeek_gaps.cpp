// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/zeek_gaps.h"

#include <algorithm>

namespace tcpteardown {
namespace {

// Zeek's tcp_max_above_hole_without_any_acks: with that much behind a hole before any byte is
// acknowledged, it takes the direction of the acknowledgements for not captured.
constexpr std::int64_t kMostAboveHole = 16'384;

void drop_first(ZeekStream& s, std::size_t count) {
  std::move(s.islands.begin() + static_cast<std::ptrdiff_t>(count), s.islands.begin() + s.island_count,
            s.islands.begin());
  s.island_count = static_cast<std::uint8_t>(s.island_count - count);
}

// Delivers the islands that no hole lies before any more.
void deliver(ZeekStream& s) {
  std::size_t done = 0;
  while (done < s.island_count && s.islands[done].start <= s.delivered) {
    s.delivered = std::max(s.delivered, s.islands[done].end);
    ++done;
  }
  if (done > 0) drop_first(s, done);
}

// Islands that touch become one. When there are too many, the hole before the new one is
// forgotten: fewer letters then, never a letter too many.
void insert(ZeekStream& s, ZeekStream::Island now) {
  std::size_t at = 0;
  while (at < s.island_count && s.islands[at].end < now.start) ++at;
  std::size_t touching = at;
  while (touching < s.island_count && s.islands[touching].start <= now.end) {
    now.start = std::min(now.start, s.islands[touching].start);
    now.end = std::max(now.end, s.islands[touching].end);
    ++touching;
  }
  if (touching > at) {
    s.islands[at] = now;
    const auto rest = static_cast<std::ptrdiff_t>(touching);
    std::move(s.islands.begin() + rest, s.islands.begin() + s.island_count,
              s.islands.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    s.island_count = static_cast<std::uint8_t>(s.island_count - (touching - at - 1));
    return;
  }
  if (s.island_count == s.islands.size()) {
    ZeekStream::Island& neighbour = s.islands[at == 0 ? 0 : at - 1];
    neighbour = {std::min(neighbour.start, now.start), std::max(neighbour.end, now.end)};
    return;
  }
  std::move_backward(s.islands.begin() + static_cast<std::ptrdiff_t>(at), s.islands.begin() + s.island_count,
                     s.islands.begin() + s.island_count + 1);
  s.islands[at] = now;
  ++s.island_count;
}

}  // namespace

void take_data(ZeekStream& s, std::int64_t start, std::int64_t end, std::int64_t acked) {
  if (s.given_up || end <= acked) return;
  start = std::max(start, acked);
  if (start <= s.delivered) {
    s.delivered = std::max(s.delivered, end);
    deliver(s);
  } else {
    insert(s, {start, end});
  }
  if (acked > 1 || s.island_count == 0) return;
  if (s.islands[s.island_count - 1U].end - s.delivered <= kMostAboveHole) return;
  s.given_up = true;
  s.island_count = 0;
}

std::size_t take_ack(ZeekStream& s, std::int64_t ack) {
  if (ack <= s.trimmed) return 0;
  s.trimmed = ack;
  std::size_t holes = 0;
  while (!s.given_up && s.island_count > 0 && s.islands[0].start < ack) {
    ++holes;
    s.delivered = s.islands[0].start;
    deliver(s);
  }
  if (ack > s.delivered) {
    if (!s.given_up) ++holes;
    s.delivered = ack;
  }
  deliver(s);
  return holes;
}

}  // namespace tcpteardown
