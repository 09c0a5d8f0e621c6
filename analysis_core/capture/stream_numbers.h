// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "capture/frame_decoder.h"
#include "wire/flow_key.h"
#include "wire/seq.h"

namespace tcpteardown {

// Numbers the TCP streams of a capture as Wireshark 4.0 does (tcp.stream), so that our rows and
// its display filters speak of the same thing. A stream is a pair of ends; a SYN without ACK
// whose sequence number is not the one that its sender started from opens another. That splits and joins
// connections wrongly (see tracking/connection_table.h), so it is a label, never evidence.
class StreamNumbers {
 public:
  explicit StreamNumbers(std::uint64_t hash_seed = 0) : streams_(0, FlowKeyHash{hash_seed}) {}

  // The stream of a TCP header. One in an ICMP error or beyond its packet can open a stream too, but
  // Wireshark does not learn from it where a sender started.
  std::uint32_t number(const TcpHeader& header);

 private:
  struct Stream {
    std::uint32_t number = 0;
    std::optional<Seq> low_base;  // where the lower end of the key started from, if known
    std::optional<Seq> high_base;
  };

  std::unordered_map<FlowKey, Stream, FlowKeyHash> streams_;
  std::uint32_t next_ = 0;
};

}  // namespace tcpteardown
