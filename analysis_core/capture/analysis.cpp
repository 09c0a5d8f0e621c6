// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/analysis.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "capture/frame_decoder.h"
#include "capture/read_ahead.h"

namespace tcpteardown {
namespace {

// How many packets are looked up together (our choice): what is asked for fits into the nearest cache.
constexpr std::size_t kAhead = 32;

Ends ends_of(const FrameContents& contents) {
  if (!contents.header) return {};
  const Segment& segment = contents.header->segment;
  return tcpteardown::ends_of(segment.source, segment.destination);
}

}  // namespace

void Analysis::begin_file() { frames_ = {}; }

void Analysis::add(const RawFrame& frame) {
  decode_packets(frame, [this, &frame](const FrameContents& contents, bool is_first) {
    if (is_first) note_frame(frame, contents);
    const Ends ends = ends_of(contents);
    add(contents, ends, table_.hash_of(ends.key));
  });
}

void Analysis::add(const PacketBatch& batch) {
  for (std::span<const Packet> rest = batch.packets(); !rest.empty();) {
    const std::span<const Packet> next = rest.first(std::min(rest.size(), kAhead));
    add_ahead(next);
    rest = rest.subspan(next.size());
  }
}

void Analysis::add_ahead(std::span<const Packet> packets) {
  std::array<Ends, kAhead> ends;
  std::array<ConnectionTable::Ahead, kAhead> ahead;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    ends[i] = ends_of(packets[i].contents);
    ahead[i] = {.hash = table_.hash_of(ends[i].key), .flow = {}};
  }
  table_.fetch(std::span(ahead).first(packets.size()));
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (ahead[i].flow) streams_.fetch(*ahead[i].flow);
  }
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (packets[i].is_first) note_frame(packets[i].frame, packets[i].contents);
    add(packets[i].contents, ends[i], ahead[i].hash);
  }
}

void Analysis::note_frame(const RawFrame& frame, const FrameContents& contents) {
  last_frame_ = frame.number;
  table_.note_time(frame.time_ns);
  frames_.add(frame, contents);
}

void Analysis::forget(FlowIndex flow) {
  table_.forget(flow);
  streams_.forget(flow);
}

void Analysis::add(const Segment& segment, FlowIndex flow, bool from_low) {
  const ConnectionIndex index = table_.add(segment, flow, from_low);
  const FrameNumber first = table_.wants_stream_of(index);
  if (first == 0) return;
  // A connection may have begun in an earlier frame than the one that tells that it is a connection.
  if (const auto stream = streams_.number_at(flow, first)) table_.set_stream(index, *stream);
}

void Analysis::add(const FrameContents& contents, const Ends& ends, std::uint32_t hash) {
  if (contents.header) {
    const FlowIndex flow = table_.flow_of(ends.key, hash);
    static_cast<void>(streams_.number(*contents.header, flow, ends.from_low));
    if (contents.header->use == HeaderUse::segment) add(contents.header->segment, flow, ends.from_low);
    if (handle_flow_) handle_flow_(flow);
  }
  if (contents.error) static_cast<void>(table_.add(*contents.error));
}

void analyse_script(const Script& script, Analysis& analysis) {
  each_frame(script, [&analysis](const RawFrame& frame) { analysis.add(frame); });
}

ReadResult analyse_file(const std::string& path, Analysis& analysis, Reading reading,
                        const ProgressHandler& progress) {
  if (!path.ends_with(".seg")) {
    const ReadResult file = reading == Reading::by_two ? read_in_background(path, analysis, progress)
                                                       : read_in_batches(path, analysis, progress);
    return analysis.frames().result(file);
  }
  const ScriptResult result = load_script(path);
  if (!result.error.empty()) return {ReadOutcome::unreadable, describe_error(result)};
  analyse_script(result.script, analysis);
  return {};
}

}  // namespace tcpteardown
