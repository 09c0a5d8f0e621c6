// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "evidence/habits.h"
#include "report/phrasing.h"
#include "report/places.h"

// The RST itself: what it looks like, when it came, and what happened around it.
namespace tcpteardown {
namespace {

std::string rst_kind(const Scene& s) { return s.reset != nullptr && s.rst().has_ack ? "RST,ACK" : "RST"; }

std::string rst_frame(const Scene& s) { return std::to_string(s.reset == nullptr ? 0 : s.rst().at.frame); }

std::string rst_delay(const Scene& s) {
  if (s.reset == nullptr) return "";
  const std::int64_t time = between(s.rst().trigger.at, s.rst().at);
  return time > 0 ? ", " + duration(time) + " later" : "";
}

std::string rst_hops(const Scene& s) {
  if (s.reset == nullptr || s.rst().hop_limit == 0) return "";
  return "; the RST was captured with a hop limit (TTL) of " + std::to_string(s.rst().hop_limit);
}

// What the RST alone tells, without asking why it was sent (RFC 9293 §3.5.2, §3.10.5).
std::string answers(const Scene& s) {
  if (s.reset == nullptr) return "";
  if (const JudgedReset* first = challenged_before(s)) {
    return ", which confirms the RST in " + in_frame(first->facts.at.frame) + " that " + role(s, s.peer()) +
           " had challenged in " + in_frame(first->facts.challenge.frame) +
           " because data before it was missing";
  }
  switch (s.reset->shape) {
    case Shape::active:
      if (habits::foreign_hop_limit(*s.reset) || habits::mirrored_by(s.t(), *s.reset) != nullptr) {
        return ", which answers no segment: " + role(s, s.closer) +
               ", or a device in its name, gave the connection up";
      }
      return ", which answers no segment: " + role(s, s.closer) + "'s own side gave the connection up";
    case Shape::bare:
      return ", which answers no segment seen here and has no usable ACK, as load balancers, small stacks "
             "and forgers send it";
    case Shape::reflected:
      return ", whose IP ID and window are copied from " + in_frame(s.rst().mirror.frame) +
             " of its receiver: a device on the way made it out of that segment";
    case Shape::reactive:
      return ", which answers " + in_frame(s.rst().trigger.at.frame) + " of " + role(s, s.peer());
    case Shape::refusal: break;
  }
  return ", which answers a SYN";
}

std::string after_idle(const Scene& s) {
  if (s.reset == nullptr || !s.rst().idle_known || s.rst().idle_ns < 1'000'000) return "";
  return " after " + duration(s.rst().idle_ns) + " without data";
}

// Worth a word from a second on.
std::string after_pause(const Scene& s) {
  const bool paused = s.reset != nullptr && s.rst().idle_known && s.rst().idle_ns >= 1'000'000'000;
  return paused ? "," + after_idle(s) : "";
}

std::string idle_time(const Scene& s) { return duration(s.reset == nullptr ? 0 : s.rst().idle_ns); }

std::string waited(const Scene& s) {
  return duration(s.reset == nullptr ? 0 : between(s.end(s.closer).last_data, s.rst().at));
}

// From a FIN to the RST.
std::string after_fin(const Scene& s, Side fin_of) {
  if (s.reset == nullptr || !s.end(fin_of).fin.sent()) return "";
  const std::int64_t time = between(s.end(fin_of).fin.first, s.rst().at);
  return time > 0 ? ", " + duration(time) + " later" : "";
}

const JudgedReset* crossing_reset(const Scene& s) {
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const Reset& r = s.t().resets[i].facts;
    if (r.sender != s.closer && r.at.frame > s.rst().at.frame) return &s.t().resets[i];
  }
  return nullptr;
}

std::string crossing_frame(const Scene& s) {
  const JudgedReset* other_one = s.reset == nullptr ? nullptr : crossing_reset(s);
  return std::to_string(other_one == nullptr ? 0 : other_one->facts.at.frame);
}

std::string crossing_span(const Scene& s) {
  const JudgedReset* other_one = s.reset == nullptr ? nullptr : crossing_reset(s);
  return duration(other_one == nullptr ? 0 : between(s.rst().at, other_one->facts.at));
}

// The peer was in order: no repetition, nothing missing.
std::string peer_in_order(const Scene& s) {
  const Endpoint& y = s.end(s.peer());
  if (y.retransmissions > 0) {
    return role(s, s.peer()) + " had repeated " + counted(y.retransmissions, "segment", "segments") +
           " before that";
  }
  if (y.missed_bytes > 0) return "the capture misses part of what " + role(s, s.peer()) + " sent";
  return role(s, s.peer()) + "'s segments were in order, none had to be repeated";
}

std::string bytes_of(const Scene& s, Side side) {
  return s.end(side).bytes == 0 ? "no data" : byte_count(s.end(side).bytes);
}

// A RST on the heels of an answer can take the answer away from a program that has not read it yet:
// systems other than Linux discard it (RFC 9293 §3.10.7.4 has them flush the queues).
std::string close_advice(const Scene& s) {
  constexpr std::int64_t kOnItsHeelsNs = 100'000'000;  // our choice
  const Moment& own = s.end(s.closer).last_data;
  const bool follows_own = s.reset != nullptr && own.seen() && own.frame > s.end(s.peer()).last_data.frame &&
                           between(own, s.rst().at) < kOnItsHeelsNs;
  const std::string how = "let " + role(s, s.closer) +
                          "'s program close without SO_LINGER 0 and read to the end before it closes.";
  if (!follows_own) {
    return "usually nothing to repair. If " + role(s, s.peer()) + "'s log complains about resets, " + how;
  }
  return "check whether " + role(s, s.peer()) + "'s program got the data in " + in_frame(own.frame) + ", " +
         duration(between(own, s.rst().at)) +
         " before the RST: many systems discard what is unread when a RST comes. To be safe, " + how;
}

constexpr std::array kResetPlaces{
    Place{"rst_kind", "RST", rst_kind},
    Place{"rst_frame", "R", rst_frame},
    Place{"rst_delay", "", rst_delay},
    Place{"rst_hops", "", rst_hops},
    Place{"answers", "", answers},
    Place{"after_idle", " after a time without data", after_idle},
    Place{"after_pause", "", after_pause},
    Place{"idle_time", "a long time", idle_time},
    Place{"after_answer", "",
          [](const Scene& s) {
            return std::string(response_arrived(s) ? ", after the whole HTTP response had been acknowledged"
                                                   : "");
          }},
    Place{"waited", "that time", waited},
    Place{"after_own_fin", "", [](const Scene& s) { return after_fin(s, s.closer); }},
    Place{"after_peer_fin", "", [](const Scene& s) { return after_fin(s, s.peer()); }},
    Place{"crossing_frame", "S", crossing_frame},
    Place{"crossing_span", "a moment", crossing_span},
    Place{
        "close_advice",
        "usually nothing to repair. If the peer's log complains about resets, or lacks the last answer, let "
        "the program that reset close without SO_LINGER 0 and read to the end before it closes.",
        close_advice},
    Place{"peer_in_order", "", peer_in_order},
    Place{"closer_data_frame", "N",
          [](const Scene& s) { return std::to_string(s.end(s.closer).last_data.frame); }},
    Place{"peer_data_frame", "N",
          [](const Scene& s) { return std::to_string(s.end(s.peer()).last_data.frame); }},
    Place{"closer_sent", "data", [](const Scene& s) { return bytes_of(s, s.closer); }},
    Place{"peer_sent", "data", [](const Scene& s) { return bytes_of(s, s.peer()); }},
};

}  // namespace

std::span<const Place> reset_places() { return kResetPlaces; }

}  // namespace tcpteardown
