// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/progress.h"

#include <unistd.h>

#include <iostream>

#include "findings/phrasing.h"
#include "formats/connection_text.h"

namespace tcpteardown {
namespace {

constexpr std::chrono::milliseconds kFirst{1000};  // who waits for less needs no word
constexpr std::chrono::milliseconds kStep{250};    // as often as one can read it

constexpr std::string_view kStartOfLine = "\r\x1b[K";  // and clear it (ECMA-48, CR and EL)

}  // namespace

Progress::Progress() : is_terminal_(isatty(STDERR_FILENO) == 1), next_(Clock::now() + kFirst) {}

void Progress::tell(std::string_view file, std::uint64_t read, std::uint64_t all) {
  if (!is_terminal_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + kStep;
  std::cerr << kStartOfLine << progress_text(file, read, all) << std::flush;
  is_shown_ = true;
}

void Progress::clear() {
  if (is_shown_) std::cerr << kStartOfLine << std::flush;
  is_shown_ = false;
}

std::string progress_text(std::string_view file, std::uint64_t read, std::uint64_t all) {
  constexpr std::uint64_t kMegabyte = 1'000'000;
  std::string text = "reading " + printable(file) + ": ";
  if (all == 0) return text + grouped(read / kMegabyte) + " MB";
  return text +
         std::to_string(static_cast<unsigned>(100.0 * static_cast<double>(read) / static_cast<double>(all))) +
         " %";
}

}  // namespace tcpteardown
