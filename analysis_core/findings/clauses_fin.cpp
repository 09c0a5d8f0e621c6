// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "wire/thresholds.h"

// What two FINs tell together, and what silence tells.
namespace tcpteardown {

std::string both_fins(const Story& s) {
  const FrameNumber one = s.end(Part::first).fin.first.frame;
  const FrameNumber two = s.end(Part::second).fin.first.frame;
  if (one == 0 || two == 0) return joined(fin_brief(s, Part::first), fin_brief(s, Part::second));
  return "FINs in frames " + std::to_string(std::min(one, two)) + " and " +
         std::to_string(std::max(one, two));
}

std::string fins_apart(const Story& s) {
  const std::int64_t time = between(s.end(Part::first).fin.first, s.end(Part::second).fin.first);
  return time > 0 ? ' ' + duration(time) + " after the first" : "";
}

Frames frames_behind_fin(const Story& s, Part sender) {
  const Endpoint& x = s.end(sender);
  return frame_span(x.after_fin_first.frame, x.after_fin_last.frame, 3);
}

std::string time_left(const Story& s, const Moment& since) {
  const std::int64_t left = s.t().end.time_ns - since.time_ns;
  const std::string said = duration(left);
  // Nobody captures one connection for so long: files were joined.
  if (said.find(" days") != std::string::npos) return "days";
  return left < threshold::kNoTime ? "" : said;
}

std::string up_to_the_end(const Story& s, const Moment& since, const std::string& what) {
  const std::string left = time_left(s, since);
  return left.empty() ? "; the capture ends with the last " + what
                      : " in the " + left + " after the last " + what;
}

std::optional<Finding> last_sign_of(const Story& s, Part silent, const Moment& first, const Moment& last,
                                    const std::string& of_what) {
  const Moment& sign = s.end(silent).last_segment;
  if (!sign.seen() || sign.frame > first.frame || between(sign, last) == 0) return {};
  return evidence(frames({sign.frame}), the(s, silent) + "'s last segment came " +
                                            duration(between(sign, last)) + " before the last " + of_what);
}

}  // namespace tcpteardown
