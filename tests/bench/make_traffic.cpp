// SPDX-License-Identifier: GPL-2.0-or-later
// make_traffic CONNECTIONS FILE: the traffic of the benchmarks as a capture, for measuring tshark with and
// without the plugin.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "capture/pcap_writer.h"
#include "traffic.h"

int main(int count, char** words) {
  const long connections = count == 3 ? std::strtol(words[1], nullptr, 10) : 0;
  if (connections <= 0 || connections > 10'000'000) {
    std::cerr << "usage: make_traffic CONNECTIONS FILE\n";
    return 1;
  }
  std::vector<tcpteardown::TimedFrame> frames;
  tcpteardown::bench::Traffic{static_cast<std::uint32_t>(connections)}.make(
      [&](const tcpteardown::Segment& segment) {
        const tcpteardown::Bytes payload(segment.payload_length, 'x');
        frames.push_back({segment.time_ns, tcpteardown::build_segment(segment, {}, payload)});
      });
  const std::string problem = tcpteardown::write_pcap(words[2], frames);
  if (!problem.empty()) std::cerr << problem << '\n';
  return problem.empty() ? 0 : 1;
}
