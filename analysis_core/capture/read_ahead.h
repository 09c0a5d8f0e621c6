// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "capture/analysis.h"
#include "capture/capture_file.h"

namespace tcpteardown {

// Reads and decodes a capture, a few hundred packets before they are analysed together.
[[nodiscard]] ReadResult read_in_batches(const std::string& path, Analysis& analysis,
                                         const ProgressHandler& progress);

// Reads and decodes a capture on a thread of its own, a few hundred frames ahead of the analysis, which stays
// on the calling thread: what is analysed, and in which order, is the same.
[[nodiscard]] ReadResult read_in_background(const std::string& path, Analysis& analysis,
                                            const ProgressHandler& progress);

}  // namespace tcpteardown
