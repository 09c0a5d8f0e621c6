// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "capture/byte_input.h"

// Captures that are compressed as a whole. Each library is optional: see CMakeLists.txt. What comes out is
// looked at piece by piece, so that a small file which becomes a huge one takes time, but no memory; and
// a window larger than kMostWindow is refused.
namespace tcpteardown {

inline constexpr std::size_t kMostWindow =
    128 * 1024 * 1024;  // bytes; zstd's and xz' own limits for strangers

struct Compression {
  std::string_view name;                  // "gzip"
  std::string_view library;               // Debian's name of what it takes to build with it
  std::string_view magic;                 // how such a file begins
  ReadSome (*open)(ReadSome compressed);  // nullptr: this build cannot
};

// The compression of a file that begins with these bytes, or nullptr.
[[nodiscard]] const Compression* compression_of(std::span<const std::uint8_t> first_bytes);

// gzip.cpp, zstd.cpp, lz4.cpp, xz.cpp: what comes out of the library, or nullptr.
[[nodiscard]] ReadSome open_gzip(ReadSome compressed);
[[nodiscard]] ReadSome open_zstd(ReadSome compressed);
[[nodiscard]] ReadSome open_lz4(ReadSome compressed);
[[nodiscard]] ReadSome open_xz(ReadSome compressed);

// How a library turns bytes into others: it takes from `in` and fills `out`, and says how many of each.
struct Turned {
  std::size_t taken = 0;
  std::size_t made = 0;
  bool is_damaged = false;
  bool is_whole = false;  // what was taken so far ends where a file may end
};

// Calls `turn` until it makes something. An empty `in` says that there is no more.
template <typename Turn>
class Decompressor {
 public:
  Decompressor(std::string_view name, ReadSome compressed, Turn turn)
      : name_(name), input_(std::move(compressed)), turn_(std::move(turn)) {}

  std::size_t operator()(std::span<std::uint8_t> room, std::string& problem) {
    for (;;) {
      static_cast<void>(input_.at_end());  // reads on
      const std::span<const std::uint8_t> in = input_.available();
      const Turned turned = turn_(in, room);
      input_.advance(turned.taken);
      if (turned.is_damaged) problem = "the " + std::string(name_) + " data is damaged";
      if (turned.made > 0 || turned.is_damaged) return turned.made;
      if (!in.empty()) continue;
      problem = input_.problem();
      if (problem.empty() && !turned.is_whole) problem = "the " + std::string(name_) + " data is cut short";
      return 0;
    }
  }

 private:
  std::string_view name_;
  ByteInput input_;
  Turn turn_;
};

}  // namespace tcpteardown
