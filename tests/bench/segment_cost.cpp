// SPDX-License-Identifier: GPL-2.0-or-later
// segment_cost CONNECTIONS SEGMENTS: nanoseconds that the tables take for a segment, with so many connections
// open at once. Each says in turn that it is still there.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "capture/analysis.h"

namespace {

using tcpteardown::Analysis;
using tcpteardown::FrameContents;
using tcpteardown::Segment;

class Talk {
 public:
  explicit Talk(std::uint32_t connections) : connections_(connections) {}

  [[nodiscard]] FrameContents next() {
    // Far from each other in memory, as the connections of a real link are: a prime step.
    const auto which = static_cast<std::uint32_t>(std::uint64_t{sent_} * 7'919 % connections_);
    const std::uint32_t round = sent_++ / connections_;
    Segment s;
    s.frame = sent_;
    s.time_ns = std::int64_t{sent_} * 1'000;
    s.source.address.bytes = {10, static_cast<std::uint8_t>(which >> 16),
                              static_cast<std::uint8_t>(which >> 8), static_cast<std::uint8_t>(which)};
    s.source.port = 40'000;
    s.destination.address.bytes = {192, 0, 2, 1};
    s.destination.port = 443;
    s.flags = {.psh = true, .ack = true};
    s.seq = tcpteardown::Seq{1 + round * 100};
    s.ack = tcpteardown::Seq{1};
    s.window = 512;
    s.payload_length = 100;
    s.hop_limit = 64;
    FrameContents contents;
    contents.header = {.segment = s};
    return contents;
  }

 private:
  std::uint32_t connections_;
  std::uint32_t sent_ = 0;
};

}  // namespace

int main(int count, char** words) {
  const long connections = count == 3 ? std::strtol(words[1], nullptr, 10) : 0;
  const long segments = count == 3 ? std::strtol(words[2], nullptr, 10) : 0;
  if (connections <= 0 || segments < connections || segments > 1'000'000'000) {
    std::cerr << "usage: segment_cost CONNECTIONS SEGMENTS\n";
    return 1;
  }
  Talk talk{static_cast<std::uint32_t>(connections)};
  Analysis analysis;
  const auto start = std::chrono::steady_clock::now();
  for (long i = 0; i < segments; ++i) analysis.add(talk.next());
  const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
  std::cout << taken.count() / static_cast<double>(segments) << '\n';
}
