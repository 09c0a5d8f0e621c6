// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/phrasing.h"
#include "report/places.h"

// What one side did after the other had closed: send more, or forget to close.
namespace tcpteardown {
namespace {

std::string since_fin(const Scene& s) {
  return duration(s.t().end.time_ns - s.end(s.first).fin.first.time_ns);
}

std::string leak_probes(const Scene& s) {
  const Run& probes = s.end(s.second()).keep_alives;
  if (probes.count == 0) return "";
  return "; it still sends keep-alive probes, last in " + in_frame(probes.last.frame);
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
  const std::string waits = ": it is in CLOSE-WAIT until its program calls close(), while " +
                            role(s, s.first) + " waits in FIN-WAIT-2";
  const Endpoint& leaker = s.end(s.second());
  if (leaker.sent_after_peer_fin) {
    // Who takes data behind its FIN called shutdown(): Linux sets no time-out for FIN-WAIT-2 then.
    return role(s, s.second()) + " sent " + half_close_bytes(s) + " after that (" + half_close_frames(s) +
           "), and then nothing in the " + duration(s.t().end.time_ns - leaker.after_fin_last.time_ns) +
           " until the capture ends" + leak_probes(s) + waits + ", its receiving half open.";
  }
  return role(s, s.second()) + " sent neither data nor a FIN of its own in the " + since_fin(s) +
         " until the capture ends" + leak_probes(s) + waits + ". After 60 s (Linux) " + role(s, s.first) +
         " may forget the connection without a word.";
}

std::string leak_advice(const Scene& s) {
  if (s.judgement->harmless) return "capture longer to see whether " + role(s, s.second()) + " closes.";
  return "look at " + role(s, s.second()) +
         "'s program, not at the network: which code path reads the end of the data and does not close? "
         "On that host ss -tnp state close-wait names the process; a growing number there is a leak.";
}

// The half-open side has data in flight whenever the capture ends soon after it.
std::string still_active(const Scene& s) {
  const Endpoint& x = s.end(s.second());
  if (!x.sent_after_peer_fin) return role(s, s.second()) + " had not closed when the capture ended";
  return role(s, s.second()) + " was still sending when the capture ended (" + half_close_bytes(s) +
         " since then, " + half_close_frames(s) + ")";
}

// An answer to the half-closed side that a RST broke off, or only a rude way to close.
bool breaks_an_answer_off(const Scene& s) { return s.end(s.closer).sent_after_peer_fin; }

std::string broken_answer(const Scene& s) {
  if (breaks_an_answer_off(s)) {
    return role(s, s.peer()) + " had only finished sending: " + role(s, s.closer) + " sent it " +
           half_close_bytes(s) + " after that FIN (" + half_close_frames(s) +
           "), and whether that was all of the answer does not show.";
  }
  return "Often the last bytes, for example a TLS close_notify, were still unread when " + role(s, s.closer) +
         "'s program closed; some servers always close in this way.";
}

std::string broken_answer_advice(const Scene& s) {
  if (breaks_an_answer_off(s)) {
    return "check whether " + role(s, s.peer()) + " got the whole answer. If it did not, look at " +
           role(s, s.closer) + "'s program at the time of " +
           (s.reset == nullptr ? "that RST" : in_frame(s.rst().at.frame)) +
           ": an error, a limit, or a process that ended.";
  }
  return "nothing to repair if " + role(s, s.peer()) + " had all it wanted before it closed. If " +
         role(s, s.closer) +
         " should have sent or read more, let its program read until the end of the data before it closes.";
}

constexpr std::array kHalfClosePlaces{
    Place{"leak_summary", " did not", leak_summary},
    Place{"leak_story", "", leak_story},
    Place{"leak_advice",
          "look at the program that has not closed, not at the network: which code path reads the end of "
          "the data and does not close? On that host ss -tnp state close-wait names the process; a "
          "growing number there is a leak.",
          leak_advice},
    Place{"half_close_bytes", "data", half_close_bytes},
    Place{"half_close_frames", "in frame N", half_close_frames},
    Place{"broken_answer",
          "Often the last bytes, for example a TLS close_notify, were still unread when the program closed.",
          broken_answer},
    Place{
        "broken_answer_advice",
        "nothing to repair if the side that closed first had all it wanted before. If the other should have "
        "sent or read more, let its program read until the end of the data before it closes.",
        broken_answer_advice},
    Place{"still_active", "the other side was still sending", still_active},
};

}  // namespace

std::span<const Place> half_close_places() { return kHalfClosePlaces; }

}  // namespace tcpteardown
