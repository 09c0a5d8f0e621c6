// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/connection_store.h"

#include <algorithm>

#include "tracking/own_facts.h"

namespace tcpteardown {

ConnectionStore::ConnectionStore(std::uint64_t hash_seed, std::size_t longest)
    : flows_(hash_seed), longest_(std::min(longest, kLongestTranscript)) {}

const TcpEndpoint& ConnectionStore::address(const Record& r, Side side) const {
  const FlowKey& key = flows_.key(r.flow);
  return (side == Side::a) == r.a_is_low ? key.low : key.high;
}

ConnectionIndex ConnectionStore::open(FlowIndex flow, bool a_is_low, Moment first) {
  const ConnectionIndex index = new_index();
  Record& r = records_[index];
  r.flow = flow;
  r.a_is_low = a_is_low;
  r.first = first;
  r.told.frame = first.frame;
  r.told.time_ns = first.time_ns;
  return index;
}

ConnectionIndex ConnectionStore::new_index() {
  if (unused_.empty()) {
    records_.add();
    return records_.size() - 1;
  }
  const ConnectionIndex index = unused_.back();
  unused_.pop_back();
  return index;
}

void ConnectionStore::forget(ConnectionIndex index) {
  Record& r = records_[index];
  const Connection* facts = settled(index);
  // Number 0 would be taken for "none followed"; and the partner of an answer from elsewhere keeps the
  // number.
  const bool is_free = index != 0 && (facts == nullptr || !facts->elsewhere.answer.seen());
  if (r.settled != 0) {
    settled_[r.settled - 1] = {};
    unused_settled_.push_back(r.settled);
  }
  transcripts_.release(r.transcript);
  r = {};
  if (is_free) unused_.push_back(index);
}

void ConnectionStore::link(ConnectionIndex earlier, ConnectionIndex later) {
  records_[earlier].next = later;
  records_[later].outline.has_earlier = true;
}

void ConnectionStore::set_stream(ConnectionIndex index, std::uint32_t stream) {
  records_[index].has_stream = true;
  records_[index].stream = stream;
}

// False if the transcript would become too long.
bool ConnectionStore::keep(Record& r, const SegmentCode& code, const Told& told) {
  if (r.transcript.size + code.size > longest_) return false;
  transcripts_.append(r.transcript, code.view());
  r.told = told;
  return true;
}

void ConnectionStore::fold(ConnectionIndex index, const Segment& s, Side sender) {
  Record& r = records_[index];
  // The payload itself is not told.
  if (r.settled == 0 && !needs_payload(s)) {
    const bool first = r.transcript.size == 0;
    Told told = r.told;
    if (keep(r, encode(s, sender, told), told)) {
      note_outline(r.outline, s, sender, first);
      return;
    }
  }
  tcpteardown::fold(settle(index), s);
}

void ConnectionStore::fold(ConnectionIndex index, const IcmpError& error) {
  Record& r = records_[index];
  const Side about = error.quoted_source == address(r, Side::a) ? Side::a : Side::b;
  Told told = r.told;
  if (r.settled == 0 && keep(r, encode(error, about, told), told)) return;
  tcpteardown::fold(settle(index), error);
}

Connection ConnectionStore::replay(const Record& r) const {
  Connection c;
  c.a_address = address(r, Side::a);
  c.b_address = address(r, Side::b);
  c.first = r.first;
  Told told;
  told.frame = r.first.frame;
  told.time_ns = r.first.time_ns;
  TranscriptPool::Bytes room;
  for (std::span<const std::uint8_t> rest = transcripts_.read(r.transcript, room); !rest.empty();) {
    DecodedSegment next = decode(rest, told);
    if (next.is_icmp) {
      next.error.quoted_source = c.address(next.side);
      next.error.quoted_destination = c.address(other(next.side));
      tcpteardown::fold(c, next.error);
    } else {
      next.segment.source = c.address(next.side);
      next.segment.destination = c.address(other(next.side));
      tcpteardown::fold(c, next.segment);
    }
  }
  return c;
}

Connection& ConnectionStore::settle(ConnectionIndex index) {
  Record& r = records_[index];
  if (r.settled == 0) {
    if (unused_settled_.empty()) {
      settled_.emplace_back();
      unused_settled_.push_back(static_cast<std::uint32_t>(settled_.size()));
    }
    settled_[unused_settled_.back() - 1] = replay(r);
    r.settled = unused_settled_.back();
    unused_settled_.pop_back();
    transcripts_.release(r.transcript);
  }
  return settled_[r.settled - 1];
}

void ConnectionStore::fetch_facts(ConnectionIndex first, ConnectionIndex behind) const {
  for (ConnectionIndex i = first; i < behind; ++i) fetch(i);
  std::vector<std::uint32_t> pieces;
  for (ConnectionIndex i = first; i < behind; ++i) pieces.push_back(records_[i].transcript.first);
  for (bool more = true; more;) {
    more = false;
    for (std::uint32_t& piece : pieces) {
      if (piece != 0) transcripts_.fetch_piece(piece);
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const auto index = static_cast<ConnectionIndex>(first + i);
      if (pieces[i] != 0) pieces[i] = transcripts_.behind(records_[index].transcript, pieces[i]);
      more = more || pieces[i] != 0;
    }
  }
}

Connection ConnectionStore::folded(const Record& r) const {
  return r.settled == 0 ? replay(r) : settled_[r.settled - 1];
}

Connection ConnectionStore::facts(ConnectionIndex index) const {
  const Record& r = records_[index];
  Connection c = folded(r);
  c.has_stream = r.has_stream;
  c.stream = r.stream;
  if (r.next == 0) return c;
  const Record& next = records_[r.next];
  c.superseded = true;
  c.next_syn = next.first;
  c.next_established =
      next.settled == 0 ? replay(next).handshake_acked : settled_[next.settled - 1].handshake_acked;
  return c;
}

std::size_t ConnectionStore::memory() const {
  std::size_t bytes = flows_.memory() + transcripts_.memory() + records_.memory();
  for (const Connection& c : settled_) bytes += sizeof c + c.resets.kept() * sizeof(Reset);
  return bytes;
}

}  // namespace tcpteardown
