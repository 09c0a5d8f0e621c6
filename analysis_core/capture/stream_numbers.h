// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "capture/frame_decoder.h"
#include "wire/flow_key.h"
#include "wire/seq.h"

namespace tcpteardown {

// Whose numbers: what opens a stream has changed between Wireshark's versions.
enum class StreamRules : std::uint8_t {
  wireshark_4_0,
  wireshark_4_4,
  wireshark_4_6,
};

// Those of the Wireshark that was installed where this was built; of the newest if there was none.
[[nodiscard]] StreamRules installed_stream_rules();

// Numbers the TCP streams of a capture as Wireshark does (tcp.stream), so that our rows and its display
// filters speak of the same thing. A stream is a pair of ends; a SYN whose sequence number is not the one
// that its sender started from opens another. That splits and joins connections wrongly (see
// tracking/connection_table.h), so it is a label, never evidence.
class StreamNumbers {
 public:
  explicit StreamNumbers(std::uint64_t hash_seed = 0, StreamRules rules = installed_stream_rules())
      : flows_(0, FlowKeyHash{hash_seed}), rules_(rules) {}

  // The stream of a TCP header. One in an ICMP error or beyond its packet can open a stream, too. Empty if
  // Wireshark gives none, as it has too little of the header.
  std::optional<std::uint32_t> number(const TcpHeader& header);

  // The stream that headers of this flow belonged to in a frame that was seen, or the first one behind it;
  // empty if there was none.
  [[nodiscard]] std::optional<std::uint32_t> number_at(const FlowKey& key, FrameNumber frame) const;

 private:
  struct Stream {
    FrameNumber first = 0;
    std::uint32_t number = 0;
  };
  // What is known of a flow's latest stream.
  struct Flow {
    std::optional<Seq> low_base;  // where the lower end of the key started from
    std::optional<Seq> high_base;
    bool has_ended = false;       // a FIN or RST was seen
    std::vector<Stream> streams;  // by first frame
  };

  [[nodiscard]] bool starts_anew(const Flow& flow, const std::optional<Seq>& base, const Segment& s) const;
  void open(Flow& flow, FrameNumber frame);

  std::unordered_map<FlowKey, Flow, FlowKeyHash> flows_;
  StreamRules rules_;
  std::uint32_t next_ = 0;
};

}  // namespace tcpteardown
