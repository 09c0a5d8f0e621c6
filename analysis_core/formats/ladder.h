// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "report/report.h"

// Segments between two ends, as one draws them on a whiteboard; plain ASCII, to be pasted anywhere.
namespace tcpteardown {

// One line of the drawing between the ends.
enum class Arrow : std::uint8_t { right, left, lost_right, none };
struct Rung {
  Arrow arrow = Arrow::none;
  std::string_view label;
};

// "|-- label ------>|" with `width` columns for label and line.
[[nodiscard]] std::string draw_rung(const Rung& rung, std::size_t width);
// How wide a label makes the drawing.
[[nodiscard]] std::size_t width_of(const Rung& rung);

// The last segments of a connection, with frame number, time since its first frame in seconds, and what
// each segment was for the ending; empty if the report keeps none. Ends with a line end.
[[nodiscard]] std::string draw_last_segments(const Report& report);

}  // namespace tcpteardown
