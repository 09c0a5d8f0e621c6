// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "evidence/habits.h"
#include "verdict/facts.h"
#include "verdict/outcome.h"

// How far the capture carries the verdict: each question below is one way in which a single
// missing frame, or two captured in the wrong order, would tell another story.
namespace tcpteardown::outcome {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

const Connection& conn(const Teardown& t) { return *t.connection; }

bool is(const Verdict& row, std::string_view slug) { return row.slug == slug; }

// The RST's own numbers speak of data that the capture lacks: it acknowledges more than its
// receiver was seen to send, or stands beyond what its sender was seen to send (a challenge
// that the sender confirmed shows that this was lost on the way, not in the capture).
bool tells_of_missing_data(const Teardown& t) {
  const Reset& r = t.reset()->facts;
  const bool acks_unseen = r.has_ack && r.receiver_has_seq && after(r.ack, r.receiver_snd_nxt + 1);
  const bool beyond_own =
      t.confirming_reset == 0 && r.has_ack && r.sender_has_seq && after(r.seq, r.sender_snd_nxt + 1);
  return acks_unseen || beyond_own;
}

// That side answered something later with a RST, and what it answered is not in the capture (RFC 9293 §3.5.2:
// a RST without ACK answers a segment).
bool answered_unseen(const Teardown& t, Side side) {
  const Reset& decisive = t.reset()->facts;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const Reset& r = t.resets[i].facts;
    const bool later = r.sender == side && r.at.frame > decisive.at.frame;
    if (later && t.resets[i].shape == Shape::bare && !r.has_ack) return true;
  }
  return false;
}

// The capture may lack the very frame that tells: a FIN that only numbers betray, the segment
// that a RST without ACK answers, the third step of the handshake.
bool rests_on_missing_frames(const Teardown& t, const Verdict& row) {
  const Reset& r = t.reset()->facts;
  const bool may_lack_trigger = t.reset()->shape == Shape::bare && !r.has_ack && r.window == 0;
  const bool had_socket = is(row, "setup-cancelled") && r.has_ack;
  const bool lacks_data = row.blame != Blame::network && !is(row, "setup-refused") &&
                          (tells_of_missing_data(t) || answered_unseen(t, other(r.sender)));
  return r.fin_unseen || may_lack_trigger || had_socket || lacks_data;
}

// What a host does not want it resets at once. Half a second after the SYN-ACK (our choice: more than
// nearly all round trips) the client may have been connected, and the capture lacks what it answers.
bool cancelled_late(const Teardown& t, const Verdict& row) {
  const Moment& answered = conn(t).side(t.server()).last_syn;
  return is(row, "setup-cancelled") && answered.seen() &&
         t.reset()->facts.at.time_ns - answered.time_ns > kSecond / 2;
}

// A sender that resets on its own goes on retransmitting up to then: after two retransmissions,
// or a silence in which the next was due (the interval at most doubles, RFC 6298 §5.5), it is
// just as likely that it gave up and the capture lacks one.
bool may_have_given_up(const Reset& r) {
  const Run& run = r.sender_resends;
  return run.count >= 2 || (run.count == 1 && r.sender_waited_ns / 2 >= run.last_interval_ns);
}

// A tail loss probe (RFC 8985 §7.2) says as well that no ACK had come, until the retransmission
// timer is due, which Linux's never is before 200 ms.
bool just_probed_tail(const Reset& r) {
  return r.sender_later_resends > 0 && r.sender_waited_ns < kSecond / 5;
}

// Nothing but the absence of an ACK says that data was lost. That is proof while none can have
// come back, or where the sender sent the data again or the RST itself acknowledges less; later
// the capture may lack the ACK, or its receiver delayed it (RFC 9293 §3.8.6.3).
bool rests_on_missing_ack(const Teardown& t, const Verdict& row) {
  const Reset& r = t.reset()->facts;
  const std::int64_t trip = conn(t).round_trip_ns;
  if (is(row, "abort-by-sender")) {
    if (r.sender_resends.count > 0) return may_have_given_up(r);
    return r.sender_waited_ns > trip && !just_probed_tail(r);
  }
  // The transfer stands still, and the RST's ACK covers the last of it: an ACK of its own is
  // delayed by no more than 40 ms on Linux.
  const bool stands_still = r.receiver_waited_ns > trip + kSecond / 25;
  const bool never_acked = t.loss(other(r.sender)).unacked > 0;
  return is(row, "abort-by-receiver") &&
         (never_acked ? !r.has_ack && r.receiver_waited_ns > trip : stands_still && !r.sender_zero_window);
}

// Data met a host that no longer knew the connection: or that had just closed it, and the
// capture lacks that FIN. Servers close idle connections after seconds, up to two minutes; a
// NAT or firewall should remember one for two hours (RFC 5382 REQ-5) and few forget it sooner
// than that. Our choice of the time.
bool may_have_closed_unseen(const Teardown& t, const Verdict& row) {
  const Reset& r = t.reset()->facts;
  return is(row, "peer-lost-state") && r.trigger.kind == SegmentKind::data && r.idle_ns < 120 * kSecond &&
         r.receiver_resends == 0;
}

// An ACK of its FIN makes hardly any stack send a RST (Linux with TCP_LINGER2 below 0); more
// often it answers data that the capture lacks. So does a RST that seems to answer a bare ACK.
bool rests_on_a_habit(const Teardown& t, const Verdict& row) {
  if (t.reset()->shape != Shape::reactive) return false;
  const bool meets_data = is(row, "data-after-close") || is(row, "keepalive-race");
  const bool bare_ack = t.reset()->facts.trigger.kind == SegmentKind::pure_ack;
  return is(row, "abort-after-own-fin") || (meets_data && bare_ack);
}

// The one who aborted had to answer later data, too: what came before may have been on its way.
bool answered_unseen_itself(const Teardown& t, const Verdict& row) {
  return row.family == Family::abort && answered_unseen(t, t.reset()->facts.sender);
}

// A blocked sender probes without end (RFC 9293 §3.8.6.1): that it stopped after two, and no RST
// tells why, may be due to the capture. Three, as for retransmissions, is our choice.
bool few_probes(const Teardown& t, const Verdict& row) {
  const Endpoint& x = conn(t).side(facts::who_gave_up(t));
  return is(row, "timeout-zero-window") && t.reset() == nullptr && x.window_probes.count < 3;
}

// A packet that the snap length cut may be the ICMP error that ended it.
bool may_lack_error(const Teardown& t, const Verdict& row) {
  return is(row, "setup-no-reply") && t.quality.truncated;
}

// What came before the capture began would tell a close from a request that nobody answered.
bool saw_no_data(const Teardown& t) {
  return !facts::handshake_seen(t) && conn(t).a.bytes == 0 && conn(t).b.bytes == 0;
}

// Data was sent again in vain and then nothing came for long: too few times for a time-out, but
// not the look of a connection that just goes on. Nor is that of one on which somebody reset and
// nobody challenged it.
bool fell_silent_in_vain(const Teardown& t, const Verdict& row) {
  bool reset_in_vain = false;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const JudgedReset& r = t.resets[i];
    reset_in_vain = reset_in_vain || (r.fate == Fate::challenged && !r.facts.challenge.seen());
  }
  const bool in_vain = reset_in_vain || conn(t).a.resends.count > 0 || conn(t).b.resends.count > 0;
  return is(row, "open") && in_vain && !t.quality.short_tail;
}

// Who forged is told by time stamps, and the snap length may have cut them off.
bool cut_before_the_proof(const Teardown& t, const Verdict& row) {
  return row.blame == Blame::network && t.quality.truncated;
}

// One probe without an answer before the prober's RST: a program that gave up, or a time-out
// (TCP_USER_TIMEOUT needs but one keep-alive probe; of a closed window the capture may lack more).
bool probed_in_vain(const Teardown& t, const Verdict& row) {
  const Reset& r = t.reset()->facts;
  return row.family == Family::abort && (r.sender_keep_alives.count > 0 || r.sender_window_probes.count > 0);
}

// Data before that FIN, which the capture skipped, may be what met the dead peer.
bool fin_follows_hole(const Teardown& t, const Verdict& row) {
  const Endpoint& x = conn(t).side(other(t.reset()->facts.sender));
  return is(row, "fin-to-dead-peer") &&
         std::any_of(x.holes.begin(), x.holes.end(), [](const Hole& hole) { return hole.start != hole.end; });
}

// The lowest of all limits, and what it rests on.
class Lowest {
 public:
  explicit Lowest(Confidence cap) : rated_{cap, {}} {}

  void at_most(Confidence limit, bool holds, std::string_view why) {
    if (holds && limit < rated_.confidence) rated_ = {limit, why};
  }
  [[nodiscard]] RatedConfidence rated() const { return rated_; }

 private:
  RatedConfidence rated_;
};

void limit_by_capture(Lowest& c, const Teardown& t, const Verdict& row, bool all_there) {
  constexpr auto kMedium = Confidence::medium;
  constexpr auto kLow = Confidence::low;
  const Quality& q = t.quality;
  c.at_most(kLow, q.one_sided, "only one side's packets were captured");
  c.at_most(kLow, row.family == Family::half_closed && q.short_tail,
            "the capture ends too soon after the FIN");
  c.at_most(all_there ? kMedium : kLow, q.lossy, "the capture lacks packets of this connection");
  c.at_most(kMedium, q.midstream, "the capture starts in the middle of the connection");
  c.at_most(kMedium, t.fin_inferred, "a FIN was not captured and is known from its ACK only");
  c.at_most(kMedium, q.reordered, "packets were captured out of order");
  c.at_most(kMedium, q.short_tail && !all_there, "the capture ends too soon to show what followed");
}

void limit_by_waiting(Lowest& c, const Teardown& t, const Verdict& row) {
  const bool rests_on_waiting = is(row, "setup-no-reply") || is(row, "setup-synack-unanswered");
  c.at_most(t.reset() != nullptr ? Confidence::medium : Confidence::low,
            rests_on_waiting && !facts::surely_long_enough_for_an_answer(t),
            "the capture waits only a short while for the answer");
  c.at_most(Confidence::medium, may_lack_error(t, row), "the packets were cut, perhaps one that tells why");
  c.at_most(Confidence::medium, few_probes(t, row), "only two probes were seen");
  c.at_most(Confidence::medium, fell_silent_in_vain(t, row),
            "it fell silent after segments that were repeated, or reset, in vain");
  c.at_most(Confidence::medium, is(row, "abort-idle") || is(row, "abort-crossed"),
            "only times tell it from its look-alikes");
}

void limit_by_reset(Lowest& c, const Teardown& t, const Verdict& row) {
  const bool acks_too_soon = t.reset()->facts.has_ack && habits::too_fast(t, *t.reset());
  const bool blames_host = row.blame != Blame::network;
  const auto low = [&c](bool holds, std::string_view why) { c.at_most(Confidence::low, holds, why); };
  low(!t.reset_accepted(), "nothing proves that the RST was taken");
  low(saw_no_data(t), "what came before the capture is not known");
  low(rests_on_missing_frames(t, row), "the capture may lack the segment that explains the RST");
  low(cancelled_late(t, row), "the handshake may have been completed unseen");
  low(is(row, "peer-lost-state") && facts::resetter_spoke_just_before(t),
      "the sender of the RST had spoken a moment before and may have closed unseen");
  low(blames_host && habits::foreign_hop_limit(*t.reset()), "the RST's hop limit is unlike its sender's");
  low(blames_host && acks_too_soon, "the RST acknowledges data sooner than its sender can have got it");
  const auto medium = [&c](bool holds, std::string_view why) { c.at_most(Confidence::medium, holds, why); };
  medium(rests_on_missing_ack(t, row), "only the lack of an ACK shows what was outstanding");
  medium(may_have_closed_unseen(t, row), "a FIN before it may not have been captured");
  medium(rests_on_a_habit(t, row), "few systems send such a RST, and it may answer what was not captured");
  medium(cut_before_the_proof(t, row), "the packets were cut before their time stamps");
  medium(probed_in_vain(t, row), "a probe had gone unanswered, so it may have been a time-out");
  medium(fin_follows_hole(t, row), "data before that FIN was not captured");
  medium(answered_unseen_itself(t, row),
         "the sender of the RST also answered a segment that was not captured");
}

}  // namespace

RatedConfidence confidence(const Teardown& t, const Verdict& row) {
  const bool all_there = facts::both_fins_acked(t) || is(row, "setup-refused");
  Lowest c{row.cap};
  limit_by_capture(c, t, row, all_there);
  limit_by_waiting(c, t, row);
  if (t.reset() != nullptr && !all_there) limit_by_reset(c, t, row);
  return c.rated();
}

}  // namespace tcpteardown::outcome
