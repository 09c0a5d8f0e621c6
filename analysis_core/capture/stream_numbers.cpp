// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/stream_numbers.h"

#include <cstdint>
#include <optional>

namespace tcpteardown {

std::uint32_t StreamNumbers::number(const TcpHeader& header) {
  const Segment& segment = header.segment;
  const FlowKey key = flow_key(segment.source, segment.destination);
  const bool from_low = segment.source == key.low;
  const auto [found, is_new] = streams_.try_emplace(key);
  Stream& stream = found->second;
  const std::optional<Seq>& known = from_low ? stream.low_base : stream.high_base;
  const bool is_opening = segment.flags.syn && !segment.flags.ack;
  if (is_new || (is_opening && known && *known != segment.seq)) {
    stream = {.number = next_++, .low_base = {}, .high_base = {}};
  }
  if (header.use == HeaderUse::quoted || header.use == HeaderUse::beyond_packet) return stream.number;
  std::optional<Seq>& own = from_low ? stream.low_base : stream.high_base;
  std::optional<Seq>& peer = from_low ? stream.high_base : stream.low_base;
  // Wireshark takes the first segment that is no SYN for the first after the handshake.
  if (!own) own = segment.flags.syn ? segment.seq : segment.seq - 1;
  if (!peer && segment.flags.ack) peer = segment.ack - 1;
  return stream.number;
}

}  // namespace tcpteardown
