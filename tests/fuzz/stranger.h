// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "report/report.h"
#include "wire/segment.h"

namespace tcpteardown::fuzz {

// A flow between hosts that no stream names: opens, talks, closes, and again from the start.
class Stranger {
 public:
  [[nodiscard]] Segment next(FrameNumber frame, std::int64_t time_ns);

 private:
  unsigned step_ = 0;
};

[[nodiscard]] bool is_of_stranger(const Report& report);

}  // namespace tcpteardown::fuzz
