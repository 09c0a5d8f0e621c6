// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tcpteardown {

// Tells on a terminal how far reading has come, once it takes longer than a second. Elsewhere it is silent: a
// log has no use for it.
class Progress {
 public:
  Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  // `all` is 0 where it is not known.
  void tell(std::string_view file, std::uint64_t read, std::uint64_t all);
  // Takes the line back, before anything else is written.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  bool is_terminal_;
  bool is_shown_ = false;
  Clock::time_point next_;
};

// "reading a.pcap: 45 %", or how many MB where the size is not known.
[[nodiscard]] std::string progress_text(std::string_view file, std::uint64_t read, std::uint64_t all);

}  // namespace tcpteardown
