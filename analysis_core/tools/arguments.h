// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/output.h"
#include "tools/selection.h"

namespace tcpteardown {

enum class Command : std::uint8_t { report, explain, to_pcap, help, version };
enum class Format : std::uint8_t { text, json, csv };
enum class Explain : std::uint8_t { overview, page, markdown, list };

struct Arguments {
  Command command = Command::report;
  Format format = Format::text;
  TextLayout layout;     // of the text report
  Selection selection;   // which connections are reported
  bool join = false;     // the files follow one another: connections go on from one to the next
  bool follow = false;   // one capture without an end: report each connection as it is over
  unsigned threads = 0;  // 0: as many as there are processors
  Explain explain = Explain::overview;
  std::string slug;                // for Explain::page
  std::vector<std::string> files;  // captures and scripts; for to_pcap: the script, the capture
  std::string error;               // not empty: the command line is wrong, and how
};

[[nodiscard]] Arguments parse_arguments(std::span<const std::string_view> words);
[[nodiscard]] std::string_view help_text();

}  // namespace tcpteardown
