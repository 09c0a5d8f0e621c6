// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/facts.h"

namespace tcpteardown::facts {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLongestAckDelay = kSecond / 2;  // RFC 9293 §3.8.6.3

const Connection& conn(T t) { return *t.connection; }
const Endpoint& client(T t) { return conn(t).side(t.client); }
const Endpoint& server(T t) { return conn(t).side(t.server()); }
const Reset& rst(T t) { return t.reset()->facts; }

// How long the capture went on after a moment.
std::int64_t left_after(T t, const Moment& m) { return t.end.time_ns - m.time_ns; }

Side first_fin_side(T t) {
  if (!t.b_fin) return Side::a;
  if (!t.a_fin) return Side::b;
  return conn(t).a.fin.first.frame <= conn(t).b.fin.first.frame ? Side::a : Side::b;
}

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

// Silent after its last one for longer than the next would have taken (the interval at most
// doubles, RFC 6298 §5.5), and for as long as a capture must be silent to say so.
bool run_was_given_up(T t, const Run& run) {
  const std::int64_t left = left_after(t, run.last);
  return left / 5 * 2 >= run.last_interval_ns && left >= t.silence_ns;
}

bool gave_up_silently(T t, Side s, const Run& run, std::uint16_t least) {
  return run.count >= least && conn(t).side(other(s)).has_seq && run_was_given_up(t, run);
}

bool reset_by_prober(T t, const Run& run, std::uint16_t least) {
  return reset_decides(t) && run.count >= least;
}

bool side_resends_in_vain(T t, Side s) { return gave_up_silently(t, s, conn(t).side(s).resends, 3); }

bool side_keeps_alive_in_vain(T t, Side s) { return gave_up_silently(t, s, conn(t).side(s).keep_alives, 2); }

bool side_is_blocked(T t, Side s) {
  const Endpoint& y = conn(t).side(other(s));
  return y.zero_window && gave_up_silently(t, s, conn(t).side(s).window_probes, 2);
}

}  // namespace

bool handshake_seen(T t) { return !t.quality.midstream || syn_ack_seen(t); }
bool handshake_complete(T t) { return conn(t).handshake_acked || !handshake_seen(t); }
bool syn_ack_seen(T t) { return conn(t).a.synack_count + conn(t).b.synack_count > 0; }

bool only_syns(T t) {
  return !handshake_complete(t) && client(t).syn_count > 0 && !server(t).has_seq &&
         conn(t).resets.count() == 0;
}

// A retransmitted SYN was unanswered for a retransmission time-out; else the capture must go on
// for longer than nearly all round trips (our choice; the confidence says how much longer).
bool long_enough_for_an_answer(T t) {
  const Endpoint& opener = server(t).synack_count > 0 ? server(t) : client(t);
  const unsigned copies = opener.syn_count + opener.synack_count;
  return copies >= 2 || left_after(t, opener.last_syn) >= kSecond / 4;
}

bool surely_long_enough_for_an_answer(T t) {
  const Endpoint& opener = server(t).synack_count > 0 ? server(t) : client(t);
  return left_after(t, opener.syn) >= t.silence_ns;
}

bool syn_refused(T t) {
  return !handshake_complete(t) && t.reset_accepted() && t.reset()->shape == Shape::refusal;
}

bool client_reset_opening(T t) {
  return !handshake_complete(t) && t.reset() != nullptr && rst(t).sender == t.client;
}

// RFC 9293 §3.10.4 and §3.10.7.4: from the number behind the SYN, which also the SYN-ACK carries;
// programs that build their packets repeat the SYN's own. Any other number is the ACK field of a
// segment that meant another attempt (§3.10.7.3).
bool client_took_syn_back(T t) {
  if (!client_reset_opening(t)) return false;
  const Endpoint& x = client(t);
  if (x.has_iss) return in_window(rst(t).seq, x.iss, x.syn_bytes + 2);
  return !server(t).has_ack || rst(t).seq == server(t).rcv_nxt;
}

bool client_reset_own_syn(T t) { return client_reset_opening(t) && !syn_ack_seen(t); }

bool server_reset_opening(T t) {
  return !handshake_complete(t) && t.reset() != nullptr && rst(t).sender == t.server() && syn_ack_seen(t);
}

bool syn_ack_was_bad(T t) {
  return !conn(t).handshake_acked && conn(t).bad_syn_ack.seen() && !syn_ack_seen(t);
}

bool stale_ack_answered_syn(T t) { return !conn(t).handshake_acked && conn(t).stale_ack.seen(); }

bool icmp_answered_syn(T t) {
  const IcmpFacts& icmp = conn(t).icmp;
  return !handshake_complete(t) && icmp.count > 0 && icmp.about_syn && !server(t).has_seq;
}

bool any_fin(T t) { return t.a_fin || t.b_fin; }
bool both_fins(T t) { return t.a_fin && t.b_fin; }
bool exactly_one_fin(T t) { return t.a_fin != t.b_fin; }
bool both_fins_acked(T t) { return t.closed_before_reset; }
bool fins_crossed(T t) { return t.fins_crossed; }

bool half_close_was_used(T t) {
  const auto used = [&t](Side s) {
    const Endpoint& x = conn(t).side(s);
    const Endpoint& y = conn(t).side(other(s));
    return x.sent_after_peer_fin && y.has_ack && after(y.rcv_nxt, x.after_fin_start);
  };
  return used(Side::a) || used(Side::b);
}

bool one_fin_acked(T t) { return exactly_one_fin(t) && (t.a_fin ? t.a_fin_acked : t.b_fin_acked); }

bool fin_given_up(T t) {
  const Side s = first_fin_side(t);
  const Fin& fin = conn(t).side(s).fin;
  if (!exactly_one_fin(t) || !fin.sent() || fin.is_acked()) return false;
  if (!conn(t).side(other(s)).has_seq) return false;
  if (t.reset() != nullptr) {
    // The orphan gave up; a later segment of the peer met no socket (Linux tcp_orphan_retries).
    const Reset& r = rst(t);
    return t.reset()->shape == Shape::reactive && r.sender == s && fin.retransmissions >= 2 &&
           r.at.time_ns - fin.last.time_ns > fin.last_interval_ns;
  }
  return fin.retransmissions >= 1 || left_after(t, fin.last) >= t.silence_ns;
}

bool data_still_flows(T t) {
  const Endpoint& speaker = conn(t).side(other(first_fin_side(t)));
  return speaker.sent_after_peer_fin && left_after(t, speaker.after_fin_last) < t.silence_ns;
}

// Both had closed and all data is acknowledged; a small stack, or one without TIME-WAIT, answers
// the last FIN with a RST instead of an ACK.
bool reset_answers_last_fin(T t) {
  const bool nothing_left = t.a_loss.unacked == 0 && t.b_loss.unacked == 0;
  return reactive_reset(t) && both_fins(t) && trigger_is_bare_fin(t) && nothing_left;
}

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

bool resetter_had_closed(T t) { return rst(t).sender_fin_sent; }

bool trigger_knew_of_fin(T t) {
  const Fin& fin = conn(t).side(rst(t).sender).fin;
  return fin.sent() && after(rst(t).trigger.ack, fin.seq);
}

bool syn_came_inside(T t) {
  return rst(t).syn_inside && conn(t).pending.challenge.seen() &&
         rst(t).trigger.at.frame == conn(t).pending.challenge.frame;
}

bool keep_alives_unanswered(T t) {
  if (t.reset() != nullptr) return reset_by_prober(t, rst(t).sender_keep_alives, 2);
  return side_keeps_alive_in_vain(t, Side::a) || side_keeps_alive_in_vain(t, Side::b);
}

bool resends_then_own_reset(T t) { return active_reset(t) && rst(t).sender_resends.count >= 3; }

// Without a RST of its own the sender vanished; what the peer sends later meets no socket
// (Linux tcp_write_err sends none).
bool resends_unanswered(T t) {
  if (t.reset() != nullptr) return reactive_reset(t) && rst(t).sender_resends.count >= 3;
  return side_resends_in_vain(t, Side::a) || side_resends_in_vain(t, Side::b);
}

bool window_stayed_closed(T t) {
  if (t.reset() != nullptr) {
    return reset_by_prober(t, rst(t).sender_window_probes, 2) && rst(t).receiver_zero_window;
  }
  return side_is_blocked(t, Side::a) || side_is_blocked(t, Side::b);
}

bool both_gave_up(T t) {
  return t.reset() == nullptr && side_resends_in_vain(t, Side::a) && side_resends_in_vain(t, Side::b);
}

Side who_gave_up(T t) {
  if (t.reset() != nullptr) return rst(t).sender;
  const bool a =
      side_resends_in_vain(t, Side::a) || side_keeps_alive_in_vain(t, Side::a) || side_is_blocked(t, Side::a);
  return a ? Side::a : Side::b;
}

}  // namespace tcpteardown::facts
