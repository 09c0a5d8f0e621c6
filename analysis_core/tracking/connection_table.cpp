// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/connection_table.h"

#include <algorithm>

#include "tracking/fold.h"
#include "tracking/own_facts.h"
#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

// The pending SYN of a live connection got the answer that opens a new one: a SYN-ACK for a
// SYN, the third step for a SYN-ACK whose SYN was not captured.
bool answers_pending(const Connection& c, const Segment& s) {
  const PendingSyn& pending = c.pending;
  if (!pending.at.seen()) return false;
  if (side_of(c, s.source) == pending.sender || !s.flags.ack) return false;
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
// the same ends whose SYN was not captured.
bool is_strange_to(const Connection& c, const Segment& s) {
  const Endpoint& x = c.side(side_of(c, s.source));
  using threshold::kOtherConnection;
  if (!c.over || s.payload_length == 0 || s.flags.rst || !x.has_seq) return false;
  const std::int32_t apart = distance(x.snd_nxt, s.seq);
  const bool is_far = apart > kOtherConnection || apart < -kOtherConnection;
  return is_far && s.time_ns - c.last.time_ns > threshold::kLaterConnection;
}

// A SYN-ACK for the SYN of this connection: also when a RST seemed to have refused it before.
bool completes_opening(const Connection& c, const Segment& s) {
  const Endpoint& y = c.side(other(side_of(c, s.source)));
  const bool refused_by_live_one = c.stale_ack.seen() && !c.old_closed.seen();
  return s.flags.ack && !c.handshake_acked && y.has_iss && !refused_by_live_one &&
         in_window(s.ack, y.iss + 1, y.syn_bytes + 1);
}

// A RST that refuses this very SYN, and was captured just before it (reordering).
bool refuses_later_syn(const Connection& c, const Reset& r, const Segment& s) {
  return r.sender != side_of(c, s.source) && r.has_ack && r.ack == s.seq + 1 + s.payload_length &&
         s.time_ns - r.at.time_ns <= threshold::kReordering;
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
    return !old_syn_ack && !is_retry(c, s) && !folding::is_late_syn(c, side_of(c, s.source), s);
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

// When the earlier connection of these ports was closed, if this is the ACK that its TIME-WAIT sends again
// (RFC 9293 §3.10.7.4, Linux tcp_timewait_state_process).
Moment closed_before(const Connection& old, const Segment& s) {
  const Endpoint& x = old.side(side_of(old, s.source));
  if (!old.a.fin.is_acked() || !old.b.fin.is_acked()) return {};
  if (s.seq != x.snd_nxt || !x.has_ack || s.ack != x.rcv_nxt) return {};
  return old.a.fin.acked.frame > old.b.fin.acked.frame ? old.a.fin.acked : old.b.fin.acked;
}

// The connection's last frame was the next one's.
void give_back_last_frame(Connection& c) {
  c.last = c.before_last;
  --c.frames;
}

// The SYN that waited for its answer opens the next one, which it counts for alone.
void give_back_pending_syn(Connection& c) {
  if (c.last.frame == c.pending.at.frame && c.before_last.seen()) {
    give_back_last_frame(c);
  } else {
    --c.frames;  // others came behind it
  }
  Endpoint& x = c.side(c.pending.sender);
  if (c.pending.is_syn_ack || x.last_syn.frame != c.pending.at.frame) return;
  if (x.syn.frame == x.last_syn.frame) return;
  --x.syn_count;
  x.last_syn = x.syn;
}

}  // namespace

ConnectionTable::ConnectionTable(std::uint64_t hash_seed, std::size_t transcript)
    : store_(hash_seed, transcript), open_syns_(hash_seed) {}

// With a RST that has the number behind its SYN a host refuses a SYN-ACK from where it did not ask.
void ConnectionTable::note_sign_of_answer(ConnectionIndex index, const Segment& s) {
  const bool from_client = s.flags.rst && !s.flags.ack;
  const TcpEndpoint& client = from_client ? s.source : s.destination;
  const std::optional<ConnectionIndex> waiting =
      open_syns_.find_waiting(store_, index, client, from_client ? s.seq : s.ack);
  if (waiting) store_.settle(*waiting).sign_of_elsewhere = {s.frame, s.time_ns};
}

void ConnectionTable::relate_answer(ConnectionIndex index, const Segment& s) {
  if ((s.flags.rst && !s.flags.ack) || (s.flags.syn && s.flags.ack)) note_sign_of_answer(index, s);
  if (s.flags.rst) return;
  const Connection* c = store_.settled(index);  // which it is if it has an answer, or is odd
  if (c != nullptr && c->elsewhere.answer.seen()) {
    if (c->handshake_acked) forget_answers(index);  // the connection came about all the same
    return;
  }
  if (!s.flags.syn || (c != nullptr && c->handshake_acked)) return;
  if (!s.flags.ack) {
    open_syns_.note(store_, index, s);
    return;
  }
  const std::optional<ConnectionIndex> asked = open_syns_.find_asked(store_, index, s);
  if (asked && !store_.settle(index).handshake_acked) note_answer(index, *asked, s);
}

void ConnectionTable::note_answer(ConnectionIndex index, ConnectionIndex asked, const Segment& s) {
  Connection& c = store_.settle(index);
  Connection& before = store_.settle(asked);
  if (before.elsewhere.is_answer) return;
  const Endpoint& x = before.side(side_of(before, s.destination));
  const Moment answer{s.frame, s.time_ns};
  const bool same_stamp = s.options.has_timestamps && x.has_ts;
  Elsewhere& first = before.elsewhere;
  c.elsewhere = {.syn = x.last_syn,
                 .answer = answer,
                 .other_end = before.address(other(side_of(before, s.destination))),
                 .partner = asked,
                 .earlier = first.partner,
                 .is_repeated = first.answer.seen(),
                 .is_answer = true,
                 .same_stamp = same_stamp};
  if (!first.answer.seen()) {
    first = {.syn = x.last_syn, .answer = answer, .other_end = s.source, .same_stamp = same_stamp};
  }
  first.partner = index;
}

// Each answer is forgotten once, so that no capture makes this slow.
void ConnectionTable::forget_answers(ConnectionIndex index) {
  Connection& c = store_.settle(index);
  const ConnectionIndex asked = c.elsewhere.is_answer ? c.elsewhere.partner : index;
  Elsewhere& first = store_.settle(asked).elsewhere;
  const Elsewhere latest = first;
  first = {};
  ConnectionIndex next = latest.partner;
  for (bool more = latest.answer.seen(); more;) {
    Elsewhere& answer = store_.settle(next).elsewhere;
    more = answer.is_repeated;
    next = answer.earlier;
    answer = {};
  }
  c.elsewhere = {};
}

ConnectionIndex ConnectionTable::open(FlowIndex flow, const Segment& s) {
  // Without its SYN a SYN-ACK still tells who opened: the one it is sent to.
  const bool from_b = s.flags.syn && s.flags.ack;
  const FlowKey& key = store_.flows().key(flow);
  const bool a_is_low = (s.source == key.low) != from_b || key.low == key.high;
  const ConnectionIndex index = store_.open(flow, a_is_low, {s.frame, s.time_ns});
  Flow& f = flows_[flow];
  if (f.count > 0) store_.link(f.latest, index);
  if (f.count == 1) {
    if (unused_incarnations_.empty()) {
      unused_incarnations_.push_back(static_cast<std::uint32_t>(incarnations_.size()));
      incarnations_.emplace_back();
    }
    f.all = unused_incarnations_.back();
    unused_incarnations_.pop_back();
    incarnations_[f.all].push_back(f.latest);
  }
  if (f.count > 0) incarnations_[f.all].push_back(index);
  f.latest = index;
  ++f.count;
  return index;
}

void ConnectionTable::fold(ConnectionIndex index, const Segment& s) {
  const bool from_low = ends_of(s.source, s.destination).from_low;
  store_.fold(index, s, store_.sender_of(index, from_low));
}

ConnectionIndex ConnectionTable::choose(FlowIndex flow, const Segment& s) {
  const ConnectionIndex latest = flows_[flow].latest;
  Connection& old = store_.settle(latest);
  if (answers_pending(old, s)) {
    const Segment first = pending_segment(old);
    give_back_pending_syn(old);
    const ConnectionIndex index = open(flow, first);
    fold(index, first);
    return index;
  }
  if (!starts_new(old, s)) return latest;
  if (!has_refusal_of(old, s)) return open(flow, s);
  const Segment refusal = refusal_segment(old);
  give_back_last_frame(old);
  const ConnectionIndex index = open(flow, refusal);
  fold(index, refusal);
  return index;
}

void ConnectionTable::relate_to_earlier(const Flow& flow, const Segment& s) {
  Connection* c = store_.settled(flow.latest);
  if (c == nullptr || c->stale_ack.frame != s.frame) return;
  const std::vector<ConnectionIndex>& all = incarnations_[flow.all];
  c->old_closed = closed_before(store_.facts(all[all.size() - 2]), s);
}

ConnectionIndex ConnectionTable::add(const Segment& segment) {
  Segment copy = segment;
  read_own_facts(copy);
  const Ends ends = ends_of(copy.source, copy.destination);
  return add(copy, flow_of(ends.key), ends.from_low);
}

ConnectionIndex ConnectionTable::add(const Segment& s, FlowIndex flow, bool from_low) {
  note_time(s.time_ns);
  if (flow >= flows_.size()) flows_.resize(flow + std::size_t{1});
  const bool is_first = flows_[flow].count == 0;
  ConnectionIndex index = is_first ? open(flow, s) : flows_[flow].latest;
  if (!is_first && store_.needs_facts(index, s, store_.sender_of(index, from_low))) index = choose(flow, s);
  store_.fold(index, s, store_.sender_of(index, from_low));
  if (flows_[flow].count > 1) relate_to_earlier(flows_[flow], s);
  relate_answer(index, s);
  return index;
}

void ConnectionTable::fetch(std::span<Ahead> next) const {
  for (const Ahead& ahead : next) store_.flows().fetch(ahead.hash);
  for (Ahead& ahead : next) {
    ahead.flow = store_.flows().fetch_key(ahead.hash);
    if (ahead.flow && *ahead.flow >= flows_.size()) ahead.flow.reset();
    if (ahead.flow) tcpteardown::fetch(flows_[*ahead.flow]);
  }
  for (const Ahead& ahead : next) {
    if (ahead.flow) store_.fetch(flows_[*ahead.flow].latest);
  }
  for (const Ahead& ahead : next) {
    if (ahead.flow) store_.fetch_transcript(flows_[*ahead.flow].latest);
  }
}

std::optional<ConnectionIndex> ConnectionTable::add(const IcmpError& error) {
  IcmpError timed = error;
  timed.time_ns = held(error.time_ns);
  note_time(timed.time_ns);
  const auto flow = store_.flows().find(flow_key(error.quoted_source, error.quoted_destination));
  if (!flow || *flow >= flows_.size() || flows_[*flow].count == 0) return std::nullopt;
  const ConnectionIndex index = flows_[*flow].latest;
  store_.fold(index, timed);
  return index;
}

void ConnectionTable::note_time(std::int64_t time_ns) {
  const std::int64_t now = held(time_ns);
  if (!has_time_ || now > latest_time_ns_) latest_time_ns_ = now;
  has_time_ = true;
}

std::optional<ConnectionIndex> ConnectionTable::find(const FlowKey& key, FrameNumber frame) const {
  const auto flow = store_.flows().find(key);
  if (!flow || *flow >= flows_.size() || flows_[*flow].count == 0) return std::nullopt;
  const Flow& f = flows_[*flow];
  const auto begins_behind = [this](FrameNumber at, ConnectionIndex i) { return at < store_.first(i).frame; };
  if (f.count == 1) return begins_behind(frame, f.latest) ? std::nullopt : std::optional{f.latest};
  const std::vector<ConnectionIndex>& all = incarnations_[f.all];
  const auto behind = std::upper_bound(all.begin(), all.end(), frame, begins_behind);
  if (behind == all.begin()) return std::nullopt;
  return *(behind - 1);
}

std::vector<ConnectionIndex> ConnectionTable::connections_of(FlowIndex flow) const {
  if (flow >= flows_.size() || flows_[flow].count == 0) return {};
  const Flow& f = flows_[flow];
  return f.count == 1 ? std::vector{f.latest} : incarnations_[f.all];
}

void ConnectionTable::forget(FlowIndex flow) {
  for (const ConnectionIndex index : connections_of(flow)) store_.forget(index);
  store_.flows().forget(flow);
  if (flow >= flows_.size()) return;
  Flow& f = flows_[flow];
  if (f.count > 1) {
    incarnations_[f.all].clear();
    unused_incarnations_.push_back(f.all);
  }
  f = {};
}

FrameNumber ConnectionTable::wants_stream_of(ConnectionIndex index) const {
  return store_.has_stream(index) ? 0 : store_.first(index).frame;
}

void ConnectionTable::set_stream(ConnectionIndex index, std::uint32_t stream) {
  if (!store_.has_stream(index)) store_.set_stream(index, stream);
}

std::size_t ConnectionTable::memory() const {
  std::size_t bytes = store_.memory() + flows_.capacity() * sizeof(Flow);
  for (const auto& all : incarnations_)
    bytes += sizeof(std::vector<ConnectionIndex>) + all.capacity() * sizeof(ConnectionIndex);
  return bytes;
}

}  // namespace tcpteardown
