// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/connection_table.h"

#include <algorithm>

namespace tcpteardown {
namespace {

// The pending SYN of a live connection got the answer that opens a new one: a SYN-ACK for a
// SYN, the third step for a SYN-ACK whose SYN was not captured.
bool answers_pending(const Connection& c, const Segment& s) {
  const PendingSyn& pending = c.pending;
  if (!pending.at.seen() || side_of(c, s.source) == pending.sender || !s.flags.ack) return false;
  if (s.flags.rst || s.ack != pending.seq + 1) return false;
  return pending.is_syn_ack ? !s.flags.syn : s.flags.syn;
}

// A retry of a SYN that was refused, or met an old connection, repeats its ISN and belongs to
// the same attempt until it is answered.
bool is_retry(const Connection& c, const Segment& s) {
  const Endpoint& x = c.side(side_of(c, s.source));
  return x.has_iss && x.iss == s.seq && !c.handshake_acked;
}

// A SYN of another ISN before anybody answered is a new attempt of the same ports, unless it
// comes from the other side (simultaneous open, RFC 9293 §3.5).
bool restarts_attempt(const Connection& c, const Segment& s) {
  const Side side = side_of(c, s.source);
  const Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  return x.syn_count > 0 && x.iss != s.seq && !y.has_seq && !c.stale_ack.seen();
}

// Data far away from all that the ended connection sent, long after it: a later connection of
// the same ends whose SYN was not captured (our choice of distances).
bool is_strange_to(const Connection& c, const Segment& s) {
  const Endpoint& x = c.side(side_of(c, s.source));
  constexpr std::int32_t kFar = 1 << 24;
  constexpr std::int64_t kLongNs = 10'000'000'000;
  if (!c.over || s.payload_length == 0 || s.flags.rst || !x.has_seq) return false;
  const std::int32_t apart = distance(x.snd_nxt, s.seq);
  return (apart > kFar || apart < -kFar) && s.time_ns - c.last.time_ns > kLongNs;
}

// A SYN-ACK for the SYN of this connection: also when a RST seemed to have refused it before.
bool completes_opening(const Connection& c, const Segment& s) {
  const Endpoint& y = c.side(other(side_of(c, s.source)));
  return s.flags.ack && !c.handshake_acked && y.has_iss && !c.stale_ack.seen() &&
         in_window(s.ack, y.iss + 1, y.syn_bytes + 1);
}

// A RST that refuses this very SYN, and was captured just before it (reordering; our choice of
// the time).
bool refuses_later_syn(const Connection& c, const Reset& r, const Segment& s) {
  constexpr std::int64_t kReorderingNs = 20'000'000;
  return r.sender != side_of(c, s.source) && r.has_ack && r.ack == s.seq + 1 + s.payload_length &&
         s.time_ns - r.at.time_ns <= kReorderingNs;
}

// A refusal captured before the SYN that it answers: nothing else is known of the connection.
bool is_overtaken_syn(const Connection& c, const Segment& s) {
  if (s.flags.ack || c.a.has_seq || c.b.has_seq || c.resets.kept() != 1) return false;
  return refuses_later_syn(c, c.resets[0], s);
}

// The same behind an earlier connection of these ports, as its last frame.
bool has_refusal_of(const Connection& c, const Segment& s) {
  if (s.flags.ack || c.resets.kept() < 2) return false;
  const Reset& r = c.resets[c.resets.kept() - 1];
  return r.at.frame == c.last.frame && c.before_last.seen() && refuses_later_syn(c, r, s);
}

bool starts_new(const Connection& c, const Segment& s) {
  if (is_strange_to(c, s)) return true;
  if (s.flags.syn && is_overtaken_syn(c, s)) return false;
  if (!s.flags.syn || s.flags.rst || completes_opening(c, s)) return false;
  const Endpoint& x = c.side(side_of(c, s.source));
  if (c.over) {
    const bool old_syn_ack = s.flags.ack && x.has_iss && x.iss == s.seq;
    return !old_syn_ack && !is_retry(c, s);
  }
  return !s.flags.ack && restarts_attempt(c, s);
}

Segment pending_segment(const Connection& c) {
  Segment s;
  s.frame = c.pending.at.frame;
  s.time_ns = c.pending.at.time_ns;
  s.source = c.address(c.pending.sender);
  s.destination = c.address(other(c.pending.sender));
  s.seq = c.pending.seq;
  s.flags.syn = true;
  s.flags.ack = c.pending.is_syn_ack;
  s.options = c.pending.options;
  return s;
}

Segment refusal_segment(const Connection& c) {
  const Reset& r = c.resets[c.resets.kept() - 1];
  Segment s;
  s.frame = r.at.frame;
  s.time_ns = r.at.time_ns;
  s.source = c.address(r.sender);
  s.destination = c.address(other(r.sender));
  s.seq = r.seq;
  s.ack = r.ack;
  s.window = r.window;
  s.flags.rst = s.flags.ack = true;
  s.hop_limit = r.hop_limit;
  s.ip_id = r.ip_id;
  s.has_ip_id = r.has_ip_id;
  s.dont_fragment = r.dont_fragment;
  s.link_source = r.link_source;
  s.options_complete = true;
  return s;
}

// The connection's last frame was the next one's.
void give_back_last_frame(Connection& c) {
  c.last = c.before_last;
  --c.frames;
}

// A forged or damaged time is held where the difference of any two still fits (the year 2116).
std::int64_t held(std::int64_t time_ns) {
  constexpr std::int64_t kMost = (std::int64_t{1} << 62) - 1;
  if (time_ns > kMost) return kMost;
  return time_ns < -kMost ? -kMost : time_ns;
}

}  // namespace

ConnectionTable::ConnectionTable(std::uint64_t hash_seed) : flows_(16, FlowKeyHash{hash_seed}) {}

ConnectionIndex ConnectionTable::open(Flow& flow, const Segment& s) {
  const auto index = static_cast<ConnectionIndex>(connections_.size());
  Connection& c = connections_.emplace_back();
  // Without its SYN a SYN-ACK still tells who opened: the one it is sent to.
  const bool from_b = s.flags.syn && s.flags.ack;
  c.a_address = from_b ? s.destination : s.source;
  c.b_address = from_b ? s.source : s.destination;
  c.first = {s.frame, s.time_ns};
  if (!flow.incarnations.empty()) {
    Connection& previous = connections_[flow.incarnations.back()];
    previous.superseded = true;
    previous.next_syn = c.first;
  }
  flow.incarnations.push_back(index);
  return index;
}

ConnectionIndex ConnectionTable::add(const Segment& segment) {
  Segment s = segment;
  s.time_ns = held(s.time_ns);
  note_time(s.time_ns);
  Flow& flow = flows_[flow_key(s.source, s.destination)];
  if (flow.incarnations.empty()) open(flow, s);
  ConnectionIndex index = flow.incarnations.back();
  if (answers_pending(connections_[index], s)) {
    Connection& old = connections_[index];
    const Segment first = pending_segment(old);
    if (old.last.frame == first.frame && old.before_last.seen()) give_back_last_frame(old);
    index = open(flow, first);
    fold(connections_[index], first);
  } else if (starts_new(connections_[index], s)) {
    Connection& old = connections_[index];
    if (has_refusal_of(old, s)) {
      const Segment refusal = refusal_segment(old);
      give_back_last_frame(old);
      index = open(flow, refusal);
      fold(connections_[index], refusal);
    } else {
      index = open(flow, s);
    }
  }
  fold(connections_[index], s);
  if (flow.incarnations.size() > 1 && connections_[index].handshake_acked) {
    connections_[flow.incarnations[flow.incarnations.size() - 2]].next_established = true;
  }
  return index;
}

std::optional<ConnectionIndex> ConnectionTable::add(const IcmpError& error) {
  IcmpError timed = error;
  timed.time_ns = held(error.time_ns);
  note_time(timed.time_ns);
  const auto found = flows_.find(flow_key(error.quoted_source, error.quoted_destination));
  if (found == flows_.end() || found->second.incarnations.empty()) return std::nullopt;
  const ConnectionIndex index = found->second.incarnations.back();
  fold(connections_[index], timed);
  return index;
}

void ConnectionTable::note_time(std::int64_t time_ns) {
  const std::int64_t now = held(time_ns);
  if (!has_time_ || now > latest_time_ns_) latest_time_ns_ = now;
  has_time_ = true;
}

std::optional<ConnectionIndex> ConnectionTable::find(const FlowKey& key, FrameNumber frame) const {
  const auto found = flows_.find(key);
  if (found == flows_.end()) return std::nullopt;
  const std::vector<ConnectionIndex>& all = found->second.incarnations;
  const auto behind =
      std::upper_bound(all.begin(), all.end(), frame,
                       [this](FrameNumber f, ConnectionIndex i) { return f < connections_[i].first.frame; });
  if (behind == all.begin()) return std::nullopt;
  return *(behind - 1);
}

void ConnectionTable::set_stream(ConnectionIndex index, std::uint32_t stream) {
  Connection& c = connections_[index];
  if (c.has_stream) return;
  c.has_stream = true;
  c.stream = stream;
}

}  // namespace tcpteardown
