// SPDX-License-Identifier: GPL-2.0-or-later
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "capture/decompress.h"

namespace tcpteardown {
namespace {

constexpr int kWindowBits = 15 + 16;  // the largest window, with gzip's header (zlib.h, inflateInit2)

struct Close {
  void operator()(z_stream* stream) const {
    inflateEnd(stream);
    std::default_delete<z_stream>{}(stream);
  }
};

unsigned held(std::size_t size) {
  return static_cast<unsigned>(std::min<std::size_t>(size, std::numeric_limits<unsigned>::max()));
}

// A file may hold several members, one behind the other (RFC 1952 §2.2).
class Gunzip {
 public:
  Gunzip() : stream_(new z_stream{}) { is_ready_ = inflateInit2(stream_.get(), kWindowBits) == Z_OK; }

  Turned operator()(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
    if (!is_ready_) return {.is_damaged = true};
    if (in.empty()) return {.is_whole = is_between_};
    if (is_between_ && inflateReset(stream_.get()) != Z_OK) return {.is_damaged = true};
    is_between_ = false;
    // zlib does not write there (z_const).
    stream_->next_in = const_cast<Bytef*>(in.data());
    stream_->avail_in = held(in.size());
    stream_->next_out = out.data();
    stream_->avail_out = held(out.size());
    const int status = inflate(stream_.get(), Z_NO_FLUSH);
    is_between_ = status == Z_STREAM_END;
    return {.taken = in.size() - stream_->avail_in,
            .made = out.size() - stream_->avail_out,
            .is_damaged = status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR};
  }

 private:
  std::unique_ptr<z_stream, Close> stream_;
  bool is_ready_ = false;
  bool is_between_ = false;
};

}  // namespace

ReadSome open_gzip(ReadSome compressed) {
  return [gunzip = std::make_shared<Decompressor<Gunzip>>("gzip", std::move(compressed), Gunzip{})](
             std::span<std::uint8_t> room, std::string& problem) { return (*gunzip)(room, problem); };
}

}  // namespace tcpteardown
