// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "wire/segment.h"

// Numbers, times and lists as people read them.
namespace tcpteardown {

[[nodiscard]] std::string grouped(std::uint64_t number);  // "17,516"
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view one, std::string_view many);
[[nodiscard]] std::string byte_count(std::uint64_t bytes);  // "1 byte", "17,516 bytes"
[[nodiscard]] std::string times(std::uint64_t count);       // "once", "twice", "3 times"
[[nodiscard]] std::string in_frame(FrameNumber frame);      // "frame 31"; never grouped: people filter by it
// "frame 3", "frames 3 and 4", "frames 3 to 9" for `count` frames from the first to the last.
[[nodiscard]] std::string frame_range(FrameNumber first, FrameNumber last, std::uint64_t count);
// "117 µs", "2.3 ms", "43.1 s", "5 min 50 s", "2 h 3 min"; negative times count as zero.
[[nodiscard]] std::string duration(std::int64_t time_ns);
// "a", "a and b".
[[nodiscard]] std::string joined(std::string_view first, std::string_view second);

// Capital letters at the start of the text and behind each full stop or question mark.
[[nodiscard]] std::string as_sentences(std::string text);
[[nodiscard]] std::size_t count_words(std::string_view text);
// A paragraph in lines of at most `width` bytes, each behind `indent`; ends with a line end.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width, std::string_view indent = {});

}  // namespace tcpteardown
