// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/last_segments.h"

#include <algorithm>
#include <cstddef>

#include "evidence/roles.h"
#include "verdict/catalogue.h"

namespace tcpteardown {
namespace {

constexpr std::size_t kMostInARow = 12;  // what one takes in at a glance (our choice)

// From which frame on every segment is remembered: a ring that is full has forgotten what came before.
FrameNumber complete_from(const Connection& c) {
  FrameNumber from = 0;
  for (const auto& ring : c.recent) {
    FrameNumber oldest = ring[0].at.frame;
    bool is_full = true;
    for (const RecentSegment& r : ring) {
      is_full = is_full && r.at.seen();
      oldest = std::min(oldest, r.at.frame);
    }
    if (is_full) from = std::max(from, oldest);
  }
  return from;
}

class Collector {
 public:
  Collector(const Connection& c, const Report& report)
      : c_(c), report_(report), client_(find_roles(c).client), complete_from_(complete_from(c)) {}

  std::vector<LastSegment> collect();

 private:
  // Wireshark's relative numbers: 0 is the SYN; without one, the first byte seen is 1.
  [[nodiscard]] std::optional<std::uint32_t> relative(Side side, Seq seq) const {
    const Endpoint& x = c_.side(side);
    if (x.has_iss) return static_cast<std::uint32_t>(distance(x.iss, seq));
    if (x.has_seq) return static_cast<std::uint32_t>(distance(x.first_seq, seq)) + 1;
    return std::nullopt;
  }
  void add(Side side, const Moment& at, LastSegment segment, Seq seq, const Seq* ack);
  void add_recent(Side side);
  void add_resets();
  void add_fins();
  void add_icmp();
  [[nodiscard]] bool speaks(const LastSegment& s) const {
    return s.is_decisive || s.is_trigger || s.flags.rst || s.flags.fin || s.event == "fin-acked" ||
           s.from == LastSegment::From::network;
  }
  void choose();

  const Connection& c_;
  const Report& report_;
  Side client_;
  FrameNumber complete_from_;
  std::vector<LastSegment> found_;
};

void Collector::add(Side side, const Moment& at, LastSegment segment, Seq seq, const Seq* ack) {
  segment.frame = at.frame;
  segment.time_ns = at.time_ns;
  segment.from = side == client_ ? LastSegment::From::client : LastSegment::From::server;
  segment.seq = relative(side, seq);
  if (ack) segment.ack = relative(other(side), *ack);
  found_.push_back(segment);
}

void Collector::add_recent(Side side) {
  for (const RecentSegment& r : c_.recent[static_cast<std::size_t>(side)]) {
    if (!r.at.seen() || r.at.frame < complete_from_) continue;
    add(side, r.at, {.kind = r.kind, .flags = r.flags, .length = r.length, .zero_window = r.window == 0},
        r.seq, r.flags.ack ? &r.ack : nullptr);
  }
}

void Collector::add_resets() {
  for (std::size_t i = 0; i < c_.resets.kept(); ++i) {
    const Reset& r = c_.resets[i];
    add(r.sender, r.at,
        {.kind = SegmentKind::reset, .flags = {.rst = true, .ack = r.has_ack}, .length = r.payload_length},
        r.seq, r.has_ack ? &r.ack : nullptr);
    const Trigger& t = r.trigger;
    if (!t.seen() || t.at.frame != report_.trigger_frame) continue;
    add(other(r.sender), t.at,
        {.kind = t.kind, .flags = {.fin = t.fin, .syn = t.syn, .ack = true}, .length = t.length}, t.seq,
        &t.ack);
  }
}

void Collector::add_fins() {
  for (const Side side : {Side::a, Side::b}) {
    const Fin& fin = c_.side(side).fin;
    if (!fin.sent()) continue;
    add(side, fin.first, {.kind = SegmentKind::fin, .flags = {.fin = true, .ack = true}}, fin.seq,
        fin.has_ack_field ? &fin.ack_field : nullptr);
    if (!fin.is_acked()) continue;
    const Seq beyond_fin = fin.seq + 1;
    add(other(side), fin.acked, {.kind = SegmentKind::pure_ack, .flags = {.ack = true}},
        c_.side(other(side)).snd_nxt, &beyond_fin);
  }
}

void Collector::add_icmp() {
  for (const Moment& at : {c_.icmp.first, c_.icmp.last}) {
    if (!at.seen()) continue;
    LastSegment segment{.frame = at.frame, .time_ns = at.time_ns, .from = LastSegment::From::network};
    segment.icmp_about_client = c_.icmp.about == client_;
    found_.push_back(segment);
  }
}

// Whatever speaks, and of the others the last ones.
void Collector::choose() {
  std::vector<LastSegment> chosen;
  const std::size_t size = found_.size();
  FrameNumber previous = 0;
  for (std::size_t i = 0; i < size; ++i) {
    LastSegment s = found_[i];
    if (s.frame < complete_from_ && !speaks(s)) continue;
    if (size - i > kMostInARow && !speaks(s)) continue;
    const bool follows =
        i > 0 && found_[i - 1].frame == previous && (previous >= complete_from_ || s.frame == previous + 1);
    s.gap_before = i == 0 ? c_.first.frame < s.frame : !follows;
    previous = s.frame;
    chosen.push_back(s);
  }
  found_ = std::move(chosen);
}

std::vector<LastSegment> Collector::collect() {
  add_recent(Side::a);
  add_recent(Side::b);
  add_resets();
  add_fins();
  add_icmp();
  const auto by_frame = [](const LastSegment& x, const LastSegment& y) { return x.frame < y.frame; };
  const auto same_frame = [](const LastSegment& x, const LastSegment& y) { return x.frame == y.frame; };
  std::stable_sort(found_.begin(), found_.end(), by_frame);  // what is remembered whole comes first
  found_.erase(std::unique(found_.begin(), found_.end(), same_frame), found_.end());
  const Family family = row_of(report_.id).family;
  const bool is_closed = family == Family::graceful && report_.id != "graceful-unconfirmed"_verdict;
  const bool is_reset =
      family == Family::abort || family == Family::reactive || family == Family::interference;
  for (LastSegment& s : found_) {
    s.event = note_frame(c_, report_, s.frame).event;
    s.is_decisive = s.frame == report_.decisive_frame;
    s.is_trigger = s.frame == report_.trigger_frame;
    s.is_after_end = report_.ended && (is_closed || is_reset) && s.frame > report_.decisive_frame;
  }
  choose();
  return std::move(found_);
}

}  // namespace

std::vector<LastSegment> last_segments(const Connection& connection, const Report& report) {
  return Collector{connection, report}.collect();
}

}  // namespace tcpteardown
