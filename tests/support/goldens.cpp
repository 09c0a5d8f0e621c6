// SPDX-License-Identifier: GPL-2.0-or-later
#include "goldens.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <sstream>

namespace tcpteardown::test {

std::vector<Golden> all_goldens(const std::string& scripts) {
  std::vector<Golden> goldens = sentence_goldens(scripts);
  for (Golden& golden : overlap_goldens(scripts)) goldens.push_back(std::move(golden));
  return goldens;
}

std::vector<std::string> goldens_below(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".golden") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string first_difference(const std::string& now, const std::string& stored) {
  if (now == stored) return "";
  std::istringstream now_lines{now};
  std::istringstream stored_lines{stored};
  for (std::size_t number = 1;; ++number) {
    std::string is;
    std::string was;
    const bool more_now = static_cast<bool>(std::getline(now_lines, is));
    const bool more_stored = static_cast<bool>(std::getline(stored_lines, was));
    if (!more_now && !more_stored) return "the last line lacks its end";
    if (is == was && more_now == more_stored) continue;
    return "line " + std::to_string(number) + "\n  is:  " + (more_now ? is : "(the end)") +
           "\n  was: " + (more_stored ? was : "(the end)");
  }
}

}  // namespace tcpteardown::test
