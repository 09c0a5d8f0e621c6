// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/facts_common.h"

namespace tcpteardown::facts {
namespace {

// How long the capture went on after a moment.
std::int64_t left_after(T t, const Moment& m) { return t.end.time_ns - m.time_ns; }

Side first_fin_side(T t) {
  if (!t.b_fin) return Side::a;
  if (!t.a_fin) return Side::b;
  return conn(t).a.fin.first.frame <= conn(t).b.fin.first.frame ? Side::a : Side::b;
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

// A capture that begins in the middle may begin behind the first FIN; only data after it, from the
// same side, says that there was none.
bool other_end_was_open(T t) {
  if (!exactly_one_fin(t) || t.quality.one_sided) return false;
  const Endpoint& silent = conn(t).side(other(first_fin_side(t)));
  return !t.quality.midstream || silent.data_segments > 0;
}

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
