// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/habits.h"
#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "verdict/doubts.h"

// Did the RST's purported sender send it?
namespace tcpteardown {

Moment sign_of_life(const Story& s) {
  const Reset& r = s.rst();
  const bool sent = r.sender_sent_more.seen();
  const bool acked = r.sender_acked_more.seen();
  return sent && (!acked || r.sender_sent_more.frame <= r.sender_acked_more.frame) ? r.sender_sent_more
                                                                                   : r.sender_acked_more;
}

std::string went_on(const Story& s) {
  const bool sent = sign_of_life(s).frame == s.rst().sender_sent_more.frame;
  return sent ? "went on sending" : "went on acknowledging";
}

std::optional<Finding> lives_on(const Story& s) {
  const Moment seen = sign_of_life(s);
  if (!seen.seen()) return {};
  return evidence(frames({seen.frame, s.rst().at.frame}),
                  the(s, Part::actor) + ' ' + went_on(s) + "; a host that has reset does not");
}

std::optional<Finding> no_late_segment(const Story& s) {
  const Moment seen = sign_of_life(s);
  if (!seen.seen()) return {};
  if (doubts::only_time_accuses(s.t())) return alternative("data that was sent before the RST, and delayed");
  return against(frames({seen.frame}), "no delayed segment: " + duration(between(s.rst().at, seen)) +
                                           " behind the RST, with newer numbers or time stamp");
}

std::optional<Finding> hop_limit_finding(const Story& s) {
  if (!s.reset->ttl_delta) return {};
  const std::int32_t delta = *s.reset->ttl_delta;
  const Frames at = frames({s.rst().at.frame});
  if (delta == 0) {
    if (habits::too_fast(s.t(), *s.reset)) return {};  // which speaks against it
    return evidence(at,
                    "the RST has " + the(s, Part::actor) + "'s usual hop limit, which speaks for that host");
  }
  if (delta != 1 && delta != -1) return {};
  return context(at, "the RST's hop limit is one " + std::string(delta > 0 ? "above " : "below ") +
                         the(s, Part::actor) + "'s usual one: another route, or a device beside that host");
}

}  // namespace tcpteardown
