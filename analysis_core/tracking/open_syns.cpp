// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/open_syns.h"

#include "wire/flow_key.h"
#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

// Our choice: at 100,000 SYNs a second an answer within a millisecond is hidden by every fortieth of them.
constexpr std::size_t kPlaces = 4'096;

// The SYN that this connection waits on an answer for; nullptr if it does not.
const Endpoint* waiting_for(const Connection& c, const TcpEndpoint& client, Seq iss) {
  if (c.a_address != client && c.b_address != client) return nullptr;
  const Side side = side_of(c, client);
  const Endpoint& x = c.side(side);
  const bool waits = x.syn_count > 0 && x.iss == iss && !c.side(other(side)).has_seq && !c.handshake_acked;
  return waits ? &x : nullptr;
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

void OpenSyns::note(const std::deque<Connection>& connections, ConnectionIndex index, const Segment& s) {
  if (places_.empty()) places_.resize(kPlaces);
  Place& place = places_[place_of(s.source, s.seq)];
  const bool is_other = place.used && place.index != index;
  const Endpoint* x = is_other ? waiting_for(connections[place.index], s.source, s.seq) : nullptr;
  if (x == nullptr) {
    if (is_other || !place.used) place = {index, true, false};
  } else if (!is_translated(*x, s)) {
    place = {index, true, true};
  }
}

std::optional<ConnectionIndex> OpenSyns::find_waiting(const std::deque<Connection>& connections,
                                                      const TcpEndpoint& client, Seq number) const {
  if (places_.empty()) return std::nullopt;
  const Place& place = places_[place_of(client, number - 1)];
  if (!place.used || waiting_for(connections[place.index], client, number - 1) == nullptr)
    return std::nullopt;
  return place.index;
}

std::optional<ConnectionIndex> OpenSyns::find_asked(const std::deque<Connection>& connections,
                                                    ConnectionIndex index, const Segment& s) const {
  if (places_.empty()) return std::nullopt;
  const Seq iss{s.ack.raw - 1};
  const Place& place = places_[place_of(s.destination, iss)];
  if (!place.used || place.ambiguous || place.index == index) return std::nullopt;
  const Endpoint* asked = waiting_for(connections[place.index], s.destination, iss);
  if (asked == nullptr || !stamp_fits(*asked, s)) return std::nullopt;
  const std::int64_t since = s.time_ns - asked->last_syn.time_ns;
  if (since < 0 || since > threshold::kLongestTrip) return std::nullopt;
  // The SYN that it answers at its own address must be that SYN, translated.
  const Connection& own = connections[index];
  const Endpoint& x = own.side(side_of(own, s.destination));
  const bool same_syn = x.has_iss && x.iss == iss && x.has_ts && x.stamps.value == asked->stamps.value;
  if (x.syn_count > 0 && !same_syn) return std::nullopt;
  return place.index;
}

}  // namespace tcpteardown
