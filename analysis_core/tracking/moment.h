// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "wire/segment.h"

namespace tcpteardown {

// A moment of the capture.
struct Moment {
  FrameNumber frame = 0;
  std::int64_t time_ns = 0;  // since the epoch; meaningful if seen()

  [[nodiscard]] constexpr bool seen() const { return frame != 0; }
};

}  // namespace tcpteardown
