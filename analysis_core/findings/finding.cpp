// SPDX-License-Identifier: GPL-2.0-or-later
#include "findings/finding.h"

#include <algorithm>

namespace tcpteardown {

Frames frames(std::initializer_list<FrameNumber> numbers) {
  Frames out;
  for (const FrameNumber number : numbers) {
    const auto known = out.view();
    const bool is_new = std::find(known.begin(), known.end(), number) == known.end();
    if (number != 0 && is_new && out.count < Frames::kMost) out.numbers[out.count++] = number;
  }
  return out;
}

Frames frame_span(FrameNumber first, FrameNumber last, std::uint64_t many) {
  Frames out = frames({first, last});
  out.is_range = out.count == 2 && many > 2;
  return out;
}

Frames frames_of(const Run& run) { return frame_span(run.first.frame, run.last.frame, run.count); }

std::string to_string(const Frames& frames) {
  std::string out;
  for (const FrameNumber number : frames.view()) {
    if (!out.empty()) out += frames.is_range ? "-" : ", ";
    out += std::to_string(number);
  }
  return out;
}

std::string_view to_string(FindingKind kind) {
  switch (kind) {
    case FindingKind::evidence: return "evidence";
    case FindingKind::against: return "against";
    case FindingKind::alternative: return "alternative";
    case FindingKind::programs: return "programs";
    case FindingKind::context: return "context";
    case FindingKind::quality: return "quality";
  }
  return "evidence";
}

std::string with_frames(const Finding& finding) {
  if (finding.frames.count == 0) return finding.text;
  return finding.text + (finding.frames.count == 1 ? " (frame " : " (frames ") + to_string(finding.frames) +
         ')';
}

}  // namespace tcpteardown
