// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a fuzzer's function without libFuzzer: on every file given, and on some damaged copies of each.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kCopies = 40;
constexpr std::size_t kLargest = 20'000;  // bytes; the first ones of a longer file

std::vector<std::uint8_t> read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>{file}, {}};
  if (bytes.size() > kLargest) bytes.resize(kLargest);
  return bytes;
}

void damage(std::vector<std::uint8_t>& bytes, std::mt19937& random) {
  if (bytes.empty()) return;
  for (auto left = 1 + random() % 8; left > 0; --left) {
    bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
  }
  if (random() % 4 == 0) bytes.resize(random() % bytes.size());
}

std::size_t run_file(const std::filesystem::path& path, std::mt19937& random) {
  const std::vector<std::uint8_t> bytes = read_file(path);
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  for (int i = 0; i < kCopies; ++i) {
    std::vector<std::uint8_t> copy = bytes;
    damage(copy, random);
    LLVMFuzzerTestOneInput(copy.data(), copy.size());
  }
  return 1 + kCopies;
}

}  // namespace

int main(int count, char** folders) {
  std::mt19937 random{5};
  std::size_t runs = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folders[i])) {
      if (entry.is_regular_file()) runs += run_file(entry.path(), random);
    }
  }
  std::cout << runs << " inputs\n";
  return runs > 0 ? 0 : 1;
}
