// SPDX-License-Identifier: GPL-2.0-or-later
#include "variants.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "capture/capture_file.h"
#include "capture/frame_decoder.h"
#include "capture/seg_script.h"
#include "dice.h"

namespace tcpteardown::test {
namespace {

using Events = std::vector<Event>;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;

// Changes something at one frame.
struct Change {
  std::string_view name;
  void (*apply)(Events& events, std::size_t at);
};

std::ptrdiff_t offset(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

// A later time for this frame and all behind it.
void move_from(Events& events, std::size_t at, std::int64_t (*changed)(std::int64_t gap_ns)) {
  if (at == 0) return;
  const std::int64_t gap = events[at].time_ns - events[at - 1].time_ns;
  for (std::size_t i = at; i < events.size(); ++i) events[i].time_ns += changed(gap) - gap;
}

void change_segment(Events& events, std::size_t at, void (*change)(Segment&)) {
  if (!events[at].segments.empty()) change(events[at].segments.front());
}

constexpr std::array kChanges{
    Change{"missing", [](Events& e, std::size_t at) { e.erase(e.begin() + offset(at)); }},
    Change{"the last one", [](Events& e, std::size_t at) { e.erase(e.begin() + offset(at) + 1, e.end()); }},
    Change{"the first one", [](Events& e, std::size_t at) { e.erase(e.begin(), e.begin() + offset(at)); }},
    Change{"twice", [](Events& e, std::size_t at) { e.insert(e.begin() + offset(at), Event{e[at]}); }},
    Change{"behind the next",
           [](Events& e, std::size_t at) {
             if (at + 1 < e.size()) std::swap(e[at], e[at + 1]);
           }},
    Change{"ten times later",
           [](Events& e, std::size_t at) { move_from(e, at, [](std::int64_t gap) { return gap * 10; }); }},
    Change{"a tenth of the time later",
           [](Events& e, std::size_t at) { move_from(e, at, [](std::int64_t gap) { return gap / 10; }); }},
    Change{"at the same time",
           [](Events& e, std::size_t at) { move_from(e, at, [](std::int64_t) { return std::int64_t{0}; }); }},
    Change{"exactly three seconds later",
           [](Events& e, std::size_t at) { move_from(e, at, [](std::int64_t) { return 3 * kSecond; }); }},
    Change{"exactly a second later",
           [](Events& e, std::size_t at) { move_from(e, at, [](std::int64_t) { return kSecond; }); }},
    Change{
        "a minute later",
        [](Events& e, std::size_t at) { move_from(e, at, [](std::int64_t gap) { return gap + kMinute; }); }},
    Change{"three hops further",
           [](Events& e, std::size_t at) {
             change_segment(e, at,
                            [](Segment& s) { s.hop_limit = static_cast<std::uint8_t>(s.hop_limit - 3); });
           }},
    Change{"one hop nearer",
           [](Events& e, std::size_t at) {
             change_segment(e, at,
                            [](Segment& s) { s.hop_limit = static_cast<std::uint8_t>(s.hop_limit + 1); });
           }},
    Change{"hop limit not known",
           [](Events& e, std::size_t at) { change_segment(e, at, [](Segment& s) { s.hop_limit = 0; }); }},
    Change{"another IP-ID",
           [](Events& e, std::size_t at) {
             change_segment(e, at, [](Segment& s) { s.ip_id = static_cast<std::uint16_t>(s.ip_id + 5'000); });
           }},
    Change{"IP-ID 0",
           [](Events& e, std::size_t at) { change_segment(e, at, [](Segment& s) { s.ip_id = 0; }); }},
    Change{"no IP-ID",
           [](Events& e, std::size_t at) { change_segment(e, at, [](Segment& s) { s.has_ip_id = false; }); }},
    Change{"another MAC address",
           [](Events& e, std::size_t at) { change_segment(e, at, [](Segment& s) { s.link_source += 1; }); }},
    Change{"window 0",
           [](Events& e, std::size_t at) { change_segment(e, at, [](Segment& s) { s.window = 0; }); }},
    Change{"another window",
           [](Events& e, std::size_t at) {
             change_segment(e, at,
                            [](Segment& s) { s.window = static_cast<std::uint16_t>(s.window / 2 + 7); });
           }},
    Change{"a number more",
           [](Events& e, std::size_t at) { change_segment(e, at, [](Segment& s) { s.seq = s.seq + 1; }); }},
    Change{"a number less",
           [](Events& e, std::size_t at) { change_segment(e, at, [](Segment& s) { s.seq = s.seq - 1; }); }},
    Change{"far ahead",
           [](Events& e, std::size_t at) {
             change_segment(e, at, [](Segment& s) { s.seq = s.seq + 2'000'000; });
           }},
    Change{"acknowledges one more",
           [](Events& e, std::size_t at) { change_segment(e, at, [](Segment& s) { s.ack = s.ack + 1; }); }},
    Change{"acknowledges one less",
           [](Events& e, std::size_t at) { change_segment(e, at, [](Segment& s) { s.ack = s.ack - 1; }); }},
    Change{"without ACK",
           [](Events& e, std::size_t at) { change_segment(e, at, [](Segment& s) { s.flags.ack = false; }); }},
    Change{"FIN or none",
           [](Events& e, std::size_t at) {
             change_segment(e, at, [](Segment& s) { s.flags.fin = !s.flags.fin; });
           }},
    Change{"RST or none",
           [](Events& e, std::size_t at) {
             change_segment(e, at, [](Segment& s) { s.flags.rst = !s.flags.rst; });
           }},
    Change{"without time stamps",
           [](Events& e, std::size_t at) {
             change_segment(e, at, [](Segment& s) { s.options.has_timestamps = false; });
           }},
    Change{"old time stamps",
           [](Events& e, std::size_t at) {
             change_segment(e, at, [](Segment& s) { s.options.ts_value -= 100'000; });
           }},
    Change{"without data",
           [](Events& e, std::size_t at) {
             change_segment(e, at, [](Segment& s) { s.payload_length = 0, s.payload = {}; });
           }},
    Change{
        "a byte more",
        [](Events& e, std::size_t at) { change_segment(e, at, [](Segment& s) { s.payload_length += 1; }); }},
    Change{"data not captured",
           [](Events& e, std::size_t at) { change_segment(e, at, [](Segment& s) { s.payload = {}; }); }},
    Change{"options cut",
           [](Events& e, std::size_t at) {
             change_segment(e, at, [](Segment& s) { s.options_complete = false, s.options = {}; });
           }},
};

bool tell(const Events& events, const std::string& name, const VariantHandler& handle) {
  return handle(name, connections_of(events));
}

std::string name_of(const Change& change, std::size_t at) {
  return "frame " + std::to_string(at + 1) + ' ' + std::string(change.name);
}

bool change_one_thing(const Events& events, const VariantHandler& handle) {
  for (std::size_t at = 0; at < events.size(); ++at) {
    for (const Change& change : kChanges) {
      Events changed = events;
      change.apply(changed, at);
      if (!tell(changed, name_of(change, at), handle)) return false;
    }
  }
  return true;
}

// Two or three things at once, by chance: what a conjunction needs to become true.
bool change_several_things(const Events& events, const VariantHandler& handle) {
  constexpr int kTries = 500;
  Dice dice{1};
  for (int i = 0; i < kTries; ++i) {
    Events changed = events;
    std::string name;
    const std::size_t count = 2 + dice.throw_below(2);
    for (std::size_t k = 0; k < count && !changed.empty(); ++k) {
      const Change& change = kChanges[dice.throw_below(kChanges.size())];
      const std::size_t at = dice.throw_below(changed.size());
      change.apply(changed, at);
      name += (name.empty() ? "" : ", then ") + name_of(change, at);
    }
    if (!tell(changed, name, handle)) return false;
  }
  return true;
}

// Only what one host sent, as where routes differ.
bool keep_one_side(const Events& events, bool of_first, const VariantHandler& handle) {
  Events kept;
  const Segment* first = nullptr;
  for (const Event& event : events) {
    if (first == nullptr && !event.segments.empty()) first = &event.segments.front();
    const bool is_kept =
        event.segments.empty() || (event.segments.front().source == first->source) == of_first;
    if (is_kept) kept.push_back(event);
  }
  return tell(kept, of_first ? "one side only" : "the other side only", handle);
}

bool change_end(const Events& events, const VariantHandler& handle) {
  if (events.empty()) return true;
  Events longer = events;
  longer.push_back({.time_ns = events.back().time_ns + kMinute, .segments = {}, .errors = {}});
  return tell(longer, "a minute more", handle);
}

}  // namespace

namespace {

// The bytes stay where they are when others follow: a deque.
void add_frame(const RawFrame& captured, Exchange& exchange) {
  exchange.bytes.emplace_back(captured.bytes.begin(), captured.bytes.end());
  RawFrame raw = captured;
  raw.bytes = exchange.bytes.back();
  Event event{.time_ns = raw.time_ns, .segments = {}, .errors = {}};
  decode_packets(raw, [&event](const FrameContents& contents, bool) {
    if (contents.header && contents.header->use == HeaderUse::segment) {
      event.segments.push_back(contents.header->segment);
    }
    if (contents.error) event.errors.push_back(*contents.error);
  });
  exchange.events.push_back(std::move(event));
}

void add_script(const std::string& path, Exchange& exchange) {
  const ScriptResult loaded = load_script(path);
  each_frame(loaded.script, [&exchange](const RawFrame& frame) { add_frame(frame, exchange); });
}

}  // namespace

Exchange exchange_of(const std::string& path) {
  Exchange exchange;
  if (path.ends_with(".seg")) {
    add_script(path, exchange);
  } else {
    (void)read_capture(path, [&exchange](const RawFrame& frame) { add_frame(frame, exchange); });
  }
  return exchange;
}

ConnectionTable connections_of(const std::vector<Event>& events) {
  ConnectionTable table;
  FrameNumber frame = 0;
  for (const Event& event : events) {
    ++frame;
    table.note_time(event.time_ns);
    for (Segment segment : event.segments) {
      segment.frame = frame;
      segment.time_ns = event.time_ns;
      (void)table.add(segment);
    }
    for (IcmpError error : event.errors) {
      error.frame = frame;
      error.time_ns = event.time_ns;
      (void)table.add(error);
    }
  }
  return table;
}

void for_each_variant(const Exchange& exchange, const VariantHandler& handle) {
  const Events& events = exchange.events;
  if (!tell(events, "as it is", handle) || !change_end(events, handle)) return;
  if (!keep_one_side(events, true, handle) || !keep_one_side(events, false, handle)) return;
  if (change_one_thing(events, handle)) (void)change_several_things(events, handle);
}

}  // namespace tcpteardown::test
