// SPDX-License-Identifier: GPL-2.0-or-later
// The traffic of the benchmarks as a capture; see kUsage.
#include <pcap/pcap.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "capture/packet_builder.h"
#include "traffic.h"

namespace {

using tcpteardown::Bytes;
using tcpteardown::Segment;

constexpr std::string_view kUsage =
    R"(usage: make_traffic [--alive N] [--snap BYTES] [--refused] CONNECTIONS FILE

  --alive N     how many connections are open at a time (300)
  --snap BYTES  how much is kept of each frame (all)
  --refused     each connection is a SYN and the RST that refuses it
)";

struct Wanted {
  std::uint32_t connections = 0;
  std::uint32_t alive = 300;
  std::uint32_t snap = 262'144;
  bool refused = false;
  const char* file = nullptr;
};

std::uint32_t number(const char* word) {
  const long value = std::strtol(word, nullptr, 10);
  return value > 0 && value <= 10'000'000 ? static_cast<std::uint32_t>(value) : 0;
}

Wanted parse(int count, char** words) {
  Wanted wanted;
  int at = 1;
  for (; at < count && words[at][0] == '-'; ++at) {
    const std::string_view word = words[at];
    if (word == "--refused") wanted.refused = true;
    if (word == "--alive" && at + 1 < count) wanted.alive = number(words[++at]);
    if (word == "--snap" && at + 1 < count) wanted.snap = number(words[++at]);
  }
  if (count - at != 2) return {};
  wanted.connections = number(words[at]);
  wanted.file = words[at + 1];
  return wanted;
}

class Writer {
 public:
  explicit Writer(const Wanted& wanted)
      : format_(pcap_open_dead_with_tstamp_precision(DLT_EN10MB, static_cast<int>(wanted.snap),
                                                     PCAP_TSTAMP_PRECISION_NANO)),
        dump_(pcap_dump_open(format_, wanted.file)),
        snap_(wanted.snap) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() {
    if (dump_ != nullptr) pcap_dump_close(dump_);
    pcap_close(format_);
  }

  [[nodiscard]] bool is_open() const { return dump_ != nullptr; }

  void write(const Segment& segment) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    const Bytes bytes = tcpteardown::build_segment(segment, {}, Bytes(segment.payload_length, 'x'));
    pcap_pkthdr header{};
    header.ts.tv_sec = segment.time_ns / kSecond;
    header.ts.tv_usec = segment.time_ns % kSecond;  // nanoseconds, as asked for above
    header.len = static_cast<bpf_u_int32>(bytes.size());
    header.caplen = std::min(header.len, snap_);
    pcap_dump(static_cast<u_char*>(static_cast<void*>(dump_)), &header, bytes.data());
  }

 private:
  pcap_t* format_;
  pcap_dumper_t* dump_;
  std::uint32_t snap_;
};

}  // namespace

int main(int count, char** words) {
  const Wanted wanted = parse(count, words);
  if (wanted.connections == 0 || wanted.alive == 0 || wanted.snap == 0) {
    std::cerr << kUsage;
    return 1;
  }
  Writer writer{wanted};
  if (!writer.is_open()) {
    std::cerr << "make_traffic: " << wanted.file << " cannot be written\n";
    return 1;
  }
  const auto plan = wanted.refused ? tcpteardown::bench::Plan::refused : tcpteardown::bench::Plan::ordinary;
  tcpteardown::bench::Traffic{wanted.connections, wanted.alive, plan}.make(
      [&writer](const Segment& segment) { writer.write(segment); });
}
