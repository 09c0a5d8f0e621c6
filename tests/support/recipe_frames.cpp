// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "recipe_changes.h"

namespace tcpteardown::test::changes {
namespace {

void shift_from(Events& events, std::size_t at, std::int64_t by) {
  constexpr std::int64_t kFar = std::int64_t{1} << 61;  // of no capture, and no overflow in sums
  for (std::size_t i = at; i < events.size(); ++i) {
    events[i].time_ns = std::clamp(events[i].time_ns + by, -kFar, kFar);
  }
}

}  // namespace

std::string exact_time(Events& events, std::size_t at, Dice& dice) {
  if (at == 0) return "";
  const std::size_t since = dice.throw_below(2) == 0 ? at - 1 : dice.throw_below(at);
  const std::int64_t time =
      one_of(kTimes, dice) + static_cast<std::int64_t>(dice.throw_below(3)) - 1;  // one ns less, or more
  shift_from(events, at, events[since].time_ns + time - events[at].time_ns);
  return std::to_string(time) + " ns behind " + frame_name(since);
}

std::string alone_at_time(Events& events, std::size_t at, Dice& dice) {
  const std::size_t other = dice.throw_below(events.size());
  events[at].time_ns = events[other].time_ns + one_of(kTimes, dice) * (dice.throw_below(4) == 0 ? -1 : 1);
  return "alone at a time that counts from " + frame_name(other);
}

std::string stretch(Events& events, std::size_t at, Dice& dice) {
  constexpr std::array<std::int64_t, 5> kFactors{2, 3, 10, 100, 1'000};
  const std::int64_t factor = one_of(kFactors, dice);
  const bool shorter = dice.throw_below(2) == 0;
  const std::int64_t start = events[at].time_ns;
  for (std::size_t i = at; i < events.size(); ++i) {
    const std::int64_t since = std::clamp(events[i].time_ns - start, -kTimes.back(), kTimes.back());
    events[i].time_ns = start + (shorter ? since / factor : since * factor);
  }
  return "from here " + std::to_string(factor) + (shorter ? " times as fast" : " times as slow");
}

std::string ends_later(Events& events, std::size_t, Dice& dice) {
  const std::int64_t time = one_of(kTimes, dice) + static_cast<std::int64_t>(dice.throw_below(3)) - 1;
  events.push_back({.time_ns = events.back().time_ns + time, .segments = {}, .errors = {}});
  return "the capture ends " + std::to_string(time) + " ns later";
}

std::string missing_range(Events& events, std::size_t at, Dice& dice) {
  const std::size_t count = std::min(1 + dice.throw_below(4), events.size() - at);
  events.erase(events.begin() + offset(at), events.begin() + offset(at + count));
  return std::to_string(count) + " missing";
}

std::string first_or_last(Events& events, std::size_t at, Dice& dice) {
  const bool first = dice.throw_below(2) == 0;
  if (first) {
    events.erase(events.begin(), events.begin() + offset(at));
  } else {
    events.erase(events.begin() + offset(at) + 1, events.end());
  }
  return first ? "the first one" : "the last one";
}

std::string sender_missing(Events& events, std::size_t at, Dice& dice) {
  const Segment* of = segment_of(events, at);
  if (of == nullptr) return "";
  const TcpEndpoint sender = of->source;
  const std::size_t from = dice.throw_below(events.size());
  const std::size_t to = from + dice.throw_below(events.size() - from) + 1;
  std::size_t i = 0;
  std::erase_if(events, [&](const Event& e) {
    const bool in_range = i >= from && i < to;
    ++i;
    return in_range && !e.segments.empty() && e.segments.front().source == sender;
  });
  return "its sender missing in frames " + std::to_string(from + 1) + " to " + std::to_string(to);
}

std::string moved(Events& events, std::size_t at, Dice& dice) {
  const std::size_t to = dice.throw_below(events.size());
  const std::int64_t time = events[to].time_ns;
  Event event = events[at];
  if (dice.throw_below(2) == 0) event.time_ns = time;
  events.erase(events.begin() + offset(at));
  events.insert(events.begin() + offset(to), event);
  return "as " + frame_name(to);
}

std::string repeated(Events& events, std::size_t at, Dice& dice) {
  const std::size_t count = 1 + dice.throw_below(7);
  const std::size_t behind = dice.throw_below(2) == 0 ? at : events.size() - 1;
  std::int64_t gap = one_of(kTimes, dice) % (4 * kSecond);
  const bool doubled = dice.throw_below(2) == 0;
  std::int64_t time = events[behind].time_ns;
  for (std::size_t i = 0; i < count; ++i) {
    time += gap;
    if (doubled) gap *= 2;
    Event copy = events[at];
    copy.time_ns = time;
    if (!copy.segments.empty() && copy.segments.front().has_ip_id) ++copy.segments.front().ip_id;
    events.insert(events.begin() + offset(behind + 1 + i), copy);
  }
  if (behind + 1 + count < events.size() && time > events[behind + 1 + count].time_ns) {
    shift_from(events, behind + 1 + count, time - events[behind].time_ns);
  }
  return "again " + std::to_string(count) + " times" + (behind == at ? "" : " at the end");
}

std::string new_connection(Events& events, std::size_t, Dice& dice) {
  const std::size_t count = events.size();
  const std::int64_t gap = events.back().time_ns - events.front().time_ns + one_of(kTimes, dice);
  const std::int32_t by = one_of(kDistances, dice);
  const bool other_way = dice.throw_below(4) == 0;
  for (std::size_t i = 0; i < count; ++i) {
    Event copy = events[i];
    copy.time_ns += gap;
    for (Segment& s : copy.segments) {
      s.seq = s.seq + static_cast<std::uint32_t>(by);
      s.ack = s.ack + static_cast<std::uint32_t>(by);
      if (other_way) std::swap(s.source, s.destination);
    }
    events.push_back(copy);
  }
  return "all again, numbers " + std::to_string(by) + (other_way ? ", the other way" : "");
}

}  // namespace tcpteardown::test::changes
