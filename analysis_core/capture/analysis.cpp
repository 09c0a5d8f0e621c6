// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/analysis.h"

#include <pcap/dlt.h>

#include <cstdint>
#include <string>

#include "capture/frame_decoder.h"
#include "capture/read_ahead.h"

namespace tcpteardown {

void Analysis::begin_file() { frames_ = {}; }

void Analysis::add(const RawFrame& frame) {
  decode_packets(frame, [this, &frame](const FrameContents& contents, bool is_first) {
    if (is_first) {
      add_first(frame, contents);
    } else {
      add(contents);
    }
  });
}

void Analysis::add_first(const RawFrame& frame, const FrameContents& contents) {
  last_frame_ = frame.number;
  table_.note_time(frame.time_ns);
  frames_.add(frame, contents);
  add(contents);
}

void Analysis::forget(FlowIndex flow) {
  table_.forget(flow);
  streams_.forget(flow);
}

void Analysis::add(Segment segment, const FlowKey& key, FlowIndex flow) {
  const ConnectionIndex index = table_.add(segment, key, flow);
  const FrameNumber first = table_.wants_stream_of(index);
  if (first == 0) return;
  // A connection may have begun in an earlier frame than the one that tells that it is a connection.
  if (const auto stream = streams_.number_at(flow, first)) table_.set_stream(index, *stream);
}

void Analysis::add(const FrameContents& contents) {
  if (contents.header) {
    const Segment& segment = contents.header->segment;
    const FlowKey key = flow_key(segment.source, segment.destination);
    const FlowIndex flow = table_.flow_of(key);
    static_cast<void>(streams_.number(*contents.header, flow, segment.source == key.low));
    if (contents.header->use == HeaderUse::segment) add(segment, key, flow);
    if (handle_flow_) handle_flow_(flow);
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

ReadResult analyse_file(const std::string& path, Analysis& analysis, Reading reading,
                        const ProgressHandler& progress) {
  if (!path.ends_with(".seg")) {
    // Each file's reader counts its own frames from 1.
    const auto add = [&analysis, before = analysis.last_frame()](RawFrame frame) {
      frame.number += before;
      analysis.add(frame);
    };
    const ReadResult file = reading == Reading::by_two ? read_in_background(path, analysis, progress)
                                                       : read_capture(path, add, progress);
    return analysis.frames().result(file);
  }
  const ScriptResult result = load_script(path);
  if (!result.error.empty()) return {ReadOutcome::unreadable, describe_error(result)};
  analyse_script(result.script, analysis);
  return {};
}

}  // namespace tcpteardown
