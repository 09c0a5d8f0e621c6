// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/open_syns.h"

#include "wire/flow_key.h"
#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

// Our choice: at 100,000 SYNs a second an answer within a millisecond is hidden by every fortieth of them.
constexpr std::size_t kPlaces = 4'096;

// The end whose SYN this connection waits on an answer for; empty if it does not.
std::optional<Endpoint> waiting_for(const ConnectionStore& store, ConnectionIndex index,
                                    const TcpEndpoint& client, Seq iss) {
  const Connection c = store.facts(index);
  if (c.a_address != client && c.b_address != client) return std::nullopt;
  const Side side = side_of(c, client);
  const Endpoint& x = c.side(side);
  const bool waits = x.syn_count > 0 && x.iss == iss && !c.side(other(side)).has_seq && !c.handshake_acked;
  return waits ? std::optional{x} : std::nullopt;
}

// The same SYN behind an address translation: a host that opens two connections draws a number for each.
bool is_translated(const Endpoint& x, const Segment& syn) {
  const std::int64_t since = syn.time_ns - x.last_syn.time_ns;
  return x.has_ts && syn.options.has_timestamps && syn.options.ts_value == x.stamps.value && since >= 0 &&
         since <= threshold::kReordering;
}

bool stamp_fits(const Endpoint& x, const Segment& syn_ack) {
  if (!x.has_ts || !syn_ack.options.has_timestamps) return true;  // RFC 7323 §3.2: no echo without an offer
  const std::uint32_t echo = syn_ack.options.ts_echo;
  return !newer_stamp(x.stamps.first_value, echo) && !newer_stamp(echo, x.stamps.value);
}

}  // namespace

std::size_t OpenSyns::place_of(const TcpEndpoint& client, Seq iss) const {
  TcpEndpoint number;  // the number takes an address's place in the key
  for (std::size_t i = 0; i < 4; ++i) {
    number.address.bytes[i] = static_cast<std::uint8_t>(iss.raw >> (8 * i) & 0xffU);
  }
  return FlowKeyHash{seed_}(FlowKey{client, number}) % kPlaces;
}

const OpenSyns::Place* OpenSyns::find(ConnectionIndex index, const TcpEndpoint& client, Seq iss) const {
  if (places_.empty()) return nullptr;
  const Place& place = places_[place_of(client, iss)];
  return place.used && place.index != index && place.iss == iss ? &place : nullptr;
}

void OpenSyns::note(const ConnectionStore& store, ConnectionIndex index, const Segment& s) {
  if (places_.empty()) places_.resize(kPlaces);
  const Place* same = find(index, s.source, s.seq);
  const auto x = same == nullptr ? std::nullopt : waiting_for(store, same->index, s.source, s.seq);
  if (x && is_translated(*x, s)) return;
  Place& place = places_[place_of(s.source, s.seq)];
  const bool is_own = place.used && place.index == index && place.iss == s.seq;
  if (!is_own) place = {index, s.seq, true, x.has_value()};
}

std::optional<ConnectionIndex> OpenSyns::find_waiting(const ConnectionStore& store, ConnectionIndex index,
                                                      const TcpEndpoint& client, Seq number) const {
  const Place* place = find(index, client, number - 1);
  if (place == nullptr || !waiting_for(store, place->index, client, number - 1)) return std::nullopt;
  return place->index;
}

std::optional<ConnectionIndex> OpenSyns::find_asked(const ConnectionStore& store, ConnectionIndex index,
                                                    const Segment& s) const {
  const Seq iss{s.ack.raw - 1};
  const Place* place = find(index, s.destination, iss);
  if (place == nullptr || place->ambiguous) return std::nullopt;
  const auto asked = waiting_for(store, place->index, s.destination, iss);
  if (!asked || !stamp_fits(*asked, s)) return std::nullopt;
  const std::int64_t since = s.time_ns - asked->last_syn.time_ns;
  if (since < 0 || since > threshold::kLongestTrip) return std::nullopt;
  // The SYN that it answers at its own address must be that SYN, translated.
  const Connection own = store.facts(index);
  const Endpoint& x = own.side(side_of(own, s.destination));
  const bool same_syn = x.has_iss && x.iss == iss && x.has_ts && x.stamps.value == asked->stamps.value;
  if (x.syn_count > 0 && !same_syn) return std::nullopt;
  return place->index;
}

}  // namespace tcpteardown
