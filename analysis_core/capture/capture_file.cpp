// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/capture_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "capture/byte_input.h"
#include "capture/decompress.h"
#include "capture/pcap_file.h"
#include "capture/pcapng_file.h"
#include "capture/snoop_file.h"

namespace tcpteardown {
namespace {

ReadResult unreadable(std::string message) { return {ReadOutcome::unreadable, std::move(message)}; }

// An open file, which standard input stays.
class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : number_(path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ > STDIN_FILENO) close(number_);  // only read from
  }

  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  [[nodiscard]] struct stat status() const {
    struct stat found {};
    if (fstat(number_, &found) != 0) found.st_mode = 0;
    return found;
  }
  // Asks whether to go on before each attempt, and now and then while it waits for a pipe.
  template <typename GoOn>
  [[nodiscard]] std::size_t read_some(std::span<std::uint8_t> room, std::string& problem,
                                      const GoOn& go_on) const {
    while (go_on()) {
      if (!has_some(kPatience)) continue;
      const ssize_t got = read(number_, room.data(), room.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno == EINTR) continue;
      problem = std::strerror(errno);
      return 0;
    }
    problem = "interrupted";
    return 0;
  }

 private:
  static constexpr int kPatience = 200;  // ms; as soon as that, who interrupts is heard (our choice)

  // Bytes, an end or an error: a read will not wait.
  [[nodiscard]] bool has_some(int timeout_ms) const {
    struct pollfd waiting {
      number_, POLLIN, 0
    };
    return poll(&waiting, 1, timeout_ms) != 0;
  }

  int number_;
};

ReadResult read_uncompressed(ByteInput& input, const FrameHandler& handle) {
  if (input.at_end()) return {};
  const std::uint8_t first = input.peek(1)[0];
  if (first == kSnoopFirstByte) return read_snoop(input, handle);
  if (first == kPcapngFirstByte) return read_pcapng(input, handle);
  return read_pcap(input, handle);
}

// What a reader found, unless the bytes themselves ended in trouble.
ReadResult with_problem(ReadResult result, const ByteInput& input) {
  if (input.problem().empty()) return result;
  const bool has_none = result.outcome == ReadOutcome::unreadable;
  return {has_none ? ReadOutcome::unreadable : ReadOutcome::partial, input.problem()};
}

ReadResult read_input(ByteInput input, const FrameHandler& handle) {
  constexpr std::size_t kLongestMagic = 6;  // bytes
  const Compression* compression = compression_of(input.peek(kLongestMagic));
  if (compression == nullptr) {
    const ReadResult result = read_uncompressed(input, handle);
    return with_problem(result, input);
  }
  if (compression->open == nullptr) {
    return unreadable("compressed with " + std::string(compression->name) +
                      ", which this build leaves out (it was made without " +
                      std::string(compression->library) + ")");
  }
  const auto compressed = [&input](std::span<std::uint8_t> room, std::string& problem) {
    if (input.at_end()) problem = input.problem();
    const std::span<const std::uint8_t> some =
        input.available().first(std::min(room.size(), input.available().size()));
    std::copy(some.begin(), some.end(), room.begin());
    input.advance(some.size());
    return some.size();
  };
  ByteInput whole{compression->open(compressed)};
  const ReadResult result = read_uncompressed(whole, handle);
  return with_problem(result, whole);
}

}  // namespace

ReadResult read_capture(const std::string& path, const FrameHandler& handle,
                        const ProgressHandler& progress) {
  const Descriptor file{path};
  if (!file.is_open()) return unreadable(errno == ENOENT ? "no such file" : std::strerror(errno));
  const struct stat status = file.status();
  if (S_ISDIR(status.st_mode)) return unreadable("a directory, not a file");
  const std::uint64_t size = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
  std::uint64_t done = 0;
  const auto read_some = [&](std::span<std::uint8_t> room, std::string& problem) {
    const auto go_on = [&] { return !progress || progress(done, size); };
    const std::size_t got = file.read_some(room, problem, go_on);
    done += got;
    return got;
  };
  return read_input(ByteInput{read_some}, handle);
}

std::optional<std::int64_t> first_time_ns(const std::string& path) {
  struct Enough {
    std::int64_t time_ns;
  };
  try {
    static_cast<void>(read_capture(path, [](const RawFrame& frame) { throw Enough{frame.time_ns}; }));
  } catch (const Enough& enough) {
    return enough.time_ns;
  }
  return std::nullopt;
}

}  // namespace tcpteardown
