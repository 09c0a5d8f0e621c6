// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/habits.h"

#include <array>

#include "wire/thresholds.h"

namespace tcpteardown::habits {
namespace {

// The usual initial value above it (64: Linux, BSD, macOS; 128: Windows; 255: routers, Solaris).
int initial_value(int hop_limit) {
  constexpr std::array<int, 3> kInitial{64, 128, 255};
  for (const int initial : kInitial) {
    if (hop_limit <= initial) return initial;
  }
  return hop_limit;
}

int routers_passed(int hop_limit) { return initial_value(hop_limit) - hop_limit; }

bool is_far(int delta) { return delta >= threshold::kFarHops || delta <= -threshold::kFarHops; }

// What is sent without a socket has other habits in many systems.
bool has_no_socket(const JudgedReset& r) { return r.shape == Shape::reactive || r.shape == Shape::refusal; }

}  // namespace

bool hop_limit_left(const JudgedReset& r) {
  if (!r.ttl_delta || r.facts.usual_hop_limit_seen == 0) return false;
  const int own = r.facts.hop_limit;
  const int usual = r.facts.usual_hop_limit;
  const int passed = routers_passed(own);
  const bool same_distance = passed > 0 && passed == routers_passed(usual);
  return is_far(own - usual) && is_far(own - r.facts.nearest_hop_limit) && !same_distance;
}

bool hop_limit_differs(const JudgedReset& r) {
  return hop_limit_left(r) && r.facts.usual_hop_limit_seen >= threshold::kUsual;
}

bool ip_id_copied(const JudgedReset& r) {
  const Trigger& trigger = r.facts.trigger;
  return r.facts.has_ip_id && r.facts.ip_id != 0 && trigger.has_ip_id && trigger.ip_id == r.facts.ip_id;
}

bool hop_limit_as_in_handshake(const JudgedReset& r) {
  if (!r.ttl_delta || r.facts.usual_hop_limit_seen < threshold::kUsual || !is_far(*r.ttl_delta)) return false;
  return r.facts.first_hop_limit && r.facts.same_hop_limit_seen <= threshold::kOfHandshakeOnly;
}

bool ip_id_differs(const Teardown& t, const JudgedReset& r) {
  if (!r.ipid_delta || has_no_socket(r)) return false;
  const Endpoint& x = t.connection->side(r.facts.sender);
  const bool counts = x.ip_id_steps >= threshold::kUsual && x.ip_id_leaps * 4 <= x.ip_id_steps;
  // A counter that the whole host shares runs on while this connection is silent.
  const bool fresh = r.facts.at.time_ns - r.facts.sender_last_before.time_ns < threshold::kFreshIpId;
  return counts && fresh && (*r.ipid_delta > threshold::kIpIdStep || *r.ipid_delta < 0);
}

// Linux forbids fragments on every segment without a socket, so only the contrary tells.
bool fragment_flag_differs(const Teardown& t, const JudgedReset& r) {
  const Endpoint& x = t.connection->side(r.facts.sender);
  return r.facts.has_ip_id && x.df_in_a_row >= threshold::kUsual && !r.facts.dont_fragment &&
         !has_no_socket(r);
}

bool lacks_timestamps(const Teardown& t, const JudgedReset& r) {
  const Endpoint& x = t.connection->side(r.facts.sender);
  const Endpoint& y = t.connection->side(other(r.facts.sender));
  // Without the SYNs, segments of both sides that carry them say so (RFC 7323 §3.2).
  const bool agreed =
      x.has_iss || y.has_iss ? x.offers_timestamps && y.offers_timestamps : x.has_ts && y.has_ts;
  // BSD and macOS offer 65535 bytes in the SYN and leave time stamps out of a RST.
  const bool bsd_like = x.syn_window == 0xffff;
  return r.shape == Shape::active && agreed && !bsd_like && !r.facts.has_ts;
}

// Two routers may take turns, or one may stand in for the other: the latest address counts, too.
bool link_source_differs(const Teardown& t, const JudgedReset& r) {
  const Endpoint& x = t.connection->side(r.facts.sender);
  if (x.link_source == 0 || r.facts.link_source == 0) return false;
  return r.facts.link_source != x.link_source && r.facts.link_source != x.last_link_source;
}

std::int64_t round_trip_to(const Teardown& t, Side side) {
  const Connection& c = *t.connection;
  const Endpoint& client = c.side(t.client);
  const Endpoint& server = c.side(t.server());
  const bool once = client.syn_count == 1 && server.synack_count == 1;
  if (!once || !client.syn.seen() || !server.syn.seen() || !c.handshake_done.seen()) return 0;
  return side == t.client ? c.handshake_done.time_ns - server.syn.time_ns
                          : server.syn.time_ns - client.syn.time_ns;
}

Moment answered_by(const Teardown& t, const JudgedReset& r) {
  if (ip_id_copied(r)) return r.facts.trigger.at;
  if (r.facts.trigger.earliest.seen()) return r.facts.trigger.earliest;
  const Reset& f = r.facts;
  const Endpoint& peer = t.connection->side(other(f.sender));
  const bool acks_news = f.has_ack && f.sender_has_rcv_nxt && after(f.ack, f.sender_rcv_nxt);
  const bool is_last = acks_news && f.ack == peer.data_end && peer.last_data.frame < f.at.frame;
  return is_last ? peer.last_data : Moment{};
}

namespace {

// Within that part of the way to its sender and back.
bool within_part(const Teardown& t, const JudgedReset& r, std::int64_t part) {
  const std::int64_t way = round_trip_to(t, r.facts.sender);
  const Moment answered = answered_by(t, r);
  if (!answered.seen() || way < threshold::kMeasurableTrip) return false;
  const std::int64_t delay = r.facts.at.time_ns - answered.time_ns;
  return delay >= 0 && delay < way / part;
}

}  // namespace

bool too_fast(const Teardown& t, const JudgedReset& r) { return within_part(t, r, threshold::kHalfTheWay); }
bool far_too_fast(const Teardown& t, const JudgedReset& r) {
  return within_part(t, r, threshold::kQuarterOfTheWay);
}

// A shorter way since the handshake changes distance and time at once. It changes no initial value.
bool built_nearby(const Teardown& t, const JudgedReset& r) {
  if (!hop_limit_left(r) || !too_fast(t, r)) return false;
  const int own = r.facts.hop_limit;
  const int usual = r.facts.usual_hop_limit;
  const bool other_system = initial_value(own) != initial_value(usual);
  const bool nearer = routers_passed(own) < routers_passed(usual);
  return (far_too_fast(t, r) && other_system && nearer) || lacks_timestamps(t, r) || ip_id_copied(r);
}

bool window_counts_up(const Teardown& t, const JudgedReset& r) {
  int steps = 0;
  const Reset* previous = nullptr;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const Reset& next = t.resets[i].facts;
    if (next.sender != r.facts.sender || t.resets[i].shape != r.shape) continue;
    if (previous != nullptr && next.window == previous->window + 1) ++steps;
    previous = &next;
  }
  return steps >= threshold::kWindowSteps;
}

const JudgedReset* mirrored_by(const Teardown& t, const JudgedReset& r) {
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const JudgedReset& next = t.resets[i];
    const bool behind = next.facts.sender != r.facts.sender && next.facts.at.frame > r.facts.at.frame;
    const bool at_once = next.facts.at.time_ns - r.facts.at.time_ns < t.connection->round_trip_ns / 2;
    const bool same_numbers = next.facts.has_ack && r.facts.has_ack && next.facts.seq == r.facts.ack &&
                              next.facts.ack == r.facts.seq;
    if (behind && at_once && same_numbers && next.shape != Shape::reactive) return &next;
  }
  return nullptr;
}

}  // namespace tcpteardown::habits
