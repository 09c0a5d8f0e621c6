// SPDX-License-Identifier: GPL-2.0-or-later
// segment_cost CONNECTIONS SEGMENTS: nanoseconds that the tables take for a segment, with so many connections
// open at once. Each says in turn that it is still there. Making and decoding the packets is not counted.
#include <pcap/dlt.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "capture/analysis.h"
#include "capture/packet_batch.h"
#include "capture/packet_builder.h"

namespace {

using tcpteardown::Bytes;
using tcpteardown::PacketBatch;
using tcpteardown::RawFrame;
using tcpteardown::Segment;

class Talk {
 public:
  explicit Talk(std::uint32_t connections) : connections_(connections) {
    Segment s;
    s.source.port = 40'000;
    s.destination.address.bytes = {192, 0, 2, 1};
    s.destination.port = 443;
    s.flags = {.psh = true, .ack = true};
    s.ack = tcpteardown::Seq{1};
    s.window = 512;
    s.payload_length = 100;
    s.hop_limit = 64;
    bytes_ = build_segment(s, {}, Bytes(100, 'x'));
  }

  // The next one; valid until the next call.
  [[nodiscard]] RawFrame next() {
    constexpr std::size_t kSource = 14 + 12;  // behind an Ethernet header and a part of IP's
    constexpr std::size_t kSeq = 14 + 20 + 4;
    // Far from each other in memory, as the connections of a real link are: a prime step.
    const auto which = static_cast<std::uint32_t>(std::uint64_t{sent_} * 7'919 % connections_);
    const std::uint32_t round = sent_++ / connections_;
    put(kSource, 10U << 24 | which);
    put(kSeq, 1 + round * 100);
    return {.number = sent_,
            .time_ns = std::int64_t{sent_} * 1'000,
            .link_type = DLT_EN10MB,
            .bytes = bytes_,
            .wire_length = static_cast<std::uint32_t>(bytes_.size())};
  }

 private:
  void put(std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) bytes_[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }

  Bytes bytes_;
  std::uint32_t connections_;
  std::uint32_t sent_ = 0;
};

}  // namespace

int main(int count, char** words) {
  const long connections = count == 3 ? std::strtol(words[1], nullptr, 10) : 0;
  const long segments = count == 3 ? std::strtol(words[2], nullptr, 10) : 0;
  if (connections <= 0 || connections > 1 << 24 || segments < connections || segments > 1'000'000'000) {
    std::cerr << "usage: segment_cost CONNECTIONS SEGMENTS\n";
    return 1;
  }
  Talk talk{static_cast<std::uint32_t>(connections)};
  tcpteardown::Analysis analysis;
  PacketBatch batch;
  std::chrono::duration<double, std::nano> taken{};
  for (long sent = 0; sent < segments;) {
    for (RawFrame frame = talk.next();; frame = talk.next()) {
      static_cast<void>(batch.add(frame, 0));
      if (++sent == segments || !batch.has_room_for(frame)) break;
    }
    const auto start = std::chrono::steady_clock::now();
    analysis.add(batch);
    taken += std::chrono::steady_clock::now() - start;
    batch.clear();
  }
  std::cout << taken.count() / static_cast<double>(segments) << '\n';
}
