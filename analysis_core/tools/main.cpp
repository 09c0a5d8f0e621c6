// SPDX-License-Identifier: GPL-2.0-or-later
#include <exception>
#include <iostream>
#include <string_view>
#include <vector>

#include "tools/arguments.h"
#include "tools/run.h"

int main(int count, char** words) {
  std::ios::sync_with_stdio(false);
  try {
    const std::vector<std::string_view> given(words + (count > 0 ? 1 : 0), words + count);
    const int status = tcpteardown::run(tcpteardown::parse_arguments(given), std::cout, std::cerr);
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
