// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/facts_common.h"

// The words that speak of the RST that ended a connection.
namespace tcpteardown::facts {
namespace {

constexpr std::int64_t kLongestAckDelay = kSecond / 2;  // RFC 9293 §3.8.6.3

// Data towards the closer that came so soon after its RST that it had left before the RST
// arrived; later data belongs to another story.
bool data_behind_reset(T t) {
  const Reset& r = rst(t);
  const Endpoint& y = conn(t).side(other(r.sender));
  if (t.reset()->shape == Shape::active && at_or_after(r.ack, y.data_end)) return false;  // reordering
  const std::int64_t slack = 4 * conn(t).round_trip_ns > kSecond ? 4 * conn(t).round_trip_ns : kSecond;
  return y.last_data.frame > r.at.frame && y.last_data.time_ns - r.at.time_ns <= slack;
}

// Bytes of the RST's receiver that the closer had not acknowledged in any segment before it.
std::int32_t pending_before(const Reset& r) {
  if (!r.receiver_has_seq || !r.sender_has_rcv_nxt || r.receiver_bytes == 0) return 0;
  return distance(r.sender_rcv_nxt, r.receiver_data_end);
}

// By the ACK of its last data, not by the order of capture, so that both ends' captures agree.
bool received_after_own_data(const Endpoint& x, const Endpoint& y) {
  if (y.data_segments == 0) return false;
  return x.data_segments == 0 || !x.has_ack_at_last_data || after(y.data_end, x.ack_at_last_data);
}

std::uint64_t own_outstanding(T t) {
  const DirectionLoss& own = t.loss(rst(t).sender);
  return own.unacked > own.unacked_at_reset ? own.unacked : own.unacked_at_reset;
}

// At least four data segments in a row at their usual distance up to the RST (our choice).
bool was_streaming(const Reset& r) {
  if (r.receiver_burst < 4 || !r.idle_known || r.receiver_burst_ns < 2'000'000) return false;
  return r.idle_ns / 3 <= r.receiver_burst_ns / static_cast<std::int64_t>(r.receiver_burst - 1);
}

bool http_message_complete(const Endpoint& y) {
  return y.payload.is_http && y.payload.length_known && at_or_after(y.data_end, y.payload.message_end);
}

}  // namespace

bool reset_followed(T t) {
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    if (t.resets[i].facts.at.frame > t.closed.frame) return true;
  }
  return false;
}

bool reset_decides(T t) {
  if (t.reset() == nullptr || both_fins_acked(t) || t.quality.one_sided) return false;
  return handshake_complete(t);
}

bool active_reset(T t) {
  if (!reset_decides(t)) return false;
  const Shape shape = t.reset()->shape;
  if (shape == Shape::reflected) return !t.reset()->facts.trigger.seen();
  return shape == Shape::active || shape == Shape::bare || shape == Shape::refusal;
}

// A box that turns a segment round answers it as a host without the connection would.
bool reactive_reset(T t) {
  if (!reset_decides(t)) return false;
  const JudgedReset& r = *t.reset();
  return r.shape == Shape::reactive || (r.shape == Shape::reflected && r.facts.trigger.seen());
}
bool forged(T t) { return t.forged && !both_fins_acked(t); }
bool rejected_mid_path(T t) { return t.rejected_mid_path && !both_fins_acked(t); }

// The second RST's sender cannot have had the first: a closed socket sends no RST,ACK.
bool both_sides_reset(T t) {
  if (!active_reset(t)) return false;
  const Reset& first = rst(t);
  const std::int64_t trip = 4 * conn(t).round_trip_ns;
  const std::int64_t reach = trip > kSecond / 10 ? trip : kSecond / 10;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const JudgedReset& next = t.resets[i];
    if (next.facts.sender == first.sender || next.facts.at.frame <= first.at.frame) continue;
    const bool at_its_end = next.facts.sender_has_seq && next.facts.seq == next.facts.sender_snd_nxt;
    if (next.shape == Shape::active && at_its_end && next.facts.at.time_ns - first.at.time_ns <= reach) {
      return true;
    }
  }
  return false;
}

bool after_own_fin(T t) { return active_reset(t) && rst(t).sender_fin_sent && !rst(t).receiver_fin_acked; }

bool after_peer_fin(T t) { return active_reset(t) && rst(t).receiver_fin_sent && !rst(t).sender_fin_sent; }

bool server_resets(T t) { return active_reset(t) && rst(t).sender == t.server() && handshake_seen(t); }
bool server_sent_no_data(T t) { return server(t).data_segments == 0 && server(t).bytes == 0; }
bool no_data_at_all(T t) { return handshake_seen(t) && conn(t).a.bytes == 0 && conn(t).b.bytes == 0; }

// In flight: never acknowledged. Keeps sending: comes behind the RST, is blocked by a closed
// window, or streams. The RST's own ACK covers what had just arrived, so for a transfer only
// what was acknowledged before it counts.
bool peer_was_sending(T t) {
  const Reset& r = rst(t);
  const Endpoint& y = conn(t).side(other(r.sender));
  if (data_behind_reset(t) || t.loss(other(r.sender)).unacked > 0) return true;
  if (r.sender_zero_window && r.receiver_bytes > 0) return true;
  const bool pending =
      pending_before(r) > 0 && r.receiver_waited_ns <= kLongestAckDelay + conn(t).round_trip_ns;
  const bool mid_transfer = r.receiver_burst >= 4 && r.receiver_burst_acked && pending;
  return (mid_transfer || was_streaming(r)) && !http_message_complete(y);
}

bool transfer_under_way(T t) {
  const Reset& r = rst(t);
  if (!active_reset(t) || !peer_was_sending(t)) return false;
  return r.sender_zero_window || (r.receiver_burst >= 4 && r.receiver_burst_acked);
}

bool peer_lost_more(T t) {
  const Side closer = rst(t).sender;
  return t.loss(other(closer)).unacked >= own_outstanding(t);
}

bool own_data_outstanding(T t) { return own_outstanding(t) > 0; }

// The closer spoke last and nothing came back: it waits, if its data was a question. The client
// asks and the server answers, also where the server greets first (SMTP, SSH); a server waits
// only for a client that never said anything. Without the handshake: who spoke first asks.
bool closer_waited_in_vain(T t) {
  const Endpoint& x = conn(t).side(rst(t).sender);
  const Endpoint& y = conn(t).side(other(rst(t).sender));
  if (x.data_segments == 0 || received_after_own_data(x, y) || !y.first_data.seen()) {
    return x.data_segments > 0 && !received_after_own_data(x, y);
  }
  return t.roles_by_ports ? x.first_data.frame < y.first_data.frame : rst(t).sender == t.client;
}

bool long_idle(T t) { return rst(t).idle_known && rst(t).idle_ns >= t.idle_threshold_ns; }

bool closer_left_data_unanswered(T t) {
  const Endpoint& x = conn(t).side(rst(t).sender);
  const Endpoint& y = conn(t).side(other(rst(t).sender));
  return received_after_own_data(x, y);
}

bool trigger_is_data(T t) {
  const Trigger& trigger = rst(t).trigger;
  return trigger.length > 0 && trigger.kind != SegmentKind::keep_alive &&
         trigger.kind != SegmentKind::window_probe;
}

bool trigger_is_bare_fin(T t) { return rst(t).trigger.fin && rst(t).trigger.length == 0; }

bool trigger_is_ack_of_own_fin(T t) {
  const Fin& fin = conn(t).side(rst(t).sender).fin;
  return fin.sent() && after(rst(t).trigger.ack, fin.seq) && rst(t).trigger.length == 0 &&
         !rst(t).trigger.fin;
}

// A host that spoke a moment before hardly forgot the connection since: the capture may lack its
// FIN or its first RST. Our choice of the time.
bool resetter_spoke_just_before(T t) {
  const Moment& last = rst(t).sender_last_before;
  return last.seen() && rst(t).at.time_ns - last.time_ns < kSecond;
}

bool resetter_had_closed(T t) { return rst(t).sender_fin_sent; }

bool trigger_knew_of_fin(T t) {
  const Fin& fin = conn(t).side(rst(t).sender).fin;
  return fin.sent() && after(rst(t).trigger.ack, fin.seq);
}

bool syn_came_inside(T t) {
  return rst(t).syn_inside && conn(t).pending.challenge.seen() &&
         rst(t).trigger.at.frame == conn(t).pending.challenge.frame;
}

}  // namespace tcpteardown::facts
