// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/loss.h"

#include <algorithm>

#include "evidence/closing.h"
#include "evidence/exchange.h"
#include "evidence/foreign_fin.h"
#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

// The highest number of x's that its peer acknowledged, in segments and in RSTs that carry a
// true ACK (shape active).
struct Acknowledged {
  bool known = false;
  Seq seq;
};

Acknowledged acknowledged(const Teardown& t, Side sender) {
  const Endpoint& x = t.connection->side(sender);
  const Endpoint& y = t.connection->side(other(sender));
  Acknowledged best{y.has_ack, y.rcv_nxt};
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const JudgedReset& r = t.resets[i];
    if (r.facts.sender == sender || r.shape != Shape::active) continue;
    // What its receiver does not take, and stands elsewhere than its sender, is another's.
    if (did_not_count(r.fate) && r.facts.sender_has_seq && r.facts.seq != r.facts.sender_snd_nxt) continue;
    if (!x.has_seq || after(r.facts.ack, x.snd_nxt)) continue;
    best = {true, best.known ? later_of(best.seq, r.facts.ack) : r.facts.ack};
  }
  return best;
}

// From one number to a later one; never more than what was seen to be sent, whatever numbers a host of
// another connection, or a forger, brings in.
std::uint64_t bytes_between(Seq start, Seq end, std::uint64_t seen) {
  const std::int32_t bytes = distance(start, end);
  return bytes > 0 ? std::min(static_cast<std::uint64_t>(bytes), seen) : 0;
}

// A RST beyond what its receiver had, which was challenged, and which its sender confirmed: what
// lies between was sent and never came. One number may be a FIN.
std::uint64_t lost_before_reset(const Teardown& t, Side sender) {
  if (t.confirming_reset == 0 || t.reset()->facts.sender != sender) return 0;
  const Reset& r = t.reset()->facts;
  const std::int32_t gap = r.receiver_has_ack ? distance(r.receiver_rcv_nxt, r.seq) : 0;
  return gap > 1 ? static_cast<std::uint64_t>(gap) : 0;
}

std::uint64_t unacked_bytes(const Teardown& t, Side sender) {
  const Endpoint& x = t.connection->side(sender);
  const Acknowledged a = acknowledged(t, sender);
  const std::uint64_t lost = lost_before_reset(t, sender);
  if (lost > 0) return lost;
  if (!x.has_seq || !a.known || x.bytes == 0) return 0;  // bytes that the capture skipped count
  return bytes_between(a.seq, x.data_end, x.bytes);
}

// What the resetting side itself had outstanding when it reset.
std::uint64_t unacked_at_reset(const Teardown& t, Side sender) {
  const JudgedReset* r = t.reset();
  if (r == nullptr || r->facts.sender != sender || !r->facts.receiver_has_ack) return 0;
  if (r->facts.sender_bytes == 0 || r->shape == Shape::reactive) return 0;
  const Seq end = r->facts.sender_fin_sent ? r->facts.sender_snd_nxt - 1 : r->facts.sender_snd_nxt;
  return bytes_between(r->facts.receiver_ack_arrived, end, r->facts.sender_bytes);
}

// Bytes that met a closed socket: the triggers of reactive RSTs that nobody acknowledged.
std::uint64_t rejected_bytes(const Teardown& t, Side sender, std::uint64_t unacked) {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const JudgedReset& r = t.resets[i];
    const bool hits = r.facts.sender != sender && r.shape == Shape::reactive && r.facts.trigger.length > 0 &&
                      r.facts.trigger.kind != SegmentKind::keep_alive &&
                      r.facts.trigger.kind != SegmentKind::window_probe;
    if (hits) bytes = std::max<std::uint64_t>(bytes, r.facts.trigger.length);
  }
  return acknowledged(t, sender).known ? std::min(bytes, unacked) : bytes;
}

// An application's abort: an active RST, or the one that a lingering close sends when its FIN
// is acknowledged (Linux TCP_LINGER2). When a timer gave up, what was received stays readable.
bool is_abort(const JudgedReset& r) {
  if (r.facts.sender_keep_alives.count >= threshold::kProbesInVain ||
      r.facts.sender_resends.count >= threshold::kResendsInVain)
    return false;
  if (r.shape == Shape::active || r.shape == Shape::bare) return true;
  return r.shape == Shape::reactive && r.facts.sender_fin_acked && r.facts.trigger.length == 0 &&
         !r.facts.trigger.fin && r.facts.trigger.kind != SegmentKind::keep_alive;
}

bool aborted_by(const Teardown& t, Side side) {
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const JudgedReset& r = t.resets[i];
    const bool decisive = static_cast<int>(i) == t.decisive_reset;
    const bool crossed = r.shape == Shape::active && r.facts.at.frame > t.reset()->facts.at.frame;
    if (r.facts.sender == side && (decisive || crossed) && is_abort(r)) return true;
  }
  return false;
}

// Where what the receiver may not have read begins: behind what it knew of when it sent its last data, or
// earlier with a request that it left without a response, with the body of one that it answered with an
// error, and with what it acknowledged in a window that it then shut.
Seq first_unread(const Teardown& t, Side receiver) {
  const Endpoint& x = t.connection->side(other(receiver));
  const Endpoint& y = t.connection->side(receiver);
  Seq start = y.has_ack_at_last_data ? y.ack_at_last_data : x.first_seq;
  const auto not_behind = [&start](Seq seq) { start = before(seq, start) ? seq : start; };
  const Reset& r = t.reset()->facts;
  if (r.sender == receiver && r.sender_zero_window && r.sender_has_edge) not_behind(r.sender_edge_ack);
  if (receiver != t.server()) return start;
  constexpr std::uint16_t kFirstError = 400;  // RFC 9110 §15.5
  const PayloadContext& asked = x.payload;
  if (requests_left(t) > 0) not_behind(asked.pending_at[0]);
  const bool refused = asked.has_body && y.payload.http_status >= kFirstError;
  if (refused && !t.quality.lossy) not_behind(asked.body);
  return start;
}

// Acknowledged since the aborting receiver's own last data: at most these it had not read.
std::uint64_t unread_bytes(const Teardown& t, Side sender) {
  const Side receiver = other(sender);
  if (t.reset() == nullptr || !aborted_by(t, receiver)) return 0;
  const Endpoint& x = t.connection->side(sender);
  const Acknowledged a = acknowledged(t, sender);
  if (!a.known || !x.has_seq || x.bytes == 0) return 0;  // also what only numbers tell of
  const Seq start = first_unread(t, receiver);
  const Seq end = after(a.seq, x.data_end) ? x.data_end : a.seq;
  return bytes_between(start, end, x.bytes);
}

// Acknowledged in a window whose right edge stood still, and which was shut at the end: never read.
bool surely_unread(const Teardown& t, Side sender, const DirectionLoss& d) {
  const Reset& r = t.reset()->facts;
  return d.unread_max > 0 && r.sender != sender && r.sender_zero_window && t.reset_accepted() && !t.forged;
}

// More waited to be sent than the peer's shut window took, or than the one that opened too late had taken.
bool blocked_at_reset(const Teardown& t, Side sender) {
  const Reset& r = t.reset()->facts;
  const bool shut = r.sender == sender ? r.receiver_zero_window || r.sender_probes_until_open.count > 0
                                       : r.sender_zero_window;
  const Endpoint& x = t.connection->side(sender);
  return shut && x.data_segments > 0 && !http_message_sent(x);
}

// What its receiver, which has closed, holds lies behind bytes that never came, for longer than any time-out.
bool hole_was_left(const Teardown& t, Side sender) {
  const Connection& c = *t.connection;
  const Endpoint& y = c.side(other(sender));
  const bool waits = y.fin.sent() && y.has_sack && after(y.sack_edge, y.rcv_nxt);
  return waits &&
         t.end.time_ns - c.side(sender).last_data.time_ns > threshold::kInitialTimeout + round_trips_ns(c, 0);
}

// Its peer's ACK fields are of other numbers than its own: what arrived is not known.
bool acks_do_not_fit(const Teardown& t, Side sender) {
  const Endpoint& y = t.connection->side(other(sender));
  return y.strange_ack.seen() && !y.has_ack && t.connection->side(sender).bytes > 0;
}

// A closed socket answers every segment: where fewer were answered, it was still open for the first of them.
bool first_may_be_taken(const Teardown& t, Side sender) {
  const Endpoint& x = t.connection->side(sender);
  const Endpoint& y = t.connection->side(other(sender));
  const bool part_was_acked = y.has_ack && after(y.rcv_nxt, x.turn_seq);
  return x.turn_resets > 0 && !x.turn_was_reset && !part_was_acked && y.fin.sent();
}

// Nor will the rest of what its head announces ever come.
bool broke_off_request(const Teardown& t, Side sender) {
  return sender == t.client && t.reset()->facts.sender == sender && find_exchange(t).request.cut_short();
}

Loss loss_of(const Teardown& t, Side sender, const DirectionLoss& d) {
  const JudgedReset* r = t.reset();
  if (acks_do_not_fit(t, sender)) return Loss::possible;
  if (r == nullptr) {
    // Nothing reset it: bytes count as lost only where the sender gave up on them or closed.
    const Endpoint& x = t.connection->side(sender);
    const bool gave_up = x.resends.count >= threshold::kResendsInVain || x.fin.sent();
    const bool left_behind = d.unacked > 0 && (gave_up || hole_was_left(t, sender));
    // Probes of a closed window: more was to be sent, and never came onto the wire.
    const bool blocked =
        x.window_probes.count >= threshold::kProbesInVain && t.connection->side(other(sender)).zero_window;
    return left_behind || blocked ? Loss::possible : Loss::none;
  }
  const bool sender_resets = r->facts.sender == sender;
  if (blocked_at_reset(t, sender) && d.rejected == 0 && d.unacked == 0 && !surely_unread(t, sender, d))
    return Loss::possible;
  const bool lossy = t.connection->side(sender).missed_bytes > 0;
  if (d.rejected > 0) return lossy || first_may_be_taken(t, sender) ? Loss::possible : Loss::certain;
  if (sender_resets && (d.unacked > 0 || d.unacked_at_reset > 0)) return Loss::possible;
  if (d.unacked > 0) {
    const bool receiver_aborts = t.reset_accepted() && !t.forged;
    return receiver_aborts && !lossy ? Loss::certain : Loss::possible;
  }
  // Of the other direction, or from before the capture, nothing is known that could be unread.
  const bool opening_seen =
      !t.quality.midstream || t.connection->a.synack_count + t.connection->b.synack_count > 0;
  const bool nothing_seen = t.connection->side(sender).data_segments == 0;
  const bool established = t.connection->handshake_acked || !opening_seen;
  const bool unknowable = (t.quality.one_sided && established) ||
                          (nothing_seen && !opening_seen && aborted_by(t, other(sender))) ||
                          (nothing_seen && lossy && sender_resets);
  if (surely_unread(t, sender, d) && !lossy) return Loss::certain;
  return d.unread_max > 0 || unknowable || broke_off_request(t, sender) ? Loss::possible : Loss::none;
}

// What the purported sender of a forged FIN sent all the same: its receiver took the FIN for the end.
std::uint64_t behind_forged_fin(const Teardown& t, Side sender) {
  if (!t.forged_fin || t.forged_fin_by_name != sender) return 0;
  const FinClaim& claim = forged_fin(t);
  const std::int32_t bytes = claim.wrote_any ? distance(claim.wrote_start, claim.wrote_end) : 0;
  return bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

DirectionLoss direction(const Teardown& t, Side sender) {
  DirectionLoss d;
  d.unacked = unacked_bytes(t, sender);
  d.unacked_at_reset = unacked_at_reset(t, sender);
  d.rejected = rejected_bytes(t, sender, d.unacked);
  d.unacked = std::max(d.unacked, d.rejected);
  d.unread_max = unread_bytes(t, sender);
  d.loss = loss_of(t, sender, d);
  if (const std::uint64_t lost = behind_forged_fin(t, sender); lost > 0) {
    d.unacked = lost;
    d.loss = Loss::certain;
  }
  return d;
}

bool only_tls_alert(const Teardown& t, Side sender, const DirectionLoss& d) {
  const Endpoint& x = t.connection->side(sender);
  const std::uint64_t lost = std::max(d.unacked, d.unread_max);
  return lost > 0 && lost <= threshold::kLongestAlert && x.payload.last_is_tls_alert;
}

}  // namespace

void find_loss(Teardown& t) {
  t.a_loss = direction(t, Side::a);
  t.b_loss = direction(t, Side::b);
  if (t.took_syn_back) {
    // What a raw socket says behind it belongs to no connection.
    t.a_loss.loss = t.b_loss.loss = Loss::none;
    return;
  }
  const bool closed_in_order = t.closed_before_reset || second_closer_reset(t);
  if (closed_in_order && !t.forged_fin) {
    // A complete FIN exchange: each FIN's ACK covers all bytes before it.
    t.a_loss.loss = t.b_loss.loss = Loss::none;
    return;
  }
  const bool a_alert = only_tls_alert(t, Side::a, t.a_loss);
  const bool b_alert = only_tls_alert(t, Side::b, t.b_loss);
  const bool a_none = t.a_loss.loss == Loss::none;
  const bool b_none = t.b_loss.loss == Loss::none;
  t.only_tls_alert_lost = (a_alert || b_alert) && (a_alert || a_none) && (b_alert || b_none);
  if (a_alert) t.a_loss.loss = Loss::none;
  if (b_alert) t.b_loss.loss = Loss::none;
}

Loss overall_loss(const Teardown& t) { return std::max(t.a_loss.loss, t.b_loss.loss); }

}  // namespace tcpteardown
