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
  const std::string frame = " in " + in_frame(g.at.frame);
  if (g.syn) return "the SYN" + frame;
  switch (g.kind) {
    case SegmentKind::keep_alive: return "the keep-alive probe" + frame;
    case SegmentKind::window_probe: return "the window probe" + frame;
    case SegmentKind::retransmission: return "the repeated segment" + frame;
    case SegmentKind::pure_ack: return "the ACK" + frame;
    case SegmentKind::syn:
    case SegmentKind::syn_ack:
    case SegmentKind::data:
    case SegmentKind::fin:
    case SegmentKind::reset: break;
  }
  if (g.length == 0) return (g.fin ? "the FIN" : "the segment") + frame;
  return "the " + byte_count(g.length) + (g.fin ? " and FIN" : "") + frame;
}

std::string trigger_bytes(const Scene& s) { return byte_count(trigger(s).length); }

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

// Did the sender of the trigger know of the FIN?
std::string knew_since(const Scene& s) {
  const Fin& fin = s.end(s.closer).fin;
  const std::int64_t time = between(fin.acked, trigger(s).at);
  if (!fin.is_acked() || time == 0) return "";
  return "it had acknowledged that FIN in " + in_frame(fin.acked.frame) + ", " + duration(time) + " before";
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
  return more == 1 ? ", and again in " + in_frame(last)
                   : ", and " + times(more) + " more up to " + in_frame(last);
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
    Place{"trigger_bytes", "data", trigger_bytes},
    Place{"trigger_after_fin", "", trigger_after_fin},
    Place{"trigger_idle", "", trigger_idle},
    Place{"knew_since", "", knew_since},
    Place{"more_resets_of_closer", "", more_resets_of_closer},
    Place{"inside_syn", "N", inside_syn},
    Place{"inside_challenge", "C", inside_challenge},
    Place{"next_connection", "whether a new connection followed, the report says", next_connection},
};

}  // namespace

std::span<const Place> trigger_places() { return kTriggerPlaces; }

}  // namespace tcpteardown
