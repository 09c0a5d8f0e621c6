// SPDX-License-Identifier: GPL-2.0-or-later
#include <lzma.h>

#include <memory>

#include "capture/decompress.h"

namespace tcpteardown {
namespace {

struct Close {
  void operator()(lzma_stream* stream) const {
    lzma_end(stream);
    std::default_delete<lzma_stream>{}(stream);
  }
};

class Unxz {
 public:
  Unxz() : stream_(new lzma_stream LZMA_STREAM_INIT) {
    is_ready_ = lzma_stream_decoder(stream_.get(), kMostWindow, LZMA_CONCATENATED) == LZMA_OK;
  }

  Turned operator()(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
    if (!is_ready_) return {.is_damaged = true};
    stream_->next_in = in.data();
    stream_->avail_in = in.size();
    stream_->next_out = out.data();
    stream_->avail_out = out.size();
    const lzma_ret status = lzma_code(stream_.get(), in.empty() ? LZMA_FINISH : LZMA_RUN);
    const bool goes_on = status == LZMA_OK || status == LZMA_STREAM_END || status == LZMA_BUF_ERROR;
    return {.taken = in.size() - stream_->avail_in,
            .made = out.size() - stream_->avail_out,
            .is_damaged = !goes_on,
            .is_whole = status == LZMA_STREAM_END};
  }

 private:
  std::unique_ptr<lzma_stream, Close> stream_;
  bool is_ready_ = false;
};

}  // namespace

ReadSome open_xz(ReadSome compressed) {
  return [unxz = std::make_shared<Decompressor<Unxz>>("xz", std::move(compressed), Unxz{})](
             std::span<std::uint8_t> room, std::string& problem) { return (*unxz)(room, problem); };
}

}  // namespace tcpteardown
