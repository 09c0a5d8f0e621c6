// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/stream_numbers.h"

#include <algorithm>
#include <cstdint>
#include <optional>

// After Wireshark's packet-tcp.c, dissect_tcp().
namespace tcpteardown {
namespace {

constexpr std::uint8_t kFixedHeader = 20;  // bytes; of a shorter one Wireshark reads no flags

bool is_syn(const Segment& s) { return s.flags.syn && !s.flags.ack; }
bool is_syn_ack(const Segment& s) { return s.flags.syn && s.flags.ack; }
// What Wireshark counts as the end of a stream, whoever would take it.
bool is_end(const Segment& s) { return s.flags.rst || (s.flags.fin && s.flags.ack); }

// 4.0 learns only from a header whose segment has a known length.
bool teaches(const TcpHeader& header, StreamRules rules) {
  switch (header.use) {
    case HeaderUse::segment:
    case HeaderUse::short_header: return true;
    case HeaderUse::beyond_packet:
    case HeaderUse::cut: return rules != StreamRules::wireshark_4_0;
    case HeaderUse::quoted: return false;
  }
  return false;
}

}  // namespace

StreamRules installed_stream_rules() {
#if defined(TCPTEARDOWN_STREAMS_OF_WIRESHARK_4_0)
  return StreamRules::wireshark_4_0;
#elif defined(TCPTEARDOWN_STREAMS_OF_WIRESHARK_4_4)
  return StreamRules::wireshark_4_4;
#else
  return StreamRules::wireshark_4_6;
#endif
}

void StreamNumbers::open(Flow& flow, FrameNumber frame) {
  flow.low_base = flow.high_base = std::nullopt;
  flow.has_ended = false;
  flow.streams.push_back({.first = frame, .number = next_++});
}

// Whether the header starts a stream although its ends have one. `base` is where its sender started from.
bool StreamNumbers::starts_anew(const Flow& flow, const std::optional<Seq>& base, const Segment& s) const {
  if (!base) return false;
  if (rules_ == StreamRules::wireshark_4_0) return is_syn(s) && *base != s.seq;
  // Since 4.4 also at the same number, if the stream had ended; and on a SYN-ACK, as its SYN may be missing.
  return s.flags.syn && (*base != s.seq || flow.has_ended);
}

std::optional<std::uint32_t> StreamNumbers::number(const TcpHeader& header) {
  if (!header.has_window && rules_ != StreamRules::wireshark_4_6) return std::nullopt;
  const Segment& segment = header.segment;
  const FlowKey key = flow_key(segment.source, segment.destination);
  Flow& flow = flows_[key];
  // Wireshark waits for all fragments of a packet, and may wait in vain; a later packet opens the stream.
  const bool is_fragment = header.use == HeaderUse::segment && !segment.payload_length_known;
  if (flow.streams.empty() && is_fragment) return std::nullopt;

  const bool from_low = segment.source == key.low;
  std::optional<Seq>& own = from_low ? flow.low_base : flow.high_base;
  std::optional<Seq>& peer = from_low ? flow.high_base : flow.low_base;
  if (flow.streams.empty() || starts_anew(flow, own, segment)) open(flow, segment.frame);
  const bool is_first_syn = is_syn(segment) && !own;
  if (rules_ == StreamRules::wireshark_4_0 && is_syn_ack(segment) && own) own = segment.seq;
  if (teaches(header, rules_)) {
    // The first segment that is no SYN is taken for the first after the handshake.
    if (!own) own = segment.flags.syn ? segment.seq : segment.seq - 1;
    if (!peer && segment.flags.ack) peer = segment.ack - 1;
  }
  if (header.length < kFixedHeader) return flow.streams.back().number;
  flow.has_ended = (flow.has_ended && !is_first_syn) || is_end(segment);
  return flow.streams.back().number;
}

std::optional<std::uint32_t> StreamNumbers::number_at(const FlowKey& key, FrameNumber frame) const {
  const auto found = flows_.find(key);
  if (found == flows_.end()) return std::nullopt;
  const auto& streams = found->second.streams;
  const auto behind = std::upper_bound(streams.begin(), streams.end(), frame,
                                       [](FrameNumber f, const Stream& s) { return f < s.first; });
  if (streams.empty()) return std::nullopt;
  return behind == streams.begin() ? behind->number : (behind - 1)->number;
}

}  // namespace tcpteardown
