// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <optional>

#include "report/phrasing.h"
#include "report/places.h"

// What the FINs show.
namespace tcpteardown {
namespace {

Moment acked_at(const Endpoint& x) { return x.fin.is_acked() ? x.fin.acked : x.one_beyond; }

// A FIN that the capture lacks is known from the ACK that covers it.
std::string fin_brief(const Scene& s, Side side) {
  const Endpoint& x = s.end(side);
  if (x.fin.sent()) return "FIN in " + in_frame(x.fin.first.frame);
  if (s.t().fin(side)) return "FIN not captured, but acknowledged in " + in_frame(acked_at(x).frame);
  return "no FIN seen";
}

std::string fin_story(const Scene& s, Side side) {
  const Endpoint& x = s.end(side);
  std::string out = fin_brief(s, side);
  if (!x.fin.sent()) return out;
  if (x.fin.retransmissions > 0) {
    out +=
        x.fin.retransmissions == 1 ? ", again in " : ", repeated " + times(x.fin.retransmissions) + " up to ";
    out += in_frame(x.fin.last.frame);
  }
  return out +
         (x.fin.is_acked() ? ", acknowledged in " + in_frame(x.fin.acked.frame) : ", no ACK of it seen");
}

// "FINs in frames 4 and 6", in the order of the capture.
std::string both_fins(const Scene& s) {
  const FrameNumber one = s.end(s.first).fin.first.frame;
  const FrameNumber two = s.end(s.second()).fin.first.frame;
  if (one == 0 || two == 0) return joined(fin_brief(s, s.first), fin_brief(s, s.second()));
  const bool swapped = two < one;
  return "FINs in frames " + std::to_string(swapped ? two : one) + " and " +
         std::to_string(swapped ? one : two);
}

std::string later_by(const Scene& s) {
  const std::int64_t time = between(s.end(s.first).fin.first, s.end(s.second()).fin.first);
  return time > 0 ? ", " + duration(time) + " later" : "";
}

// Which FIN lacks its ACK, and where it is.
std::string unacked_fins(const Scene& s) {
  const bool first = !s.t().fin_acked(s.first);
  const bool second = !s.t().fin_acked(s.second());
  if (first && second) return "either FIN";
  const Side side = first ? s.first : s.second();
  const Fin& fin = s.end(side).fin;
  std::string out = role(s, side) + "'s FIN";
  if (fin.retransmissions > 0) {
    out += ", repeated " + times(fin.retransmissions) + " up to " + in_frame(fin.last.frame) + ",";
  }
  return out;
}

std::string fin_repeats(const Scene& s) {
  const Fin& fin = s.end(s.first).fin;
  if (fin.retransmissions == 0) return "";
  return ", repeated " + times(fin.retransmissions) + " up to " + in_frame(fin.last.frame) + " over " +
         duration(between(fin.first, fin.last)) + ",";
}

std::string orphan_reset(const Scene& s) {
  if (s.reset == nullptr) return "";
  const Trigger& trigger = s.rst().trigger;
  return "; when " + role(s, s.second()) + " spoke again" +
         (trigger.seen() ? " in " + in_frame(trigger.at.frame) : "") + ", RST in " +
         in_frame(s.rst().at.frame) + " answered";
}

// Who repeated its FIN in vain: more than a capture that stopped.
std::optional<Side> repeats_fin_in_vain(const Scene& s) {
  for (const Side side : {s.first, s.second()}) {
    if (!s.t().fin_acked(side) && s.end(side).fin.retransmissions >= 2) return side;
  }
  return std::nullopt;
}

std::string unconfirmed_story(const Scene& s) {
  const std::optional<Side> side = repeats_fin_in_vain(s);
  if (!side) return "most often the capture merely stopped too early or dropped that ACK";
  const Fin& fin = s.end(*side).fin;
  return role(s, *side) + " repeated its FIN " + times(fin.retransmissions) + " over " +
         duration(between(fin.first, fin.last)) + ": " + role(s, other(*side)) +
         " was gone by then, or its ACKs did not arrive";
}

std::string unconfirmed_advice(const Scene& s) {
  const std::optional<Side> side = repeats_fin_in_vain(s);
  if (!side) return "nothing to repair. Capture a little longer to see the last ACK.";
  return "no data is at stake, both sides were done. To learn why the FIN of " + role(s, *side) +
         " got no ACK, capture at " + role(s, other(*side)) +
         " as well: either it answers and the ACKs get lost, or a device on the way had already forgotten "
         "the connection.";
}

// FINs that follow the last data at once need no timer to cross.
std::string crossing_advice(const Scene& s) {
  constexpr std::int64_t kAtOnceNs = 1'000'000'000;  // our choice; no idle time-out is shorter
  if (s.end(s.first).fin.idle_ns < kAtOnceNs) {
    return "nothing to repair. Both programs closed as soon as the last data had been sent, as when both "
           "know "
           "from the protocol that it is over.";
  }
  return "nothing to repair. Two time-outs of equal length at both ends are the usual reason for crossing "
         "FINs.";
}

std::string ends_after(const Scene& s) {
  if (s.t().tail_ns < 1'000'000) return "ends with the last packet of the connection";
  return "ends " + duration(s.t().tail_ns) + " after the last packet of the connection";
}

// --- a RST when all was done -----------------------------------------------------------------
bool answers_last_fin(const Scene& s) { return s.t().reset() != nullptr && !s.t().closed_before_reset; }

std::string late_reset(const Scene& s) {
  if (s.reset == nullptr) return "a later RST";
  return "the RST of " + role(s, s.closer) + " in " + in_frame(s.rst().at.frame);
}

std::string late_story(const Scene& s) {
  if (s.reset == nullptr) return "";
  const Trigger& trigger = s.rst().trigger;
  if (answers_last_fin(s)) {
    return "it answers the last FIN (" + in_frame(trigger.at.frame) +
           ") in place of an ACK, as a system does that keeps no memory of closed sockets";
  }
  std::string when = "both FINs had been acknowledged by " + in_frame(s.t().closed.frame);
  if (!trigger.seen()) return when;
  return when + ", and it answers " + in_frame(trigger.at.frame) + " as a socket does that is already gone";
}

std::string more_resets(const Scene& s) {
  unsigned late = 0;
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    if (s.reset != nullptr && s.t().resets[i].facts.at.frame > s.rst().at.frame) ++late;
  }
  if (late == 0) return "";
  return (all_resets_kept(s) ? " and " : " and at least ") + counted(late, "further RST", "further RSTs");
}

constexpr std::array kClosingPlaces{
    Place{"fin_first", "FIN in frame N", [](const Scene& s) { return fin_brief(s, s.first); }},
    Place{"fin_first_frame", "N",
          [](const Scene& s) { return std::to_string(s.end(s.first).fin.first.frame); }},
    Place{"fin_second", "FIN in frame M", [](const Scene& s) { return fin_brief(s, s.second()); }},
    Place{"fin_first_story", "FIN in frame N", [](const Scene& s) { return fin_story(s, s.first); }},
    Place{"fin_second_story", "FIN in frame M", [](const Scene& s) { return fin_story(s, s.second()); }},
    Place{"fin_closer", "FIN in frame N", [](const Scene& s) { return fin_brief(s, s.closer); }},
    Place{"fin_closer_story", "FIN in frame N", [](const Scene& s) { return fin_story(s, s.closer); }},
    Place{"fin_peer", "FIN in frame N", [](const Scene& s) { return fin_brief(s, s.peer()); }},
    Place{"both_fins", "FINs in frames N and M", both_fins},
    Place{"later_by", "", later_by},
    Place{"unacked_fins", "one FIN", unacked_fins},
    Place{"fin_repeats", "", fin_repeats},
    Place{"orphan_reset", "", orphan_reset},
    Place{"unconfirmed_story", "", unconfirmed_story},
    Place{"unconfirmed_advice",
          "nothing to repair, unless that FIN was repeated several times: then its ACKs do not arrive, and a "
          "capture at the other end shows where they stay.",
          unconfirmed_advice},
    Place{"crossing_advice",
          "nothing to repair. Two time-outs of equal length at both ends, or a protocol that tells both when "
          "it is over, are the usual reasons for crossing FINs.",
          crossing_advice},
    Place{"ends_after", "ends", ends_after},
    Place{"late_reset", "the RST", late_reset},
    Place{"late_story", "", late_story},
    Place{"more_resets", "", more_resets},
};

}  // namespace

std::span<const Place> closing_places() { return kClosingPlaces; }

}  // namespace tcpteardown
