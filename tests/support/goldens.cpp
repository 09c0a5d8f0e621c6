// SPDX-License-Identifier: GPL-2.0-or-later
#include "goldens.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace tcpteardown::test {

std::vector<std::string> stored_goldens(const std::string& root) {
  const std::filesystem::path tests = std::filesystem::path(root) / "tests";
  std::vector<std::string> paths;
  for (const char* folder : {"catalogue", "captures/answers"}) {
    if (!std::filesystem::exists(tests / folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(tests / folder)) {
      const std::string path = entry.path().lexically_relative(tests).string();
      const bool is_answer = path.starts_with("captures/") && path.ends_with(".tsv");
      if (is_answer || path.ends_with(".golden")) paths.push_back(path);
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string content_of(const std::string& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
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
