// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/closing.h"
#include "evidence/exchange.h"
#include "verdict/questions_common.h"
#include "wire/thresholds.h"

namespace tcpteardown::questions {
namespace {

// How long the capture went on after a moment.
std::int64_t left_after(T t, const Moment& m) { return t.end.time_ns - m.time_ns; }

// And for as long as a capture must be silent to say so.
bool run_was_given_up(T t, const Run& run) {
  return silent_beyond_next(t, run) && left_after(t, run.last) >= t.silence_ns;
}

bool gave_up_silently(T t, Side s, const Run& run, std::uint16_t least) {
  return run.count >= least && conn(t).side(other(s)).has_seq && run_was_given_up(t, run);
}

bool reset_by_prober(T t, const Run& run, std::uint16_t least) {
  return reset_decides(t) && run.count >= least;
}

bool side_resends_in_vain(T t, Side s) {
  return given_up(t, s, conn(t).side(s).resends, threshold::kResendsInVain) || repeats_are_reported(t, s);
}

bool side_keeps_alive_in_vain(T t, Side s) {
  return gave_up_silently(t, s, conn(t).side(s).keep_alives, threshold::kProbesInVain);
}

// Its data is not acknowledged, and no shut window holds it up.
bool waits_for_ack(T t, Side s) {
  const Endpoint& x = conn(t).side(s);
  const Endpoint& y = conn(t).side(other(s));
  return x.data_segments > 0 && y.has_ack && after(x.data_end, y.rcv_nxt) && !y.zero_window;
}

bool side_is_blocked(T t, Side s) {
  const Endpoint& y = conn(t).side(other(s));
  return y.zero_window && gave_up_silently(t, s, conn(t).side(s).window_probes, threshold::kProbesInVain);
}

}  // namespace

bool handshake_seen(T t) { return !t.quality.midstream || syn_ack_seen(t); }
bool handshake_complete(T t) { return !t.took_syn_back && (conn(t).handshake_acked || !handshake_seen(t)); }
bool syn_ack_seen(T t) { return conn(t).a.synack_count + conn(t).b.synack_count > 0; }

bool only_syns(T t) {
  return !handshake_complete(t) && client(t).syn_count > 0 && !server(t).has_seq &&
         conn(t).resets.count() == 0;
}

// A retransmitted SYN was unanswered for a retransmission time-out; else the capture must go on
// for longer than nearly all round trips (the confidence says how much longer).
bool long_enough_for_an_answer(T t) {
  const Endpoint& opener = server(t).synack_count > 0 ? server(t) : client(t);
  const unsigned copies = opener.syn_count + opener.synack_count;
  return copies >= threshold::kSynsInVain || left_after(t, opener.last_syn) >= threshold::kAnswerTime;
}

bool surely_long_enough_for_an_answer(T t) {
  const Endpoint& opener = server(t).synack_count > 0 ? server(t) : client(t);
  return left_after(t, opener.syn) >= t.silence_ns;
}

// RFC 6298 §2.1, RFC 2988: after 1 s, or 3 s.
bool syn_never_repeated(T t) {
  const Endpoint& x = client(t);
  constexpr std::int64_t kLongest = threshold::kOlderInitialTimeout + threshold::kTimerSlack;
  return x.syn_count == 1 && t.end.time_ns - x.last_syn.time_ns > kLongest;
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

bool server_reset_opening(T t) {
  return !handshake_complete(t) && t.reset() != nullptr && rst(t).sender == t.server() && syn_ack_seen(t);
}

bool syn_ack_was_bad(T t) {
  return !conn(t).handshake_acked && conn(t).bad_syn_ack.seen() && !syn_ack_seen(t);
}

bool stale_ack_answered_syn(T t) { return !conn(t).handshake_acked && conn(t).stale_ack.seen(); }

bool old_one_was_closed(T t) { return conn(t).old_closed.seen(); }

bool icmp_answered_syn(T t) {
  const IcmpFacts& icmp = conn(t).icmp;
  return !handshake_complete(t) && icmp.count > 0 && icmp.about_syn && !server(t).has_seq;
}

bool fin_forged(T t) { return t.forged_fin; }
bool any_fin(T t) { return t.a_fin || t.b_fin; }
bool both_fins(T t) { return t.a_fin && t.b_fin; }
bool exactly_one_fin(T t) { return t.a_fin != t.b_fin; }
bool both_fins_acked(T t) { return t.closed_before_reset; }
bool fins_crossed(T t) { return t.fins.crossed; }

bool half_close_was_used(T t) {
  return half_close_bytes(conn(t), Side::a) > 0 || half_close_bytes(conn(t), Side::b) > 0;
}

bool one_fin_acked(T t) { return exactly_one_fin(t) && (t.a_fin ? t.a_fin_acked : t.b_fin_acked); }

// A capture that begins in the middle may begin behind the first FIN; only data after it, from the
// same side, says that there was none. One whose data waits for an ACK, and is not sent again, had an end
// that was not captured (RFC 6298 §5: the timer runs).
bool other_end_was_open(T t) {
  if (!exactly_one_fin(t) || t.quality.one_sided) return false;
  const Endpoint& silent = conn(t).side(other(t.fins.first));
  const bool repeats = silent.resends.count > 0 || silent.later_resends.count > 0;
  if (waits_for_ack(t, other(t.fins.first)) && !repeats && left_after(t, silent.last_data) >= t.silence_ns)
    return false;
  return !t.quality.midstream || silent.data_segments > 0;
}

bool fin_given_up(T t) {
  const Side s = t.fins.first;
  const Fin& fin = conn(t).side(s).fin;
  if (!exactly_one_fin(t) || !fin.sent() || fin.is_acked()) return false;
  if (!conn(t).side(other(s)).has_seq) return false;
  if (t.reset() != nullptr) {
    // The orphan gave up; a later segment of the peer met no socket (Linux tcp_orphan_retries).
    const Reset& r = rst(t);
    return t.reset()->shape == Shape::reactive && r.sender == s &&
           fin.retransmissions >= threshold::kFinsInVain &&
           r.at.time_ns - fin.last.time_ns > fin.last_interval_ns;
  }
  return fin.retransmissions >= 1 || left_after(t, fin.last) >= t.silence_ns;
}

bool fin_repeated_in_vain(T t, Side side) {
  return !t.fin_acked(side) && conn(t).side(side).fin.retransmissions >= threshold::kFinsInVain;
}

bool data_still_flows(T t) {
  const Endpoint& speaker = conn(t).side(other(t.fins.first));
  const bool spoke = speaker.sent_after_peer_fin && left_after(t, speaker.after_fin_last) < t.silence_ns;
  return spoke || waits_for_ack(t, other(t.fins.first));
}

bool half_close_ended_request(T t) {
  const Endpoint& x = client(t);
  if (!x.fin.sent() || !x.last_data.seen() || x.last_data.frame > x.fin.first.frame) return false;
  const HttpRequest request = find_exchange(t).request;
  const bool whole = request.frame != 0 && !request.cut_short();
  return whole && x.fin.first.time_ns - x.last_data.time_ns < round_trips_ns(conn(t), threshold::kWait);
}

bool closed_when_idle(T t) {
  const bool resetter_closed = t.reset() != nullptr && rst(t).sender_fin_sent;
  const Side closer = resetter_closed ? rst(t).sender : t.fins.first;
  return conn(t).side(closer).fin.idle_ns >= threshold::kShortestKeepAlive;
}

// Nothing went before; or an HTTP message begins there, and none is still going on; or the server closed for
// having heard nothing. Else it may be the rest of what the server answered early (an HTTP 413, say): a
// kernel acknowledges the answer while its program goes on sending, so that the ACK field alone proves no new
// request.
bool client_asked_anew(T t) {
  const Endpoint& x = client(t);
  const bool from_the_start = handshake_seen(t) && x.has_iss && x.turn_seq == x.iss + 1;
  if (x.payload.is_http) return x.payload.message.frame >= x.turn.frame;
  return from_the_start || closed_when_idle(t);
}

bool keep_alives_unanswered(T t) {
  if (t.reset() != nullptr) return reset_by_prober(t, rst(t).sender_keep_alives, threshold::kProbesInVain);
  return side_keeps_alive_in_vain(t, Side::a) || side_keeps_alive_in_vain(t, Side::b);
}

bool resends_then_own_reset(T t) {
  return active_reset(t) && rst(t).sender_resends.count >= threshold::kResendsInVain;
}

// Without a RST of its own the sender vanished; what the peer sends later meets no socket
// (Linux tcp_write_err sends none).
bool resends_unanswered(T t) {
  if (t.reset() != nullptr)
    return reactive_reset(t) && rst(t).sender_resends.count >= threshold::kResendsInVain;
  return side_resends_in_vain(t, Side::a) || side_resends_in_vain(t, Side::b) || only_one_way_died(t);
}

// The segment that opened it drew the RST: whoever probed had given up before.
bool window_opened_too_late(T t) {
  return reactive_reset(t) && reset_by_prober(t, rst(t).sender_probes_until_open, threshold::kProbesInVain);
}

bool window_stayed_closed(T t) {
  if (window_opened_too_late(t)) return true;
  if (t.reset() != nullptr) {
    return reset_by_prober(t, rst(t).sender_window_probes, threshold::kProbesInVain) &&
           rst(t).receiver_zero_window;
  }
  return side_is_blocked(t, Side::a) || side_is_blocked(t, Side::b);
}

// A kernel answers each probe (RFC 9293 §3.8.6.1): without an answer to more than one the host or the path is
// gone.
bool window_answers_stopped(T t) {
  const Side prober = who_gave_up(t);
  const Run& probes = conn(t).side(prober).window_probes;
  const Moment& answer = conn(t).side(other(prober)).last_segment;
  return t.reset() == nullptr && probes.count > 0 &&
         answer.time_ns < probes.last.time_ns - probes.last_interval_ns;
}

bool both_gave_up(T t) {
  return t.reset() == nullptr && side_resends_in_vain(t, Side::a) && side_resends_in_vain(t, Side::b);
}

Side who_gave_up(T t) {
  if (t.reset() != nullptr) return rst(t).sender;
  const auto in_vain = [&](Side s) {
    return side_resends_in_vain(t, s) || side_keeps_alive_in_vain(t, s) || side_is_blocked(t, s);
  };
  if (in_vain(Side::a)) return Side::a;
  return in_vain(Side::b) || !repeats_what_was_acked(t, Side::a) ? Side::b : Side::a;
}

}  // namespace tcpteardown::questions
