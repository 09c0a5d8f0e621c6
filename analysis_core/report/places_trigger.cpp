// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/phrasing.h"
#include "report/places.h"

// The segment that a reactive RST answers.
namespace tcpteardown {
namespace {

const Trigger& trigger(const Scene& s) {
  static constexpr Trigger kNone{};
  return s.reset == nullptr ? kNone : s.rst().trigger;
}

std::string trigger_what(const Scene& s) {
  const Trigger& g = trigger(s);
  if (g.syn) return "the SYN";
  switch (g.kind) {
    case SegmentKind::keep_alive: return "the keep-alive probe";
    case SegmentKind::window_probe: return "the window probe";
    case SegmentKind::retransmission:
      return g.length == 0 ? "the repeated segment" : "the repeated " + byte_count(g.length);
    case SegmentKind::pure_ack: return "the ACK";
    case SegmentKind::syn:
    case SegmentKind::syn_ack:
    case SegmentKind::data:
    case SegmentKind::fin:
    case SegmentKind::reset: break;
  }
  if (g.length == 0) return g.fin ? "the FIN" : "the segment";
  return "the " + byte_count(g.length) + (g.fin ? " and the FIN" : "");
}

// From the FIN of the side that reset to the segment that met its closed socket.
std::string trigger_after_fin(const Scene& s) {
  const Fin& fin = s.end(s.closer).fin;
  const std::int64_t time = between(fin.first, trigger(s).at);
  return time > 0 ? ", " + duration(time) + " after that FIN" : "";
}

std::string trigger_idle(const Scene& s) {
  if (s.reset == nullptr || !s.rst().idle_known || s.rst().idle_ns < 1'000'000'000) return "";
  return ", after " + duration(s.rst().idle_ns) + " without data,";
}

// --- data after the close, knowing of it or not -------------------------------------------------
// The RST may answer the FIN behind the data that was too late.
std::string late_what(const Scene& s) {
  const std::uint64_t unacked = s.t().loss(s.peer()).unacked;
  if (trigger(s).length > 0 || unacked == 0) return trigger_what(s) + " in " + in_frame(trigger(s).at.frame);
  return byte_count(unacked) + " and its own FIN, up to " + in_frame(trigger(s).at.frame);
}

// A keep-alive time-out runs out on an idle connection; a close on the heels of data is an answer.
// Our choice: no server's keep-alive time-out is shorter than half a second.
constexpr std::int64_t kIdleNs = 500'000'000;

bool was_idle_before_close(const Scene& s) { return s.end(s.closer).fin.idle_ns >= kIdleNs; }

// So soon after the FIN that the program cannot have read of it: 50 ms (our choice).
bool nearly_raced(const Scene& s) {
  const std::int64_t after_fin = between(s.end(s.closer).fin.first, trigger(s).at);
  return was_idle_before_close(s) && after_fin > 0 && after_fin < 50'000'000;
}

std::string idle_race_advice(const Scene& s) {
  return "let the side that sends requests close idle connections first: its idle time-out should be "
         "shorter than " +
         role(s, s.closer) + "'s keep-alive time-out. Until then, repeat such a request on a new connection.";
}

std::string late_data_story(const Scene& s) {
  if (s.t().only_tls_alert_lost) {
    return "That is the good-bye of TLS (close_notify) that met a socket already closed: ugly, and harmless.";
  }
  if (nearly_raced(s)) {
    return "The FIN had arrived only a moment before, after " + duration(s.end(s.closer).fin.idle_ns) +
           " without data: " + role(s, s.peer()) +
           "'s system knew of it and its program hardly could, so this is a keep-alive race all the same, "
           "and "
           "nothing of that data was processed.";
  }
  return "The FIN came first and " + role(s, s.peer()) +
         " knew of it, so this was no race; the reset is the consequence, the cause is that one side went "
         "on after the other had closed.";
}

std::string late_data_advice(const Scene& s) {
  if (s.t().only_tls_alert_lost) {
    return "nothing to repair. A program that reads until the peer's close_notify before it closes avoids "
           "this RST.";
  }
  if (nearly_raced(s)) return idle_race_advice(s);
  return "find out which side is mistaken about the protocol: " + role(s, s.closer) +
         " closed although more was to come (its time-out, limit or error), or " + role(s, s.peer()) +
         " did not look for the end of the data before it wrote. A program that only wants to stop "
         "sending calls shutdown(SHUT_WR) and goes on reading.";
}

// What crossed the FIN belongs to a transfer of which part had been acknowledged: no new request.
bool cuts_a_transfer(const Scene& s) {
  return s.reset != nullptr && s.rst().receiver_burst_acked && s.rst().receiver_burst > 1;
}

std::string last_words(const Scene& s) {
  const Moment& last = s.end(s.closer).last_data;
  return last.seen() ? in_frame(last.frame) : "nothing, in this connection";
}

std::string race_result(const Scene& s) {
  if (s.t().only_tls_alert_lost) return "a TLS alert, no data, was discarded";
  if (cuts_a_transfer(s)) return "the transfer was cut off, " + rejected(s);
  if (s.peer() == s.server()) return "the client's program did not get it";
  return was_idle_before_close(s) ? "not processed, safe to send again" : "not processed";
}

std::string race_story(const Scene& s) {
  if (s.t().only_tls_alert_lost) return late_data_story(s);
  if (cuts_a_transfer(s)) {
    return role(s, s.closer) + " closed in the middle of what " + role(s, s.peer()) +
           " was sending: what had been acknowledged may have been used, " + rejected(s) + ".";
  }
  const std::string missed = role(s, s.closer) + "'s program never got those bytes";
  if (s.peer() == s.server()) return missed + ": it closed before the server had sent all of its answer.";
  if (!was_idle_before_close(s)) {
    return missed + ": it closed only " + duration(s.end(s.closer).fin.idle_ns) +
           " after the data before, so hardly because the connection was idle.";
  }
  return missed + ", so sending them again on a new connection repeats nothing.";
}

std::string race_advice(const Scene& s) {
  if (s.t().only_tls_alert_lost) return late_data_advice(s);
  if (cuts_a_transfer(s)) {
    return "find out why " + role(s, s.closer) +
           "'s program closed before the transfer was complete (limit, error, time-out). Part of it had "
           "arrived: repeat it only if that is safe.";
  }
  if (s.peer() == s.server()) {
    return "find out why the client's program closed while an answer was on its way (time-out, cancelled, "
           "not interested); the server and the network did their part.";
  }
  if (!was_idle_before_close(s)) {
    return "read what " + role(s, s.closer) + " had sent last (" + last_words(s) +
           "): it closed right behind that while more was on its way to it, and the same again may get the "
           "same.";
  }
  return idle_race_advice(s);
}

std::string more_resets_of_closer(const Scene& s) {
  std::size_t more = 0;
  FrameNumber last = 0;
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const Reset& r = s.t().resets[i].facts;
    if (s.reset == nullptr || r.sender != s.closer || r.at.frame <= s.rst().at.frame) continue;
    ++more;
    last = r.at.frame;
  }
  if (more == 0) return "";
  if (!all_resets_kept(s)) {
    return " (one of " + grouped(s.c().resets.count()) + " RSTs, the last in " + in_frame(last) + ")";
  }
  return more == 1 ? " (again in " + in_frame(last) + ")"
                   : " (and " + times(more) + " more up to " + in_frame(last) + ")";
}

// --- a SYN inside the live connection -----------------------------------------------------------
std::string inside_syn(const Scene& s) { return std::to_string(s.c().pending.at.frame); }
std::string inside_challenge(const Scene& s) { return std::to_string(s.c().pending.challenge.frame); }

std::string next_connection(const Scene& s) {
  if (!s.c().superseded) return "no new connection of these ports is in the capture";
  return std::string("the next connection of these ports starts in ") + in_frame(s.c().next_syn.frame) +
         (s.c().next_established ? " and was established" : "");
}

constexpr std::array kTriggerPlaces{
    Place{"trigger_frame", "N", [](const Scene& s) { return std::to_string(trigger(s).at.frame); }},
    Place{"trigger_what", "a segment", trigger_what},
    Place{"trigger_after_fin", "", trigger_after_fin},
    Place{"trigger_idle", "", trigger_idle},
    Place{"late_what", "data", late_what},
    Place{"late_data_story", "", late_data_story},
    Place{"late_data_advice",
          "find out which side is mistaken about the protocol: one closed although more was to come (its "
          "time-out, limit or error), or the other did not look for the end of the data before it wrote. "
          "A program that only wants to stop sending calls shutdown(SHUT_WR) and goes on reading.",
          late_data_advice},
    Place{"race_result", "not processed", race_result},
    Place{"race_story", "", race_story},
    Place{"race_advice",
          "let the side that sends requests close idle connections first: its idle time-out should be "
          "shorter than the other side's keep-alive time-out. Until then, repeat such a request on a new "
          "connection.",
          race_advice},
    Place{"more_resets_of_closer", "", more_resets_of_closer},
    Place{"inside_syn", "N", inside_syn},
    Place{"inside_challenge", "C", inside_challenge},
    Place{"next_connection", "whether a new connection followed, the report says", next_connection},
};

}  // namespace

std::span<const Place> trigger_places() { return kTriggerPlaces; }

}  // namespace tcpteardown
