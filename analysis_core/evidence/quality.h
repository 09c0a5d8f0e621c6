// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

namespace tcpteardown {

// How much of the connection the capture shows.
[[nodiscard]] Quality find_quality(const Teardown& teardown);

// From the connection's last frame to the end of the capture, never negative.
[[nodiscard]] std::int64_t tail_of(const Connection& connection, CaptureEnd end);

}  // namespace tcpteardown
