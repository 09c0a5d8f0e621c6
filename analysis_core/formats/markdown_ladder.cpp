// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <vector>

#include "formats/ladder.h"
#include "formats/markdown.h"

// The notation of Words::ladder. The first line names the two ends. Each further line is a segment
// to the right ("> SYN"), to the left ("< SYN-ACK"), one that gets lost on its way ("x> data") or
// something to say ("- silence"); behind " # " stands a remark.
namespace tcpteardown {
namespace {

struct Step {
  std::string_view arrow;
  std::string_view label;
  std::string_view remark;
};

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Step parse_step(std::string_view line) {
  const std::size_t blank = line.find(' ');
  const std::size_t hash = line.find(" # ");
  if (blank == std::string_view::npos) return {.arrow = line, .label = {}, .remark = {}};
  Step step{.arrow = line.substr(0, blank), .label = {}, .remark = {}};
  step.label = line.substr(blank + 1, hash == std::string_view::npos ? hash : hash - blank - 1);
  if (hash != std::string_view::npos) step.remark = line.substr(hash + 3);
  return step;
}

Rung rung_of(const Step& step) {
  if (step.arrow == ">") return {.arrow = Arrow::right, .label = step.label};
  if (step.arrow == "<") return {.arrow = Arrow::left, .label = step.label};
  if (step.arrow == "x>") return {.arrow = Arrow::lost_right, .label = step.label};
  return {.arrow = Arrow::none, .label = step.label};
}

}  // namespace

std::string draw_ladder(std::string_view notation) {
  const std::vector<std::string_view> lines = lines_of(notation);
  if (lines.empty()) return "";
  std::vector<Step> steps;
  for (std::size_t i = 1; i < lines.size(); ++i) steps.push_back(parse_step(lines[i]));
  std::size_t width = 16;
  for (const Step& step : steps) width = std::max(width, width_of(rung_of(step)));
  const Step ends = parse_step(lines.front());  // "client server": two words
  std::string out = "  " + std::string(ends.arrow);
  out += std::string(width + 9 - ends.arrow.size(), ' ') + std::string(ends.label) + '\n';
  for (const Step& step : steps) {
    std::string line = "    " + draw_rung(rung_of(step), width);
    if (!step.remark.empty()) line += "   " + std::string(step.remark);
    out += line + '\n';
  }
  return out;
}

}  // namespace tcpteardown
