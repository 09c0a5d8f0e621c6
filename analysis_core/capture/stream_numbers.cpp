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
  if (flow.has_stream) {
    if (flow.earlier == 0 && unused_earlier_.empty()) {
      earlier_.emplace_back();
      unused_earlier_.push_back(static_cast<std::uint32_t>(earlier_.size()));
    }
    if (flow.earlier == 0) {
      flow.earlier = unused_earlier_.back();
      unused_earlier_.pop_back();
    }
    earlier_[flow.earlier - 1].push_back(flow.latest);
  }
  flow.knows_low = flow.knows_high = false;
  flow.has_ended = false;
  flow.has_stream = true;
  flow.latest = {.first = frame, .number = next_++};
}

// Whether the header starts a stream although its ends have one. `base` is where its sender started from.
bool StreamNumbers::starts_anew(const Flow& flow, const std::optional<Seq>& base, const Segment& s) const {
  if (!base) return false;
  if (rules_ == StreamRules::wireshark_4_0) return is_syn(s) && *base != s.seq;
  // Since 4.4 also at the same number, if the stream had ended; and on a SYN-ACK, as its SYN may be missing.
  return s.flags.syn && (*base != s.seq || flow.has_ended);
}

std::optional<std::uint32_t> StreamNumbers::number(const TcpHeader& header, FlowIndex index, bool from_low) {
  if (!header.has_window && rules_ != StreamRules::wireshark_4_6) return std::nullopt;
  const Segment& segment = header.segment;
  if (index >= flows_.size()) flows_.resize(index + std::size_t{1});
  Flow& flow = flows_[index];
  // Wireshark waits for all fragments of a packet, and may wait in vain; a later packet opens the stream.
  const bool is_fragment = header.use == HeaderUse::segment && header.is_fragment;
  if (!flow.has_stream && is_fragment) return std::nullopt;

  const auto base = [&flow](bool of_low) {
    const bool known = of_low ? flow.knows_low : flow.knows_high;
    return known ? std::optional{of_low ? flow.low_base : flow.high_base} : std::nullopt;
  };
  const auto learn = [&flow](bool of_low, Seq seq) {
    (of_low ? flow.low_base : flow.high_base) = seq;
    if (of_low) flow.knows_low = true;
    if (!of_low) flow.knows_high = true;
  };
  if (!flow.has_stream || starts_anew(flow, base(from_low), segment)) open(flow, segment.frame);
  const bool is_first_syn = is_syn(segment) && !base(from_low);
  if (rules_ == StreamRules::wireshark_4_0 && is_syn_ack(segment) && base(from_low))
    learn(from_low, segment.seq);
  if (teaches(header, rules_)) {
    // The first segment that is no SYN is taken for the first after the handshake.
    if (!base(from_low)) learn(from_low, segment.flags.syn ? segment.seq : segment.seq - 1);
    if (!base(!from_low) && segment.flags.ack) learn(!from_low, segment.ack - 1);
  }
  if (header.length < kFixedHeader) return flow.latest.number;
  flow.has_ended = (flow.has_ended && !is_first_syn) || is_end(segment);
  return flow.latest.number;
}

void StreamNumbers::forget(FlowIndex index) {
  if (index >= flows_.size()) return;
  Flow& flow = flows_[index];
  if (flow.earlier != 0) {
    earlier_[flow.earlier - 1].clear();
    unused_earlier_.push_back(flow.earlier);
  }
  flow = {};
}

std::optional<std::uint32_t> StreamNumbers::number_at(FlowIndex index, FrameNumber frame) const {
  if (index >= flows_.size() || !flows_[index].has_stream) return std::nullopt;
  const Flow& flow = flows_[index];
  if (flow.earlier == 0 || flow.latest.first <= frame) return flow.latest.number;
  const std::vector<Stream>& streams = earlier_[flow.earlier - 1];
  const auto behind = std::upper_bound(streams.begin(), streams.end(), frame,
                                       [](FrameNumber f, const Stream& s) { return f < s.first; });
  return behind == streams.begin() ? behind->number : (behind - 1)->number;
}

}  // namespace tcpteardown
