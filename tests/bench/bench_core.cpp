// SPDX-License-Identifier: GPL-2.0-or-later
#include <benchmark/benchmark.h>
#include <pcap/dlt.h>

#include <string>
#include <vector>

#include "capture/frame_decoder.h"
#include "capture/packet_builder.h"
#include "formats/output.h"
#include "report/report.h"
#include "tracking/connection_table.h"
#include "traffic.h"
#include "verdict/judge.h"

namespace tcpteardown::bench {
namespace {

std::vector<Segment> segments(std::uint32_t connections) {
  std::vector<Segment> all;
  Traffic{connections}.make([&all](const Segment& segment) { all.push_back(segment); });
  return all;
}

ConnectionTable table_of(const std::vector<Segment>& all) {
  ConnectionTable table;
  for (const Segment& segment : all) static_cast<void>(table.add(segment));
  return table;
}

// From a frame's bytes to a segment.
void decode(benchmark::State& state) {
  Segment segment;
  segment.hop_limit = 64;
  segment.flags.ack = true;
  const Bytes bytes =
      build_segment(segment, std::vector<std::uint8_t>(12, 1), std::vector<std::uint8_t>(1000, 'x'));
  RawFrame frame{.number = 1,
                 .time_ns = 1,
                 .link_type = DLT_EN10MB,
                 .bytes = bytes,
                 .wire_length = static_cast<std::uint32_t>(bytes.size())};
  for (auto _ : state) benchmark::DoNotOptimize(decode_frame(frame));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(decode);

// Sorting segments into connections and folding them into facts; items are segments.
void fold_segments(benchmark::State& state) {
  const std::vector<Segment> all = segments(static_cast<std::uint32_t>(state.range(0)));
  for (auto _ : state) {
    ConnectionTable table = table_of(all);
    benchmark::DoNotOptimize(table.size());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
}
BENCHMARK(fold_segments)->Arg(1'000)->Arg(30'000);

// From facts to the verdict; items are connections.
void judge_connections(benchmark::State& state) {
  const ConnectionTable table = table_of(segments(1'000));
  for (auto _ : state) {
    for (ConnectionIndex i = 0; i < table.size(); ++i) {
      benchmark::DoNotOptimize(judge(gather(table.facts(i), table.capture_end())));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(table.size()));
}
BENCHMARK(judge_connections);

// From facts to a line of JSON; items are connections.
void write_json(benchmark::State& state) {
  const ConnectionTable table = table_of(segments(1'000));
  for (auto _ : state) {
    std::string out;
    for (ConnectionIndex i = 0; i < table.size(); ++i) {
      append_json(out, make_report(table.facts(i), table.capture_end()), "bench");
    }
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(table.size()));
}
BENCHMARK(write_json);

}  // namespace
}  // namespace tcpteardown::bench

int main(int count, char** words) {
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 1;
  benchmark::AddCustomContext("bytes a connection", std::to_string(sizeof(tcpteardown::Connection)));
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
