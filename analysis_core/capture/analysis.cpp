// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/analysis.h"

#include <pcap/dlt.h>

#include <cstdint>
#include <string>

#include "capture/frame_decoder.h"

namespace tcpteardown {

void Analysis::add(const RawFrame& frame) {
  ++frames_;
  table_.note_time(frame.time_ns);
  add(decode_frame(frame));
}

void Analysis::add(const FrameContents& contents) {
  if (contents.header) {
    const std::uint32_t stream = streams_.number(*contents.header);
    if (contents.header->use == HeaderUse::segment) {
      table_.set_stream(table_.add(contents.header->segment), stream);
    }
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

ReadResult analyse_file(const std::string& path, Analysis& analysis) {
  if (!path.ends_with(".seg")) {
    return read_capture(path, [&analysis](const RawFrame& frame) { analysis.add(frame); });
  }
  const ScriptResult result = load_script(path);
  if (!result.error.empty()) return {ReadOutcome::unreadable, describe_error(result)};
  analyse_script(result.script, analysis);
  return {};
}

}  // namespace tcpteardown
