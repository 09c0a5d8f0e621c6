// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/questions_common.h"
#include "wire/thresholds.h"

// The questions about a handshake that only the client completed.
namespace tcpteardown::questions {
namespace {

bool no_more_syn_acks(T t) {
  const Run& late = server(t).late_syn_acks;
  return silent_beyond_next(t, late) && t.end.time_ns - late.last.time_ns >= t.silence_ns;
}

// It had data in front of the last SYN-ACK, and more copies of it came in vain: that SYN-ACK is no answer to
// a third step that was lost alone.
bool data_was_ignored(T t) {
  const Endpoint& x = client(t);
  const Moment& again = server(t).late_syn_acks.last;
  return again.seen() && x.first_data.seen() && x.first_data.frame < again.frame &&
         x.resends.count >= threshold::kResendsInVain;
}

// Each segment of the client from the third step on drew a RST without ACK with the same number.
bool every_segment_was_reset(T t) {
  const Endpoint& x = client(t);
  std::uint32_t answers = 0;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const Reset& r = t.resets[i].facts;
    if (r.sender != t.server() || r.has_ack || r.seq != rst(t).seq) return false;
    ++answers;
  }
  return answers >=
         1 + x.data_segments + x.retransmissions;  // a copy of a RST without IP ID counts as one more
}

}  // namespace

bool is_answer_to_another(T t) { return conn(t).elsewhere.is_answer; }

bool answered_elsewhere(T t) {
  if (!conn(t).elsewhere.answer.seen() || conn(t).handshake_acked) return false;
  return is_answer_to_another(t) || only_syns(t);
}

// RFC 9293 §3.10.7.1: only what has no ACK is answered so. Hosts that have a connection set ACK on everything
// behind their SYN.
bool was_never_a_connection(T t) {
  if (t.reset() == nullptr || handshake_seen(t)) return false;
  const Reset& r = rst(t);
  const Endpoint& y = conn(t).side(other(r.sender));
  return r.has_ack && r.seq == Seq{0} && !conn(t).side(r.sender).has_seq && y.has_seq && !y.has_ack &&
         r.ack == y.snd_nxt;
}

bool server_never_took_it(T t) {
  return conn(t).handshake_acked && syn_ack_seen(t) && client(t).syn_count > 0 &&
         !server(t).first_plain.seen() && !t.quality.one_sided;
}

bool syn_ack_was_repeated_in_vain(T t) {
  const bool enough = server(t).late_syn_acks.count >= threshold::kSynsInVain || data_was_ignored(t);
  // The client had given up, and its closed socket answers a SYN-ACK that comes again.
  if (t.reset() != nullptr) return enough && rst(t).sender == t.client && reactive_reset(t);
  return enough && no_more_syn_acks(t);
}

// An embryonic socket that expires sends nothing; what comes then is answered with a RST (RFC 9293 §3.5.2,
// group 1), and so is a third step that is not wanted (Linux tcp_abort_on_overflow).
bool third_step_was_reset(T t) {
  if (!reactive_reset(t) || rst(t).sender != t.server()) return false;
  const Reset& r = rst(t);
  const Run& late = server(t).late_syn_acks;
  if (late.count > 0) return r.at.time_ns - late.last.time_ns < threshold::kServerIdle;
  return r.trigger.earliest.frame == conn(t).handshake_done.frame && every_segment_was_reset(t);
}

}  // namespace tcpteardown::questions
