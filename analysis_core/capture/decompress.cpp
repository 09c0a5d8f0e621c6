// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/decompress.h"

#include <algorithm>

namespace tcpteardown {
namespace {

using std::string_view_literals::operator""sv;

#if defined(TCPTEARDOWN_GZIP)
constexpr auto kOpenGzip = open_gzip;
#else
constexpr decltype(Compression::open) kOpenGzip = nullptr;
#endif
#if defined(TCPTEARDOWN_ZSTD)
constexpr auto kOpenZstd = open_zstd;
#else
constexpr decltype(Compression::open) kOpenZstd = nullptr;
#endif
#if defined(TCPTEARDOWN_LZ4)
constexpr auto kOpenLz4 = open_lz4;
#else
constexpr decltype(Compression::open) kOpenLz4 = nullptr;
#endif
#if defined(TCPTEARDOWN_XZ)
constexpr auto kOpenXz = open_xz;
#else
constexpr decltype(Compression::open) kOpenXz = nullptr;
#endif

constexpr Compression kCompressions[] = {
    {"gzip", "zlib1g-dev", "\x1f\x8b"sv, kOpenGzip},
    {"zstd", "libzstd-dev", "\x28\xb5\x2f\xfd"sv, kOpenZstd},
    {"lz4", "liblz4-dev", "\x04\x22\x4d\x18"sv, kOpenLz4},
    {"xz", "liblzma-dev",
     "\xfd"
     "7zXZ\0"sv,
     kOpenXz},
};

}  // namespace

const Compression* compression_of(std::span<const std::uint8_t> first_bytes) {
  for (const Compression& compression : kCompressions) {
    const std::string_view magic = compression.magic;
    if (first_bytes.size() < magic.size()) continue;
    const bool is_it = std::equal(magic.begin(), magic.end(), first_bytes.begin(),
                                  [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
    if (is_it) return &compression;
  }
  return nullptr;
}

}  // namespace tcpteardown
