// SPDX-License-Identifier: GPL-2.0-or-later
#include <zstd.h>

#include <memory>

#include "capture/decompress.h"

namespace tcpteardown {
namespace {

constexpr int kWindowLog = 27;
static_assert(std::size_t{1} << kWindowLog == kMostWindow);

struct Close {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class Unzstd {
 public:
  Unzstd() : context_(ZSTD_createDCtx()) {
    is_ready_ = context_ &&
                ZSTD_isError(ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kWindowLog)) == 0;
  }

  Turned operator()(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
    if (!is_ready_) return {.is_damaged = true};
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    if (in.empty() && is_between_) return {.is_whole = true};
    const std::size_t status = ZSTD_decompressStream(context_.get(), &to, &from);
    if (ZSTD_isError(status) != 0) return {.made = to.pos, .is_damaged = true};
    is_between_ = status == 0;  // the next frame, if there is one, begins by itself
    return {.taken = from.pos, .made = to.pos, .is_whole = is_between_};
  }

 private:
  std::unique_ptr<ZSTD_DCtx, Close> context_;
  bool is_ready_ = false;
  bool is_between_ = false;
};

}  // namespace

ReadSome open_zstd(ReadSome compressed) {
  return [unzstd = std::make_shared<Decompressor<Unzstd>>("zstd", std::move(compressed), Unzstd{})](
             std::span<std::uint8_t> room, std::string& problem) { return (*unzstd)(room, problem); };
}

}  // namespace tcpteardown
