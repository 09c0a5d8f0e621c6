// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/own_facts.h"

#include <algorithm>

namespace tcpteardown {
namespace {

// No segment is longer than the largest window (RFC 7323 §2.3): a length that a forged record claims is none.
void drop_impossible_length(Segment& s) {
  constexpr std::uint32_t kLargestWindow = 1U << 30;
  if (s.payload_length <= kLargestWindow) return;
  s.payload_length = static_cast<std::uint32_t>(s.payload.size());
  s.payload_length_known = false;
}

// Old Ethernet drivers count the filler of a short frame in the IP length: zeros up to 46 bytes behind
// headers of 40 or 44 (IEEE 802.3 §3.2.8). A program's last bytes carry PSH (RFC 9293 §3.9.1).
bool is_filler(const Segment& s) {
  constexpr std::uint32_t kBehindHeaders = 6;
  constexpr std::uint32_t kBehindOneOption = 2;
  const bool fits = s.payload_length == kBehindHeaders || s.payload_length == kBehindOneOption;
  if (!fits || s.flags.psh || !s.payload_length_known || s.payload.size() != s.payload_length) return false;
  return std::all_of(s.payload.begin(), s.payload.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

std::int64_t held(std::int64_t time_ns) {
  constexpr std::int64_t kMost = (std::int64_t{1} << 62) - 1;
  if (time_ns > kMost) return kMost;
  return time_ns < -kMost ? -kMost : time_ns;
}

void read_own_facts(Segment& s) {
  s.time_ns = held(s.time_ns);
  drop_impossible_length(s);
  if (is_filler(s)) {
    s.payload_length = 0;
    s.payload = {};
  }
  s.signs = read_signs(s);
}

}  // namespace tcpteardown
