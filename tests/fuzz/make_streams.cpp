// SPDX-License-Identifier: GPL-2.0-or-later
// Writes scripts and captures as streams for fuzz_segments: make_streams FOLDER FILE-OR-FOLDER…
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "capture/analysis.h"
#include "stream.h"

namespace tcpteardown::fuzz {
namespace {

constexpr std::size_t kMostItems = 200;  // of one file: a fuzzer is quick with short inputs

// Frames as items; payloads are kept, as the frames' bytes do not stay.
class Items {
 public:
  void add(const RawFrame& frame) {
    if (items_.size() >= kMostItems) return;
    const FrameContents contents = decode_frame(frame);
    if (contents.header && contents.header->use == HeaderUse::segment) {
      Segment s = contents.header->segment;
      payloads_.emplace_back(s.payload.begin(), s.payload.end());
      s.payload = {};
      items_.emplace_back(s);
    } else if (contents.error) {
      payloads_.emplace_back();
      items_.emplace_back(*contents.error);
    }
  }

  [[nodiscard]] std::vector<std::uint8_t> stream() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (auto* s = std::get_if<Segment>(&items_[i])) s->payload = payloads_[i];
    }
    return write_stream(items_);
  }

 private:
  std::vector<Item> items_;
  std::vector<std::vector<std::uint8_t>> payloads_;
};

bool read(const std::string& path, Items& items) {
  if (!path.ends_with(".seg")) {
    return read_capture(path, [&items](const RawFrame& frame) { items.add(frame); }).outcome !=
           ReadOutcome::unreadable;
  }
  const ScriptResult result = load_script(path);
  each_frame(result.script, [&items](const RawFrame& frame) { items.add(frame); });
  return result.error.empty();
}

// A file, or all captures and scripts below a folder.
std::vector<std::filesystem::path> files_of(const std::filesystem::path& given) {
  if (!std::filesystem::is_directory(given)) return {given};
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(given)) {
    const std::string kind = entry.path().extension().string();
    if (kind == ".seg" || kind == ".pcap" || kind == ".pcapng" || kind == ".snoop")
      found.push_back(entry.path());
  }
  return found;
}

bool write_stream_of(const std::filesystem::path& file, const std::filesystem::path& folder) {
  Items items;
  if (!read(file.string(), items)) return false;
  const std::vector<std::uint8_t> bytes = items.stream();
  if (bytes.empty()) return false;
  const std::string name = file.parent_path().filename().string() + '-' + file.stem().string();
  std::ofstream out{folder / name, std::ios::binary};
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return out.good();
}

int run(const std::filesystem::path& folder, std::span<char* const> given) {
  std::filesystem::create_directories(folder);
  std::size_t written = 0;
  std::size_t files = 0;
  for (const char* name : given) {
    for (const std::filesystem::path& file : files_of(name)) {
      ++files;
      if (write_stream_of(file, folder)) ++written;
    }
  }
  std::cout << written << " streams of " << files << " files\n";
  return written > 0 ? 0 : 1;
}

}  // namespace
}  // namespace tcpteardown::fuzz

int main(int count, char** words) {
  if (count < 3) {
    std::cerr << "usage: make_streams FOLDER FILE-OR-FOLDER...\n";
    return 1;
  }
  return tcpteardown::fuzz::run(words[1], {words + 2, words + count});
}
