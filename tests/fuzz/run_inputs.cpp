// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a fuzzer's function without libFuzzer: on every file given, and on some damaged copies of each. An
// input that breaks something is left in the file failed-input.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
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

std::vector<std::uint8_t> current;

extern "C" void keep_input(int signal) {
  const int file = open("failed-input", O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (file >= 0) static_cast<void>(!write(file, current.data(), current.size()));
  std::signal(signal, SIG_DFL);
  static_cast<void>(std::raise(signal));
}

void run_input(const std::vector<std::uint8_t>& bytes) {
  current = bytes;
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
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
  run_input(bytes);
  for (int i = 0; i < kCopies; ++i) {
    std::vector<std::uint8_t> copy = bytes;
    damage(copy, random);
    run_input(copy);
  }
  return 1 + kCopies;
}

}  // namespace

int main(int count, char** folders) {
  for (const int signal : {SIGILL, SIGTRAP, SIGABRT, SIGSEGV}) std::signal(signal, keep_input);
  std::mt19937 random{5};
  std::size_t runs = 0;
  for (int i = 1; i < count; ++i) {
    if (std::filesystem::is_regular_file(folders[i])) runs += run_file(folders[i], random);
    if (!std::filesystem::is_directory(folders[i])) continue;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folders[i])) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());  // a folder's own order differs from machine to machine
    for (const auto& file : files) runs += run_file(file, random);
  }
  std::cout << runs << " inputs\n";
  return runs > 0 ? 0 : 1;
}
