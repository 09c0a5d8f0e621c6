// SPDX-License-Identifier: GPL-2.0-or-later
#include "stranger.h"

#include <array>

namespace tcpteardown::fuzz {
namespace {

struct Step {
  bool from_client;
  std::uint8_t flags;
  std::uint32_t seq;
  std::uint32_t ack;
  std::uint32_t length;
};

constexpr std::array<Step, 8> kSteps{{{true, 0x02, 99, 0, 0},      // SYN
                                      {false, 0x12, 299, 100, 0},  // SYN-ACK
                                      {true, 0x10, 100, 300, 0},
                                      {true, 0x18, 100, 300, 50},
                                      {false, 0x18, 300, 150, 70},
                                      {true, 0x11, 150, 370, 0},  // FIN
                                      {false, 0x11, 370, 151, 0},
                                      {true, 0x10, 151, 371, 0}}};

TcpEndpoint end(bool is_client) {
  TcpEndpoint end{.address = {}, .port = static_cast<std::uint16_t>(is_client ? 50'000 : 7'000)};
  end.address.bytes = {192, 0, 2, static_cast<std::uint8_t>(is_client ? 1 : 2)};
  return end;
}

}  // namespace

Segment Stranger::next(FrameNumber frame, std::int64_t time_ns) {
  const Step& step = kSteps[step_++ % kSteps.size()];
  Segment s;
  s.frame = frame;
  s.time_ns = time_ns;
  s.source = end(step.from_client);
  s.destination = end(!step.from_client);
  s.flags = flags_from_byte(step.flags);
  s.seq = Seq{step.seq};
  s.ack = Seq{step.ack};
  s.window = 500;
  s.payload_length = step.length;
  s.hop_limit = 64;
  return s;
}

bool is_of_stranger(const Report& report) { return report.client.starts_with("192.0.2."); }

}  // namespace tcpteardown::fuzz
