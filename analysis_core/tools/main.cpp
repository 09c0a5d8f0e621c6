// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <exception>
#include <iostream>
#include <string_view>
#include <vector>

#include "tools/arguments.h"
#include "tools/run.h"

namespace {

// Of standard output, in columns; 0 if it is no terminal.
std::size_t terminal_width() {
  struct winsize size {};
  if (isatty(STDOUT_FILENO) != 1 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

// Seconds ahead of UTC; 0 for a time that has no calendar.
std::int64_t local_offset(std::int64_t time_ns) {
  constexpr std::int64_t kSecond = 1'000'000'000;  // ns
  const std::time_t seconds = time_ns / kSecond;
  std::tm local{};
  return localtime_r(&seconds, &local) == nullptr ? 0 : local.tm_gmtoff;
}

}  // namespace

int main(int count, char** words) {
  std::ios::sync_with_stdio(false);
  try {
    const std::vector<std::string_view> given(words + (count > 0 ? 1 : 0), words + count);
    tcpteardown::Arguments arguments = tcpteardown::parse_arguments(given);
    arguments.layout.width = terminal_width();
    arguments.layout.local = local_offset;
    const int status = tcpteardown::run(arguments, std::cout, std::cerr);
    std::cout.flush();
    if (!std::cout) {
      std::cerr << "tcpteardown: standard output could not be written\n";
      return tcpteardown::kExitUnread;
    }
    return status;
  } catch (const std::exception& problem) {
    std::cerr << "tcpteardown: " << problem.what() << '\n';
    return tcpteardown::kExitUnread;
  }
}
