// SPDX-License-Identifier: GPL-2.0-or-later
#include "waiting_segments.h"

#include "tracking/own_facts.h"

namespace tcpteardown {

// There is always room: a frame has no more than kHeadersKept, and its end is not before kEnough.
void WaitingSegments::add(const Segment& segment, const FrameHeaders& headers) {
  if (count_ == kRoom) return;
  segments_[count_] = segment;
  read_own_facts(segments_[count_]);
  needs_payload_ = needs_payload_ || needs_payload(segments_[count_]);
  place_[count_] = headers.count - 1;
  seen_[count_] = headers.seen[place_[count_]];
  ++count_;
}

void WaitingSegments::fold_into(ConnectionTable& table, FrameNumber frame) {
  std::array<ConnectionTable::Ahead, kRoom> ahead;
  for (std::size_t i = folded_; i < count_; ++i) {
    ahead[i] = {.hash = table.hash_of(seen_[i].key), .flow = {}};
  }
  table.fetch(std::span(ahead).subspan(folded_, count_ - folded_));
  needs_payload_ = false;
  while (folded_ < count_) {
    const std::size_t next = folded_++;
    SeenHeader& seen = seen_[next];
    if (segments_[next].frame != frame) segments_[next].payload = {};
    seen.connection = table.add(segments_[next], table.flow_of(seen.key, ahead[next].hash), seen.from_low);
    seen.known = true;
  }
}

void WaitingSegments::forget_folded() {
  if (!any()) count_ = folded_ = 0;
}

void WaitingSegments::tell(FrameHeaders& headers, FrameNumber frame) const {
  for (std::size_t i = 0; i < folded_; ++i) {
    if (segments_[i].frame == frame) headers.seen[place_[i]] = seen_[i];
  }
}

}  // namespace tcpteardown
