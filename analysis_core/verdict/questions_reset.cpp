// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "evidence/closing.h"
#include "evidence/exchange.h"
#include "evidence/suspicion.h"
#include "verdict/questions_common.h"
#include "wire/thresholds.h"

// The questions about the RST that ended a connection.
namespace tcpteardown::questions {
namespace {

// Data towards the resetter that came so soon after its RST that it had left before the RST
// arrived; later data belongs to another story.
bool data_behind_reset(T t) {
  const Reset& r = rst(t);
  const Endpoint& y = conn(t).side(other(r.sender));
  if (t.reset()->shape == Shape::active && at_or_after(r.ack, y.data_end)) return false;  // reordering
  const std::int64_t late = y.last_data.time_ns - r.at.time_ns;
  return y.last_data.frame > r.at.frame && late <= round_trips_ns(conn(t), threshold::kInFlight);
}

// By the ACK of its last data, not by the order of capture, so that both ends' captures agree. What only its
// ACKs tell of counts.
bool received_after_own_data(const Endpoint& x, const Endpoint& y) {
  if (y.bytes == 0) return false;
  return x.data_segments == 0 || !x.has_ack_at_last_data || after(y.data_end, x.ack_at_last_data);
}

// A fatal alert in clear is the last word of a TLS handshake: nobody answers it (RFC 8446 §6.2).
bool tls_had_refused(T t) {
  const FatalAlert alert = find_exchange(t).alert;
  return alert.frame != 0 && alert.frame < rst(t).at.frame;
}

// A program that speaks on at its own pace waits for nobody; one that waits is quiet for longer than that.
bool went_quiet_to_wait(const Endpoint& x, std::int64_t waited_ns) {
  const bool paced = x.before_burst.seen() && x.before_burst.frame >= x.turn.frame;
  const std::int64_t pace = paced ? x.burst_start.time_ns - x.before_burst.time_ns : 0;
  return waited_ns / threshold::kLongerThanPace >= pace;  // a damaged pace may be of any length
}

// Its peer never said anything. A server greets, and what it sends at length is no greeting. Where the
// capture began behind the handshake, what is no request may be a response.
bool may_have_asked(T t, const Endpoint& x) {
  if (x.payload.is_http) return sends_requests(x);
  if (rst(t).sender == t.client) return true;
  return !t.roles_by_ports && x.burst_segments < threshold::kTransfer && !x.before_burst.seen();
}

std::uint64_t own_outstanding(T t) {
  const DirectionLoss& own = t.loss(rst(t).sender);
  return own.unacked > own.unacked_at_reset ? own.unacked : own.unacked_at_reset;
}

// A transfer whose data segments came at their usual distance up to the RST.
bool was_streaming(const Reset& r) {
  if (r.receiver_burst < threshold::kTransfer || !r.idle_known) return false;
  if (r.receiver_burst_ns < threshold::kTransferTime) return false;
  return r.idle_ns / 3 <= r.receiver_burst_ns / static_cast<std::int64_t>(r.receiver_burst - 1);
}

bool reset_followed(T t) {
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    if (t.resets[i].facts.at.frame > t.closed.frame) return true;
  }
  return false;
}

// Both had closed and all data is acknowledged; a small stack, or one without TIME-WAIT, answers
// the last FIN with a RST instead of an ACK. Or a copy of what it had acknowledged draws the RST: LAST-ACK,
// which answers such a copy with an ACK (RFC 9293 §3.10.7.4), was over.
bool answers_last_fin(T t) {
  const bool nothing_left = t.a_loss.unacked == 0 && t.b_loss.unacked == 0;
  const bool needs_nothing = reactive_reset(t) && (trigger_is_bare_fin(t) || trigger_was_there(t));
  return needs_nothing && both_fins(t) && nothing_left;
}

// The resetter's peer repeated its FIN, or the resetter spoke well behind it: nothing covers it to the end.
bool fin_had_not_come(T t) {
  const Fin& fin = conn(t).side(other(rst(t).sender)).fin;
  const std::int64_t spoke_behind = rst(t).sender_last_before.time_ns - fin.first.time_ns;
  return fin.retransmissions > 0 || spoke_behind > round_trips_ns(conn(t), threshold::kBehindFin);
}

}  // namespace

bool reset_found_all_done(T t) {
  return (both_fins_acked(t) && reset_followed(t)) || answers_last_fin(t) || second_closer_reset(t);
}

bool reset_decides(T t) {
  if (t.reset() == nullptr || both_fins_acked(t) || t.quality.one_sided) return false;
  return handshake_complete(t) && !was_never_a_connection(t);
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

bool third_party_suspected(T t) { return find_suspicion(t).score > 0; }

// The second RST's sender cannot have had the first: a closed socket sends no RST,ACK.
bool both_sides_reset(T t) {
  if (!active_reset(t)) return false;
  const Reset& first = rst(t);
  const std::int64_t reach = round_trips_ns(conn(t), threshold::kCrossing);
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

bool answers_fastclose(T t) {
  const Connection& c = conn(t);
  return t.reset() != nullptr && c.fastclose.seen() && c.fastclose_by != rst(t).sender &&
         c.fastclose.frame < rst(t).at.frame;
}

bool after_own_fin(T t) { return active_reset(t) && rst(t).sender_fin_sent && !rst(t).receiver_fin_acked; }

// A RST whose ACK does not cover the FIN, which its sender never acknowledged, crossed it, or that FIN never
// arrived.
bool after_peer_fin(T t) {
  if (!active_reset(t) || !rst(t).receiver_fin_sent || rst(t).sender_fin_sent) return false;
  const Fin& fin = conn(t).side(other(rst(t).sender)).fin;
  const bool covers = rst(t).receiver_fin_acked || !rst(t).has_ack || after(rst(t).ack, fin.seq);
  const bool late = rst(t).at.time_ns - fin.first.time_ns > threshold::kRoundTrips * conn(t).round_trip_ns;
  return covers || (late && !fin_had_not_come(t));
}

bool peers_fin_was_lost(T t) {
  const bool sent = active_reset(t) && rst(t).receiver_fin_sent && !rst(t).sender_fin_sent;
  return sent && !after_peer_fin(t) && fin_had_not_come(t);
}

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
  const bool pending = after(r.receiver_data_end, r.sender_rcv_nxt) &&
                       r.receiver_waited_ns <= threshold::kLongestAckDelay + conn(t).round_trip_ns;
  const bool mid_transfer = r.receiver_burst >= threshold::kTransfer && r.receiver_burst_acked && pending;
  return (mid_transfer || was_streaming(r)) && !http_message_sent(y);
}

bool transfer_under_way(T t) {
  const Reset& r = rst(t);
  if (!active_reset(t) || !peer_was_sending(t)) return false;
  return r.sender_zero_window || (r.receiver_burst >= threshold::kTransfer && r.receiver_burst_acked);
}

bool peer_lost_more(T t) {
  const Side resetter = rst(t).sender;
  return t.loss(other(resetter)).unacked >= own_outstanding(t);
}

bool own_data_outstanding(T t) { return own_outstanding(t) > 0; }

// The resetter spoke last and nothing came back: it waits, if its data was a question. The client
// asks and the server answers, also where the server greets first (SMTP, SSH); a server waits
// only for a client that never said anything. Without the handshake: who spoke first asks.
// It takes longer than a few round trips, and not while its peer's window was shut: that blocks.
bool resetter_waited_in_vain(T t) {
  const Endpoint& x = conn(t).side(rst(t).sender);
  const Endpoint& y = conn(t).side(other(rst(t).sender));
  const std::int64_t waited = rst(t).at.time_ns - x.last_data.time_ns;
  if (rst(t).receiver_zero_window || waited < round_trips_ns(conn(t), threshold::kWait)) return false;
  if (x.data_segments == 0 || received_after_own_data(x, y) || !went_quiet_to_wait(x, waited)) return false;
  if (tls_had_refused(t)) return false;
  // Nobody answers half a request.
  if (rst(t).sender == t.client && find_exchange(t).request.cut_short()) return false;
  if (!y.first_data.seen()) return may_have_asked(t, x);
  return t.roles_by_ports ? x.first_data.frame < y.first_data.frame : rst(t).sender == t.client;
}

// From the client's question to its RST the server sent no data; what it did send came later.
bool answer_came_behind_reset(T t) {
  const Reset& r = rst(t);
  const Moment& asked = conn(t).side(r.sender).last_data;
  const std::int64_t waited = r.at.time_ns - asked.time_ns;
  const bool long_enough = asked.seen() && waited >= round_trips_ns(conn(t), threshold::kWait);
  return r.sender == t.client && long_enough && asked.frame < r.at.frame && r.receiver_waited_ns >= waited &&
         conn(t).side(other(r.sender)).last_data.frame > r.at.frame;
}

// What it had taken out of order it says by SACK (RFC 2018 §4); the piece before that was due again within a
// retransmission time-out.
bool transfer_had_stalled(T t) {
  const Reset& r = rst(t);
  const Endpoint& x = conn(t).side(r.sender);
  const bool lacks_a_piece = x.has_sack && x.has_ack && after(x.sack_edge, x.rcv_nxt);
  return lacks_a_piece && r.idle_known && r.idle_ns >= threshold::kInitialTimeout + conn(t).round_trip_ns;
}

bool long_idle(T t) { return rst(t).idle_known && rst(t).idle_ns >= t.idle_threshold_ns; }

// A client that got data last owes nothing, unless that is visibly not the whole answer; a server owes one
// for each request.
bool resetter_left_data_unanswered(T t) {
  const Endpoint& x = conn(t).side(rst(t).sender);
  const Endpoint& y = conn(t).side(other(rst(t).sender));
  if (tls_had_refused(t)) return false;
  if (rst(t).sender == t.server()) {
    return received_after_own_data(x, y) || requests_left(t) > 0;
  }
  return received_after_own_data(x, y) && find_exchange(t).response.cut_short();
}

bool trigger_is_bare_fin(T t) { return rst(t).trigger.fin && rst(t).trigger.length == 0; }

bool trigger_was_there(T t) {
  const Trigger& trigger = rst(t).trigger;
  return trigger.kind == SegmentKind::retransmission && rst(t).sender_has_rcv_nxt &&
         at_or_before(trigger.seq + trigger.length, rst(t).sender_rcv_nxt);
}

bool trigger_is_ack_of_own_fin(T t) {
  const Fin& fin = conn(t).side(rst(t).sender).fin;
  return after(rst(t).trigger.ack, fin.seq) && rst(t).trigger.length == 0 && !rst(t).trigger.fin &&
         rst(t).trigger.kind != SegmentKind::keep_alive;
}

// Asked where a closed socket answered.
bool probe_met_closed_socket(T t) { return rst(t).trigger.kind == SegmentKind::keep_alive; }

// A host that spoke a moment before hardly forgot the connection since: the capture may lack its
// FIN or its first RST.
bool resetter_spoke_just_before(T t) {
  const Moment& last = rst(t).sender_last_before;
  return last.seen() && rst(t).at.time_ns - last.time_ns < threshold::kJustNow;
}

bool resetter_had_closed(T t) { return rst(t).sender_fin_sent; }

bool trigger_knew_of_fin(T t) {
  const Fin& fin = conn(t).side(rst(t).sender).fin;
  const Endpoint& y = conn(t).side(other(rst(t).sender));
  const Trigger& trigger = rst(t).trigger;
  // Data that is sent again was first sent before: with the ACK field of the last data, or an older one.
  // A FIN without data says nothing more than the data before it, if all of that was captured.
  const bool all_captured =
      std::all_of(y.holes.begin(), y.holes.end(), [](const Hole& hole) { return hole.start == hole.end; });
  const bool is_bare_fin = trigger_is_bare_fin(t) && all_captured && t.loss(other(rst(t).sender)).unacked > 0;
  const bool repeats = (trigger.kind == SegmentKind::retransmission || is_bare_fin) && y.has_ack_at_last_data;
  return after(trigger.ack, fin.seq) && (!repeats || after(y.ack_at_last_data, fin.seq));
}

// Its system had the FIN; a program that waits for nothing reads of it when it wakes up.
bool program_hardly_knew_of_fin(T t) {
  const Fin& fin = conn(t).side(rst(t).sender).fin;
  const std::int64_t since = rst(t).trigger.at.time_ns - fin.first.time_ns;
  return closed_when_idle(t) && trigger_knew_of_fin(t) && since > 0 && since < threshold::kProgramWakes;
}

bool transfer_was_cut(T t) {
  return resetter_had_closed(t) && rst(t).receiver_burst_acked && rst(t).receiver_burst > 1;
}

bool server_closed_before_request(T t) {
  const Fin& fin = server(t).fin;
  return fin.has_ack_field && client(t).turn.seen() && at_or_before(fin.ack_field, client(t).turn_seq);
}

bool request_met_close_of_idle_server(T t) {
  return rst(t).sender == t.server() && closed_when_idle(t) && server_closed_before_request(t) &&
         client_asked_anew(t);
}

bool syn_came_inside(T t) {
  return rst(t).syn_inside && conn(t).pending.challenge.seen() &&
         rst(t).trigger.at.frame == conn(t).pending.challenge.frame;
}

// Systems other than Linux discard what is unread when a RST comes (RFC 9293 §3.10.7.4 has them flush the
// queues).
bool answer_is_at_risk(T t) {
  const Moment& own = conn(t).side(rst(t).sender).last_data;
  const Moment& peers = conn(t).side(other(rst(t).sender)).last_data;
  return own.seen() && own.frame > peers.frame && rst(t).at.time_ns - own.time_ns < threshold::kProgramReads;
}

bool answer_was_broken_off(T t) { return conn(t).side(rst(t).sender).sent_after_peer_fin; }

}  // namespace tcpteardown::questions
