// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/analysis.h"

#include <pcap/dlt.h>

#include <cstdint>
#include <string>

#include "capture/frame_decoder.h"

namespace tcpteardown {

void Analysis::begin_file() {
  before_file_ = last_frame_;
  frames_ = {};
}

void Analysis::add(const RawFrame& captured) {
  RawFrame frame = captured;
  frame.number += before_file_;
  last_frame_ = frame.number;
  table_.note_time(frame.time_ns);
  // The largest aggregate of IEEE 802.11 has room for 150 acknowledgments without data.
  constexpr std::uint32_t kMostPackets = 256;
  FrameContents contents = decode_frame(frame);
  frames_.add(frame, contents);
  add(contents);
  for (std::uint32_t packet = 1; contents.has_more_packets && packet < kMostPackets; ++packet) {
    contents = decode_frame(frame, packet);
    add(contents);
  }
}

void Analysis::add(const Segment& segment) {
  const ConnectionIndex index = table_.add(segment);
  const FrameNumber first = table_.wants_stream_of(index);
  if (first == 0) return;
  // A connection may have begun in an earlier frame than the one that tells that it is a connection.
  const FlowKey key = flow_key(segment.source, segment.destination);
  if (const auto stream = streams_.number_at(key, first)) table_.set_stream(index, *stream);
}

void Analysis::add(const FrameContents& contents) {
  if (contents.header) {
    static_cast<void>(streams_.number(*contents.header));
    if (contents.header->use == HeaderUse::segment) add(contents.header->segment);
  }
  if (contents.error) static_cast<void>(table_.add(*contents.error));
}

void analyse_script(const Script& script, Analysis& analysis) {
  RawFrame raw;
  raw.link_type = DLT_EN10MB;
  for (const TimedFrame& frame : script.frames) {
    ++raw.number;
    raw.time_ns = frame.time_ns;
    raw.bytes = frame.bytes;
    raw.wire_length = static_cast<std::uint32_t>(frame.bytes.size());
    analysis.add(raw);
  }
}

ReadResult analyse_file(const std::string& path, Analysis& analysis, const ProgressHandler& progress) {
  if (!path.ends_with(".seg")) {
    const auto add = [&analysis](const RawFrame& frame) { analysis.add(frame); };
    const ReadResult file = read_capture(path, add, progress);
    return analysis.frames().result(file);
  }
  const ScriptResult result = load_script(path);
  if (!result.error.empty()) return {ReadOutcome::unreadable, describe_error(result)};
  analyse_script(result.script, analysis);
  return {};
}

}  // namespace tcpteardown
