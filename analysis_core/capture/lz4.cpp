// SPDX-License-Identifier: GPL-2.0-or-later
#include <lz4frame.h>

#include <memory>

#include "capture/decompress.h"

namespace tcpteardown {
namespace {

struct Close {
  void operator()(LZ4F_dctx* context) const { static_cast<void>(LZ4F_freeDecompressionContext(context)); }
};

// Blocks of the frame format have at most 4 MB, so its window needs no limit.
class Unlz4 {
 public:
  Unlz4() {
    LZ4F_dctx* context = nullptr;
    is_ready_ = LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) == 0;
    context_.reset(context);
  }

  Turned operator()(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
    if (!is_ready_) return {.is_damaged = true};
    if (in.empty() && is_between_) return {.is_whole = true};
    std::size_t taken = in.size();
    std::size_t made = out.size();
    const std::size_t status = LZ4F_decompress(context_.get(), out.data(), &made, in.data(), &taken, nullptr);
    if (LZ4F_isError(status) != 0) return {.is_damaged = true};
    is_between_ = status == 0;  // the next frame, if there is one, begins by itself
    return {.taken = taken, .made = made, .is_whole = is_between_};
  }

 private:
  std::unique_ptr<LZ4F_dctx, Close> context_;
  bool is_ready_ = false;
  bool is_between_ = false;
};

}  // namespace

ReadSome open_lz4(ReadSome compressed) {
  return [unlz4 = std::make_shared<Decompressor<Unlz4>>("lz4", std::move(compressed), Unlz4{})](
             std::span<std::uint8_t> room, std::string& problem) { return (*unlz4)(room, problem); };
}

}  // namespace tcpteardown
