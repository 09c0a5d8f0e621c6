// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

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
    out += x.fin.retransmissions == 1 ? ", again in " : ", " + times(x.fin.retransmissions + 1U) + " up to ";
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

std::string since_fin(const Scene& s) {
  return duration(s.t().end.time_ns - s.end(s.first).fin.first.time_ns);
}

std::string leak_probes(const Scene& s) {
  const Run& probes = s.end(s.second()).keep_alives;
  if (probes.count == 0) return "";
  return "; it still sends keep-alive probes, last in " + in_frame(probes.last.frame);
}

// A FIN that is repeated in vain is more than a capture that stopped.
std::string unconfirmed_story(const Scene& s) {
  for (const Side side : {s.first, s.second()}) {
    const Fin& fin = s.end(side).fin;
    if (s.t().fin_acked(side) || fin.retransmissions < 2) continue;
    return role(s, side) + " repeated its FIN " + times(fin.retransmissions) + " over " +
           duration(between(fin.first, fin.last)) + ": " + role(s, other(side)) +
           " was gone by then, or its ACKs did not arrive";
  }
  return "most often the capture merely stopped too early or dropped that ACK";
}

std::string ends_after(const Scene& s) {
  if (s.t().tail_ns < 1'000'000) return "ends with the last segment of the connection";
  return "ends " + duration(s.t().tail_ns) + " after the last segment of the connection";
}

// --- the side that has to close ----------------------------------------------------------------
std::string leak_summary(const Scene& s) {
  const std::string since = since_fin(s);
  if (s.judgement->harmless) return " had not when the capture ended, " + since + " later";
  return " did not in the " + since + " until the capture ends: " + role(s, s.second()) +
         "'s program has to close";
}

std::string leak_story(const Scene& s) {
  if (s.judgement->harmless) {
    return "The capture ends " + since_fin(s) + " later, too soon to say whether " + role(s, s.second()) +
           " closes as well" + leak_probes(s) + ".";
  }
  return role(s, s.second()) + " sent neither data nor a FIN of its own in the " + since_fin(s) +
         " until the capture ends" + leak_probes(s) +
         ": it is in CLOSE-WAIT until its program calls close(), while " + role(s, s.first) +
         " waits in FIN-WAIT-2. After 60 s (Linux) " + role(s, s.first) +
         " may forget the connection without a word.";
}

std::string leak_advice(const Scene& s) {
  if (s.judgement->harmless) return "capture longer to see whether " + role(s, s.second()) + " closes.";
  return "look at " + role(s, s.second()) +
         "'s program, not at the network: which code path reads the end of the data and does not close? "
         "On that host ss -tnp state close-wait names the process; a growing number there is a leak.";
}

// --- data towards the side that had closed -----------------------------------------------------
Side half_close_speaker(const Scene& s) {
  if (s.end(s.second()).sent_after_peer_fin || !s.end(s.first).sent_after_peer_fin) return s.second();
  return s.first;
}

std::string half_close_bytes(const Scene& s) {
  const Endpoint& x = s.end(half_close_speaker(s));
  const std::int32_t bytes = distance(x.after_fin_start, x.data_end);
  return byte_count(bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0);
}

std::string half_close_frames(const Scene& s) {
  const Endpoint& x = s.end(half_close_speaker(s));
  if (x.after_fin_first.frame == x.after_fin_last.frame) return "in " + in_frame(x.after_fin_first.frame);
  return "from " + in_frame(x.after_fin_first.frame) + " to " + in_frame(x.after_fin_last.frame);
}

// The half-open side has data in flight whenever the capture ends soon after it.
std::string still_active(const Scene& s) {
  const Endpoint& x = s.end(s.second());
  if (!x.sent_after_peer_fin) return role(s, s.second()) + " had not closed when the capture ended";
  return role(s, s.second()) + " was still sending when the capture ended (" + half_close_bytes(s) +
         " since then, " + half_close_frames(s) + ")";
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
  return late == 0 ? "" : " and " + counted(late, "further RST", "further RSTs");
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
    Place{"ends_after", "ends", ends_after},
    Place{"leak_summary", " did not", leak_summary},
    Place{"leak_story", "", leak_story},
    Place{"leak_advice",
          "look at the program that has not closed, not at the network: which code path reads the end of "
          "the data and does not close? On that host ss -tnp state close-wait names the process; a "
          "growing number there is a leak.",
          leak_advice},
    Place{"half_close_bytes", "data", half_close_bytes},
    Place{"half_close_frames", "in frame N", half_close_frames},
    Place{"still_active", "the other side was still sending", still_active},
    Place{"late_reset", "the RST", late_reset},
    Place{"late_story", "", late_story},
    Place{"more_resets", "", more_resets},
};

}  // namespace

std::span<const Place> closing_places() { return kClosingPlaces; }

}  // namespace tcpteardown
