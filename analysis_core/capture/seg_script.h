// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "capture/pcap_writer.h"
#include "capture/raw_frame.h"
#include "wire/flow_key.h"
#include "wire/segment.h"

// Scripts (.seg): an exchange of segments as two hosts would see it, and what is to be said about it.
// The grammar is in tests/scripts/README.md.
namespace tcpteardown {

// Something that the script says must be true of the analysis.
struct Expectation {
  enum class About : std::uint8_t { connections, connection_field, frame_field };
  enum class Test : std::uint8_t { equals, contains, absent };

  std::size_t line = 0;  // in the script, from 1
  About about = About::connection_field;
  Test test = Test::equals;
  std::size_t connection = 1;  // which, by first frame, from 1; for connection_field
  FrameNumber frame = 0;       // for frame_field
  std::string name{};          // of the field; "A.state" and "B.state" for the states of the script's sides
  std::string value{};         // as CSV shows it
};

struct Script {
  TcpEndpoint a;
  TcpEndpoint b;
  std::vector<TimedFrame> frames;  // as captured; frame numbers count from 1
  std::vector<Expectation> expectations;
};

// A script, or the first line that is wrong and why.
struct ScriptResult {
  Script script;
  std::size_t error_line = 0;  // 0: the file could not be read
  std::string error;           // empty: none
};

[[nodiscard]] ScriptResult parse_script(std::string_view text);
[[nodiscard]] ScriptResult load_script(const std::string& path);

// Gives each of its frames as a reader of captures would.
template <typename Take>
void each_frame(const Script& script, Take take) {
  RawFrame raw;
  raw.link_type = 1;  // DLT_EN10MB
  for (const TimedFrame& frame : script.frames) {
    ++raw.number;
    raw.time_ns = frame.time_ns;
    raw.bytes = frame.bytes;
    raw.wire_length = static_cast<std::uint32_t>(frame.bytes.size());
    take(raw);
  }
}

// "line 7: the segment acknowledges 1 more than has reached its side"
[[nodiscard]] std::string describe_error(const ScriptResult& result);

}  // namespace tcpteardown
