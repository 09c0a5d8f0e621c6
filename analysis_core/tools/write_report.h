// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tools/arguments.h"
#include "tracking/connection_table.h"
#include "wire/segment.h"

namespace tcpteardown {

// Which file a frame is in: of joined files, each goes on behind the last frame of the one before.
class FileNames {
 public:
  explicit FileNames(std::string_view only) { add(0, only); }
  FileNames() = default;

  void add(FrameNumber frames_before, std::string_view file) {
    files_.push_back({frames_before, std::string(file)});
  }
  [[nodiscard]] std::string_view of(FrameNumber frame) const;
  // "a.pcap", or "a.pcap and 2 more".
  [[nodiscard]] std::string all() const;

 private:
  struct File {
    FrameNumber frames_before = 0;
    std::string name;
  };

  std::vector<File> files_;  // in the order of their frames
};

// As many as the arguments say, or as there are processors.
[[nodiscard]] unsigned threads_of(const Arguments& arguments);

void write_csv_header(std::ostream& out);

// The report of all connections that the arguments ask for, in the format and on as many threads as they say.
// How many there were.
std::size_t write_report(const ConnectionTable& table, const FileNames& files, const Arguments& arguments,
                         std::ostream& out);

}  // namespace tcpteardown
