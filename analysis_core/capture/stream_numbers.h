// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "capture/frame_decoder.h"
#include "tracking/fetch.h"
#include "tracking/flow_table.h"
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
  explicit StreamNumbers(StreamRules rules = installed_stream_rules()) : rules_(rules) {}

  // The stream of a TCP header of this flow, sent by the low end of its key or by the other one. One in an
  // ICMP error or beyond its packet can open a stream, too. Empty if Wireshark gives none, as it has too
  // little of the header.
  std::optional<std::uint32_t> number(const TcpHeader& header, FlowIndex flow, bool from_low);

  // The stream that headers of this flow belonged to in a frame that was seen, or the first one behind it;
  // empty if there was none.
  [[nodiscard]] std::optional<std::uint32_t> number_at(FlowIndex flow, FrameNumber frame) const;

  // Asks memory for what is known of a flow; see tracking/fetch.h.
  void fetch(FlowIndex flow) const {
    if (flow < flows_.size()) tcpteardown::fetch(flows_[flow]);
  }

  // The flow's number is another's from now on.
  void forget(FlowIndex flow);

 private:
  struct Stream {
    FrameNumber first = 0;
    std::uint32_t number = 0;
  };
  // What is known of a flow's latest stream.
  struct Flow {
    Seq low_base;  // where the lower end of the key started from
    Seq high_base;
    Stream latest;
    std::uint32_t earlier = 0;  // place in earlier_, plus one; 0: there were none
    bool knows_low : 1 = false;
    bool knows_high : 1 = false;
    bool has_stream : 1 = false;
    bool has_ended : 1 = false;  // a FIN or RST was seen
  };

  [[nodiscard]] bool starts_anew(const Flow& flow, const std::optional<Seq>& base, const Segment& s) const;
  void open(Flow& flow, FrameNumber frame);

  std::vector<Flow> flows_;                    // by FlowIndex
  std::vector<std::vector<Stream>> earlier_;   // by first frame; few flows have any
  std::vector<std::uint32_t> unused_earlier_;  // places there, plus one
  StreamRules rules_;
  std::uint32_t next_ = 0;
};

}  // namespace tcpteardown
