// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/phrasing.h"
#include "report/places.h"
#include "verdict/facts.h"

// Runs of segments that nobody answered, and endings that the capture does not show.
namespace tcpteardown {
namespace {

const Run& resends(const Scene& s) {
  return s.reset != nullptr && s.rst().sender == s.closer ? s.rst().sender_resends : s.end(s.closer).resends;
}
const Run& keep_alives(const Scene& s) {
  return s.reset != nullptr && s.rst().sender == s.closer ? s.rst().sender_keep_alives
                                                          : s.end(s.closer).keep_alives;
}
const Run& window_probes(const Scene& s) {
  return s.reset != nullptr && s.rst().sender == s.closer ? s.rst().sender_window_probes
                                                          : s.end(s.closer).window_probes;
}

std::string in_frames(const Run& run) { return frame_range(run.first.frame, run.last.frame, run.count); }

std::string over(const Run& run) {
  const std::int64_t time = between(run.first, run.last);
  return time > 0 ? " over " + duration(time) : "";
}

// What is known of the silence at the end: the RST, or how long the capture goes on.
std::string end_of_run(const Scene& s, const Run& run) {
  if (s.reset != nullptr && s.reset->shape == Shape::reactive) {
    return "; when " + role(s, s.peer()) + " spoke again in " + in_frame(s.rst().trigger.at.frame) +
           ", RST in " + in_frame(s.rst().at.frame) + " answered";
  }
  if (s.reset != nullptr) {
    return "; then " + role(s, s.closer) + " gave up with " +
           std::string(s.rst().has_ack ? "RST,ACK" : "RST") + " in " + in_frame(s.rst().at.frame);
  }
  const std::int64_t left = s.t().end.time_ns - run.last.time_ns;
  return left > 0 ? "; nothing more came in the " + duration(left) + " until the capture ends" : "";
}

std::string zero_window_since(const Scene& s) {
  const Moment& since = s.end(s.peer()).zero_window_since;
  return since.seen() ? " since " + in_frame(since.frame) : "";
}

// The last sign of life of the side that fell silent.
std::string last_of_peer(const Scene& s, const Run& run) {
  const Moment& last = s.end(s.peer()).last_segment;
  if (!last.seen() || last.frame > run.first.frame) return "";
  return "; its last segment is " + in_frame(last.frame) + ", " + duration(between(last, run.last)) +
         " before the last of them";
}

std::string late_answer(const Scene& s) {
  if (s.reset == nullptr || s.reset->shape != Shape::reactive || !s.rst().trigger.seen()) return "";
  return " When " + role(s, s.peer()) + " spoke again in " + in_frame(s.rst().trigger.at.frame) +
         ", nobody held the connection any more: RST in " + in_frame(s.rst().at.frame) + ".";
}

// --- no verdict --------------------------------------------------------------------------------
std::string only_reset(const Scene& s) {
  const std::string kind = s.rst().has_ack ? "RST,ACK" : "RST";
  return "the " + kind + " in " + in_frame(s.rst().at.frame) + " comes from " +
         to_string(s.c().address(s.closer));
}

std::string why_unclear(const Scene& s) {
  const Quality& q = s.t().quality;
  const bool has_a = s.c().a.segments > 0;
  if (s.reset != nullptr && !has_a && s.c().b.segments == 0) {
    return only_reset(s) + ", and nothing else of the connection was captured";
  }
  if (q.one_sided) {
    const std::string seen =
        "only segments of " + to_string(s.c().address(has_a ? Side::a : Side::b)) + " were captured";
    if (s.reset != nullptr) return only_reset(s) + ", but " + seen;
    const Fin& fin = s.end(s.first).fin;
    return fin.sent() ? "the FIN in " + in_frame(fin.first.frame) + " was seen, but " + seen : seen;
  }
  if (s.reset != nullptr && s.reset->fate != Fate::accepted) {
    return only_reset(s) + ", and whether its receiver took it cannot be told";
  }
  if (s.reset != nullptr) return only_reset(s) + ", which does not fit what was captured before";
  const Fin& fin = s.end(s.first).fin;
  if (q.midstream && fin.sent()) {
    return "the FIN in " + in_frame(fin.first.frame) + " was seen, but " + role(s, s.second()) +
           " may have closed before the capture began";
  }
  return "the evidence in the capture contradicts itself";
}

// What is unfinished on a connection that does not end.
std::string pending(const Scene& s) {
  if (facts::handshake_seen(s.t()) && !facts::handshake_complete(s.t()))
    return "; the handshake was not complete";
  std::string out;
  for (const Side side : {s.client, s.server()}) {
    const std::uint64_t unacked = s.t().loss(side).unacked;
    if (unacked == 0) continue;
    out += "; " + byte_count(unacked) + " from " + role(s, side) + (unacked == 1 ? " has" : " have") +
           " no ACK yet";
  }
  return out;
}

// A window that stays closed holds the other side up without any repetition.
std::string closed_window(const Scene& s) {
  for (const Side side : {s.client, s.server()}) {
    const Endpoint& x = s.end(side);
    if (!x.zero_window || !x.zero_window_since.seen()) continue;
    const Run& probes = s.end(other(side)).window_probes;
    const std::string asked = probes.count == 0
                                  ? ""
                                  : " (" + counted(probes.count, "window probe", "window probes") +
                                        ", last in " + in_frame(probes.last.frame) + ")";
    return "; " + role(s, side) + "'s receive window has been closed since " +
           in_frame(x.zero_window_since.frame) + asked + ", so " + role(s, other(side)) + " may not send";
  }
  return "";
}

std::string in_vain(const Scene& s) {
  if (std::string closed = closed_window(s); !closed.empty()) return closed;
  for (const Side side : {s.client, s.server()}) {
    const Run& run = s.end(side).resends;
    if (run.count == 0) continue;
    return "; " + role(s, side) + " repeated its data " + times(run.count) + " up to " +
           in_frame(run.last.frame) + " without an ACK so far";
  }
  return ", and nothing was repeated in vain";
}

constexpr std::array kTimeoutPlaces{
    Place{"resends", "several retransmissions",
          [](const Scene& s) { return counted(resends(s).count, "retransmission", "retransmissions"); }},
    Place{"resend_frames", "frames N to M", [](const Scene& s) { return in_frames(resends(s)); }},
    Place{"resend_span", "", [](const Scene& s) { return over(resends(s)); }},
    Place{"resend_end", "", [](const Scene& s) { return end_of_run(s, resends(s)); }},
    Place{"keep_alives", "several keep-alive probes",
          [](const Scene& s) {
            return counted(keep_alives(s).count, "keep-alive probe", "keep-alive probes");
          }},
    Place{"keep_alive_frames", "frames N to M", [](const Scene& s) { return in_frames(keep_alives(s)); }},
    Place{"keep_alive_interval", "some time",
          [](const Scene& s) { return duration(keep_alives(s).last_interval_ns); }},
    Place{"keep_alive_end", "", [](const Scene& s) { return end_of_run(s, keep_alives(s)); }},
    Place{"probes", "several window probes",
          [](const Scene& s) { return counted(window_probes(s).count, "window probe", "window probes"); }},
    Place{"probe_frames", "frames N to M", [](const Scene& s) { return in_frames(window_probes(s)); }},
    Place{"probe_end", "", [](const Scene& s) { return end_of_run(s, window_probes(s)); }},
    Place{"zero_window_since", "", zero_window_since},
    Place{"silent_since_resends", "", [](const Scene& s) { return last_of_peer(s, resends(s)); }},
    Place{"silent_since_probes", "", [](const Scene& s) { return last_of_peer(s, keep_alives(s)); }},
    Place{"late_answer", "", late_answer},
    Place{"pending", "", pending},
    Place{"in_vain", "", in_vain},
    Place{"why_unclear", "the capture does not show enough", why_unclear},
};

}  // namespace

std::span<const Place> timeout_places() { return kTimeoutPlaces; }

}  // namespace tcpteardown
