// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/doubts.h"

#include <algorithm>

#include "evidence/classify_reset.h"
#include "evidence/foreign_fin.h"
#include "evidence/habits.h"
#include "evidence/suspicion.h"
#include "verdict/questions_common.h"
#include "wire/thresholds.h"

namespace tcpteardown::doubts {
namespace {

using questions::conn;

// Both FINs and their ACKs are there; or a refusal, which answers nothing but a SYN.
bool nothing_can_be_missing(T t) {
  const bool refused = questions::syn_refused(t) && !questions::forged(t) && !questions::rejected_mid_path(t);
  return questions::both_fins_acked(t) || refused;
}

// The RST's own numbers speak of data that the capture lacks: it acknowledges more than its
// receiver was seen to send, or stands beyond what its sender was seen to send (a challenge
// that the sender confirmed shows that this was lost on the way, not in the capture).
bool tells_of_missing_data(T t, const Reset& r) {
  const bool acks_unseen = r.has_ack && r.receiver_has_seq && after(r.ack, r.receiver_snd_nxt + 1);
  const bool beyond_own =
      t.confirming_reset == 0 && r.has_ack && r.sender_has_seq && after(r.seq, r.sender_snd_nxt + 1);
  return acks_unseen || beyond_own;
}

// That side answered something later with a RST, and what it answered is not in the capture (RFC 9293 §3.5.2:
// a RST without ACK answers a segment).
bool answered_unseen(T t, Side side) {
  const Reset& decisive = t.reset()->facts;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const Reset& r = t.resets[i].facts;
    const bool later = r.sender == side && r.at.frame > decisive.at.frame;
    if (later && t.resets[i].shape == Shape::bare && !r.has_ack) return true;
  }
  return false;
}

// A sender that resets on its own goes on retransmitting up to then: after two retransmissions,
// or a silence in which the next was due (the interval at most doubles, RFC 6298 §5.5), it is
// just as likely that it gave up and the capture lacks one.
bool may_have_given_up(const Reset& r) {
  const Run& run = r.sender_resends;
  return run.count >= threshold::kResendsInDoubt ||
         (run.count == 1 && r.sender_waited_ns / 2 >= run.last_interval_ns);
}

// A tail loss probe (RFC 8985 §7.2) says as well that no ACK had come, until the retransmission
// timer is due.
bool just_probed_tail(const Reset& r) {
  return r.sender_later_resends > 0 && r.sender_waited_ns < threshold::kLinuxLeastTimeout;
}

}  // namespace

const JudgedReset* doubtful_reset(T t) {
  return nothing_can_be_missing(t) || questions::fin_forged(t) ? nullptr : t.reset();
}

bool lossy_and_it_matters(T t) { return t.quality.lossy && !nothing_can_be_missing(t); }
bool short_and_it_matters(T t) { return t.quality.short_tail && !nothing_can_be_missing(t); }

// An answer from elsewhere has its SYN in the connection that it answers.
bool starts_in_the_middle(T t) { return t.quality.midstream && !questions::is_answer_to_another(t); }

bool waited_briefly(T t) { return t.reset() == nullptr && !questions::surely_long_enough_for_an_answer(t); }

bool waited_briefly_until_reset(T t) {
  return t.reset() != nullptr && !questions::surely_long_enough_for_an_answer(t);
}

// In days of nothing nobody may have captured: files were joined.
bool perhaps_joined(T t) {
  return t.reset() == nullptr && t.end.time_ns - conn(t).last.time_ns >= threshold::kJoinedFiles;
}

// One SYN-ACK behind the third step, or none: where several are repeated, the server is in SYN-RECEIVED.
bool third_step_perhaps_lost(T t) {
  return questions::server(t).late_syn_acks.count < threshold::kSynsInVain;
}

// Due again after 1 s, or 3 s (RFC 6298 §2.1, RFC 2988): its sender had the ACK, or keeps nothing to repeat
// (SYN cookies, RFC 4987 §3.6).
bool syn_ack_never_repeated(T t) {
  const Endpoint& y = questions::server(t);
  constexpr std::int64_t kLongest = threshold::kOlderInitialTimeout + threshold::kTimerSlack;
  return t.reset() == nullptr && y.synack_count == 1 && t.end.time_ns - y.last_syn.time_ns > kLongest;
}

// Nothing but SYN-ACKs and RSTs of the server: one SYN-ACK more, not captured, and it had never taken it.
bool perhaps_never_taken(T t) {
  return questions::handshake_seen(t) && !questions::server(t).first_plain.seen();
}

// A blocked sender probes without end (RFC 9293 §3.8.6.1): that it stopped after a few, and no RST
// tells why, may be due to the capture.
bool few_probes(T t) {
  return t.reset() == nullptr &&
         conn(t).side(questions::who_gave_up(t)).window_probes.count < threshold::kProbesForSure;
}

// Data was sent again in vain and then nothing came for long: too few times for a time-out, but
// not the look of a connection that just goes on. Nor is that of one on which somebody reset and
// nobody challenged it.
bool fell_silent_in_vain(T t) {
  bool in_vain = conn(t).a.resends.count > 0 || conn(t).b.resends.count > 0;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const JudgedReset& r = t.resets[i];
    in_vain = in_vain || (r.fate == Fate::challenged && !r.facts.challenge.seen());
  }
  return in_vain && !t.quality.short_tail;
}

bool next_not_due(T t) { return t.reset() == nullptr && !questions::next_was_due(t); }

bool last_ack_may_have_come(T t) {
  return questions::only_one_way_died(t) &&
         &questions::run_in_vain(t) == &conn(t).side(questions::who_gave_up(t)).deaf_resends;
}

bool reset_perhaps_not_taken(T t, R) { return !t.reset_accepted(); }

// What came before the capture began would tell a close from a request that nobody answered.
bool nothing_before_reset(T t, R) {
  return !questions::handshake_seen(t) && conn(t).a.bytes == 0 && conn(t).b.bytes == 0;
}

// A FIN that only numbers betray; the segment that a RST without ACK answers.
bool lacks_fin_or_trigger(T, R r) {
  return r.facts.fin_unseen || (r.shape == Shape::bare && !r.facts.has_ack && r.facts.window == 0);
}

// A RST with ACK comes from a socket: the third step of the handshake may be missing.
bool cancelled_with_ack(T, R r) { return r.facts.has_ack; }

// What a host does not want it resets at once. Long after the SYN-ACK the client may have been connected, and
// the capture lacks what it answers.
bool cancelled_late(T t, R r) {
  const Moment& answered = questions::server(t).last_syn;
  return answered.seen() && r.facts.at.time_ns - answered.time_ns > threshold::kCancelTime;
}

bool lacks_data(T t, R r) {
  return tells_of_missing_data(t, r.facts) || answered_unseen(t, other(r.facts.sender));
}

bool foreign_hop_limit(T, R r) { return habits::foreign_hop_limit(r); }

bool acks_too_soon(T t, R r) { return r.facts.has_ack && habits::too_fast(t, r); }

bool spoke_just_before(T t, R) { return questions::resetter_spoke_just_before(t); }

// Nothing but the absence of an ACK says that data was lost. That is proof while none can have
// come back, or where the sender sent the data again or the RST itself acknowledges less; later
// the capture may lack the ACK, or its receiver delayed it (RFC 9293 §3.8.6.3).
bool only_own_ack_missing(T t, R r) {
  if (r.facts.sender_resends.count > 0) return may_have_given_up(r.facts);
  return r.facts.sender_waited_ns > conn(t).round_trip_ns && !just_probed_tail(r.facts);
}

// Unless its closed socket answered that ACK: then it came later.
bool acked_beside_reset(T t, R r) {
  if (!r.facts.acked_beside.seen()) return false;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const Reset& next = t.resets[i].facts;
    const bool answers = next.sender == r.facts.sender && next.at.frame > r.facts.acked_beside.frame;
    if (answers && !next.has_ack && after(next.seq, r.facts.receiver_rcv_nxt)) return false;
  }
  return true;
}

bool only_peers_ack_missing(T t, R judged) {
  const Reset& r = judged.facts;
  const std::int64_t trip = conn(t).round_trip_ns;
  if (t.loss(other(r.sender)).unacked > 0) return !r.has_ack && r.receiver_waited_ns > trip;
  // The transfer stands still, and the RST's ACK covers the last of it: an ACK of its own is
  // hardly delayed on Linux.
  return r.receiver_waited_ns > trip + threshold::kLinuxDelayedAck && !r.sender_zero_window;
}

// Data met a host that no longer knew the connection: or that had just closed it, and the
// capture lacks that FIN.
bool perhaps_closed_unseen(T, R r) {
  return r.facts.trigger.kind == SegmentKind::data && r.facts.idle_ns < threshold::kServerIdle &&
         r.facts.receiver_resends == 0;
}

// An ACK of its FIN makes hardly any stack send a RST (Linux with TCP_LINGER2 below 0); more
// often it answers data that the capture lacks. So does a RST that seems to answer a bare ACK.
bool answers_fin_ack(T, R r) { return r.shape == Shape::reactive; }

bool answers_bare_ack(T, R r) { return r.facts.trigger.kind == SegmentKind::pure_ack; }

// One probe without an answer before the prober's RST: a program that gave up, or a time-out
// (TCP_USER_TIMEOUT needs but one keep-alive probe; of a closed window the capture may lack more).
bool probed_in_vain(T, R r) {
  return r.facts.sender_keep_alives.count > 0 || r.facts.sender_window_probes.count > 0;
}

// After so long a silence keep-alives may have been lost before they came to the capture point.
bool perhaps_probed_elsewhere(T, R r) {
  return r.facts.idle_known && r.facts.idle_ns >= threshold::kLeastKeepAlive;
}

// Data before that FIN, which the capture skipped, may be what met the dead peer.
bool fin_follows_hole(T t, R r) {
  const auto& holes = conn(t).side(other(r.facts.sender)).holes;
  return std::any_of(holes.begin(), holes.end(), [](const Hole& hole) { return hole.start != hole.end; });
}

// Whether a response is whole, and to which request it belongs, only the heads tell, in their order.
bool http_not_read(T t, R) {
  const PayloadContext& asked = questions::client(t).payload;
  const PayloadContext& answered = questions::server(t).payload;
  const auto cut = [](const PayloadContext& p) { return p.is_http && !p.length_known && !p.is_chunked; };
  const bool misses_one = asked.is_http != answered.is_http && questions::client(t).data_segments > 0 &&
                          questions::server(t).data_segments > 0;
  const bool out_of_order = answered.is_http && answered.message.frame < asked.message.frame;
  return cut(asked) || cut(answered) || misses_one || out_of_order;
}

bool waited_on_unknown_path(T t, R r) {
  if (conn(t).round_trip_ns > 0) return false;
  const Moment& asked = conn(t).side(r.facts.sender).last_data;
  return r.facts.at.time_ns - asked.time_ns < threshold::kRoundTrips * threshold::kUnknownTrip;
}

bool trigger_sent_before(T t, R r) {
  const Moment& late = conn(t).side(other(r.facts.sender)).late_data;
  return late.seen() && late.frame == r.facts.trigger.at.frame;
}

// More may have waited to be sent; or the window had opened again, and the capture lacks that.
bool before_shut_window(T, R r) { return r.facts.receiver_zero_window; }

// The one who aborted had to answer later data, too: what came before may have been on its way.
bool answered_unseen_itself(T t, R r) { return answered_unseen(t, r.facts.sender); }

bool numbers_do_not_fit(T t) {
  const auto misfit = [](const Endpoint& x) {
    return (x.strange_ack.seen() && !x.has_ack) || x.strange.moved;
  };
  return misfit(conn(t).a) || misfit(conn(t).b);
}

bool fin_has_one_sign(T t) {
  const FinSigns signs = fin_signs(t, t.forged_fin_by_name);
  return !signs.denied() && signs.hard() + signs.soft() < 2;
}

bool fin_looks_odd(T t) { return std::max(fin_signs(t, Side::a).soft(), fin_signs(t, Side::b).soft()) > 0; }
bool fin_looks_foreign(T t) {
  return std::max(fin_signs(t, Side::a).soft(), fin_signs(t, Side::b).soft()) > 1;
}

bool only_habits_accuse(T t) { return !sender_went_on(t.reset()->facts) && !burst_steps_ahead(t); }

// Data that it had sent before may have been delayed so much: the round trip may have grown since the
// handshake.
bool only_time_accuses(T t) {
  const Reset& r = t.reset()->facts;
  if (!r.sent_more_by_time || r.sender_acked_more.seen() || burst_steps_ahead(t)) return false;
  return r.sender_sent_more.time_ns - r.at.time_ns < round_trips_ns(conn(t), threshold::kInFlight);
}

// From as far, and not too soon, for what its sender did not acknowledge later: the host may have answered a
// segment that came to it with another address or port, as NATs and load balancers that lost their state
// produce them.
bool answered_as_by_host(T t) {
  const JudgedReset& r = *t.reset();
  if (r.shape != Shape::reactive || habits::hop_limit_left(r) || habits::too_fast(t, r)) return false;
  const Endpoint& x = conn(t).side(r.facts.sender);
  return !x.has_ack || at_or_before(x.rcv_nxt, r.facts.trigger.seq);
}

bool reset_in_opening(T t, R decisive) {
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const Reset& r = t.resets[i].facts;
    if (r.before_third_step && r.sender != decisive.facts.sender && r.at.frame < decisive.facts.at.frame)
      return true;
  }
  return false;
}

bool canceller_went_on(T, R r) { return sender_went_on(r.facts); }

// An upload of its own kind, as on the data connection of FTP, is no question.
bool sent_at_length_to_the_silent(T t, R r) {
  const Endpoint& x = conn(t).side(r.facts.sender);
  const Endpoint& y = conn(t).side(other(r.facts.sender));
  const bool known = x.payload.is_http || x.payload.is_tls;
  return !y.first_data.seen() && x.burst_segments >= threshold::kTransfer && !known;
}

bool nothing_else_of_resetter(T, R r) { return !r.facts.sender_has_seq; }

}  // namespace tcpteardown::doubts
