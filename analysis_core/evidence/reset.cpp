// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/reset.h"

#include "evidence/suspicion.h"

namespace tcpteardown {
namespace {

bool answers_syn(const Connection& c, const Reset& r) {
  const Endpoint& y = c.side(other(r.sender));
  return !r.sender_has_seq && y.syn_count > 0;
}

// IP-ID and window equal to those of a packet of its receiver, and a hop limit unlike the
// purported sender's: a box built it out of that packet. A host that answers in the buffer of
// what it received (old BSDs) has its own hop limit all the same.
bool is_reflected(const Reset& r) {
  const std::optional<std::int32_t> hops = ttl_delta(r);
  return r.mirror.seen() && hops && (*hops >= 2 || *hops <= -2);
}

// A RST before the first packet of its purported sender is held against the later ones.
Reset with_habits(const Connection& c, Reset r) {
  if (r.usual_hop_limit_seen > 0) return r;
  const UsualHopLimit usual = usual_hop_limit(c.side(r.sender));
  r.usual_hop_limit = r.nearest_hop_limit = usual.value;
  r.usual_hop_limit_seen = usual.seen;
  return r;
}

// An ACK field that could be RCV.NXT of the one who sent it: not behind what it acknowledged
// before, not beyond what its peer sent.
bool ack_is_plausible(const Reset& r) {
  if (!r.receiver_has_seq) return true;
  if (after(r.ack, r.receiver_snd_nxt + 1)) return false;
  return !r.sender_has_rcv_nxt || at_or_after(r.ack, r.sender_rcv_nxt);
}

// Before the handshake is complete, RFC 9293 §3.10.7.3: in SYN-SENT a RST counts only with an
// ACK of the SYN.
Fate fate_in_syn_sent(const Connection& c, const Reset& r) {
  const Endpoint& y = c.side(other(r.sender));
  const bool acks_syn = r.has_ack && in_window(r.ack, y.iss + 1, y.syn_bytes + 1);
  if (!acks_syn) return Fate::ignored_old;
  const bool went_on = c.handshake_acked && c.handshake_done.frame > r.at.frame;
  return went_on ? Fate::ignored_old : Fate::accepted;
}

bool later_reset_of_same_sender(const Connection& c, const Reset& r) {
  for (std::size_t i = 0; i < c.resets.kept(); ++i) {
    const Reset& next = c.resets[i];
    if (next.sender == r.sender && next.at.frame > r.at.frame && next.seq != r.seq) return true;
  }
  return false;
}

// SEQ = RCV.NXT (RFC 5961 §3.2). Linux also takes RCV.NXT-1 when that is the FIN it received,
// and the right edge of the highest SACK block (tcp_reset_check, tcp_validate_incoming).
bool is_exact(const Reset& r) {
  if (r.seq == r.receiver_rcv_nxt) return true;
  if (r.sender_fin_acked && r.seq + 1 == r.receiver_rcv_nxt) return true;
  return r.receiver_has_sack && r.seq == r.receiver_sack_edge;
}

// The receiver acknowledged what the purported sender sent only after the RST.
bool connection_went_on(const Reset& r) {
  return r.receiver_acked.seen() && r.sender_has_seq && after(r.receiver_ack_after, r.sender_snd_nxt);
}

// Before its ACK of the SYN-ACK the receiver is in SYN-SENT, or expects the number behind that
// one. A host that took a RST sends no ACK any more: one behind a RST with another number shows
// that this was not taken (RFC 9293 §3.10.7.4 first check, RFC 5961 §3.2).
Fate fate_before_first_ack(const Reset& r) {
  const bool went_on = r.receiver_acked.seen() && r.sender_has_seq && !r.sender_missed;
  if (!went_on || r.seq == r.sender_snd_nxt) return Fate::unknown;
  if (before(r.seq, r.sender_snd_nxt)) return Fate::ignored_old;
  const std::uint32_t window = r.receiver_window == 0 ? 1 : r.receiver_window;
  return in_window(r.seq, r.sender_snd_nxt, window) ? Fate::challenged : Fate::ignored_beyond;
}

Fate fate_by_number(const Connection& c, const Reset& r) {
  if (!r.receiver_has_ack) return fate_before_first_ack(r);
  if (is_exact(r)) {
    // Data in flight overtook it: when it arrived, its receiver was further on.
    const bool was_old =
        r.receiver_acked.seen() && after(r.receiver_ack_after, r.seq + 1) && later_reset_of_same_sender(c, r);
    return was_old ? Fate::ignored_old : Fate::accepted;
  }
  if (before(r.seq, r.receiver_rcv_nxt)) return Fate::ignored_old;
  if (r.sender_has_seq && r.seq == r.sender_snd_nxt) {
    // Everything before it is in flight; an unchanged ACK and another RST show that some was lost.
    const bool gap = r.challenge.seen() && later_reset_of_same_sender(c, r);
    return gap ? Fate::challenged : Fate::accepted;
  }
  if (r.sender_missed || !r.sender_has_seq) return Fate::unknown;
  const std::uint32_t window = r.receiver_window == 0 ? 1 : r.receiver_window;
  return in_window(r.seq, r.receiver_rcv_nxt, window) ? Fate::challenged : Fate::ignored_beyond;
}

bool is_redundant(const Teardown& t, const Reset& r) {
  return t.closed_before_reset && r.at.frame > t.closed.frame;
}

// A reset that its purported sender did not send (Weaver, Sommer, Paxson; SPEC E2.5 H1): the
// real one goes on as if nothing had happened.
bool sender_lives_on(const Reset& r) { return r.sender_sent_more.seen() || r.sender_acked_more.seen(); }

// Both FINs came after it and both were acknowledged: whoever sent or took a RST does neither.
bool closed_in_order_since(const Teardown& t, const Reset& r) {
  const Moment& a = t.connection->a.fin.first;
  const Moment& b = t.connection->b.fin.first;
  return t.closed_before_reset && a.frame > r.at.frame && b.frame > r.at.frame;
}

void find_decisive(Teardown& t) {
  int fallback = -1;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    JudgedReset& r = t.resets[i];
    if (is_redundant(t, r.facts) || t.decisive_reset >= 0) {
      r.fate = Fate::redundant;
    } else if (r.fate == Fate::accepted) {
      t.decisive_reset = static_cast<int>(i);
    } else if (r.fate == Fate::unknown && fallback < 0 && !connection_went_on(r.facts) &&
               !closed_in_order_since(t, r.facts)) {
      fallback = static_cast<int>(i);
    }
  }
  if (t.decisive_reset < 0) t.decisive_reset = fallback;
}

// RST, challenge ACK, RST: bytes before the first RST were missing at its receiver; its sender
// confirms the challenge without a socket (RFC 5961 §3.2). The first one tells what happened.
void find_challenged_cause(Teardown& t) {
  if (t.decisive_reset < 0) return;
  const JudgedReset& last = *t.reset();
  if (last.shape != Shape::reactive || last.fate != Fate::accepted) return;
  for (int i = 0; i < t.decisive_reset; ++i) {
    const JudgedReset& first = t.resets[static_cast<std::size_t>(i)];
    const bool challenged = first.fate == Fate::challenged && first.shape == Shape::active;
    if (!challenged || first.facts.sender != last.facts.sender) continue;
    if (first.facts.challenge.frame != last.facts.trigger.at.frame) continue;
    t.confirming_reset = last.facts.at.frame;
    t.decisive_reset = i;
    return;
  }
}

}  // namespace

std::optional<std::int32_t> ttl_delta(const Reset& r) {
  if (r.hop_limit == 0 || r.usual_hop_limit_seen == 0) return std::nullopt;
  return static_cast<std::int32_t>(r.hop_limit) - static_cast<std::int32_t>(r.usual_hop_limit);
}

// Linux sends id 0 with DF for every segment without a socket, so 0 says nothing.
std::optional<std::int32_t> ipid_delta(const Reset& r) {
  if (!r.has_ip_id || r.ip_id == 0 || !r.sender_last_ip_id) return std::nullopt;
  const auto delta = static_cast<std::int16_t>(static_cast<std::uint16_t>(r.ip_id - *r.sender_last_ip_id));
  return delta;
}

Shape shape_of(const Connection& c, const Reset& r) {
  if (is_reflected(r)) return Shape::reflected;
  const Endpoint& y = c.side(other(r.sender));
  if (r.has_ack && answers_syn(c, r) && in_window(r.ack, y.iss + 1, y.syn_bytes + 1)) {
    return Shape::refusal;
  }
  if (r.has_ack) return ack_is_plausible(r) ? Shape::active : Shape::bare;
  return r.trigger.seen() ? Shape::reactive : Shape::bare;
}

Fate fate_of(const Connection& c, const Reset& r) {
  if (answers_syn(c, r) && !r.receiver_has_ack) return fate_in_syn_sent(c, r);
  const Fate fate = fate_by_number(c, r);
  if (fate == Fate::accepted && connection_went_on(r)) return Fate::unknown;
  return fate;
}

void judge_resets(Teardown& t) {
  const Connection& c = *t.connection;
  t.reset_count = c.resets.kept();
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const Reset r = with_habits(c, c.resets[i]);
    t.resets[i] = {.facts = r,
                   .shape = shape_of(c, r),
                   .fate = fate_of(c, r),
                   .ttl_delta = ttl_delta(r),
                   .ipid_delta = ipid_delta(r)};
  }
  find_decisive(t);
  find_challenged_cause(t);
  const JudgedReset* decisive = t.reset();
  if (decisive == nullptr || !t.reset_accepted()) return;
  const Reset& r = decisive->facts;
  const bool has_data_trigger = r.trigger.seen() && r.trigger.length > 0;
  t.rejected_mid_path = has_data_trigger && r.sender_kept_mute.seen() && sender_lives_on(r);
  t.forged = (sender_lives_on(r) || burst_steps_ahead(t)) && !t.rejected_mid_path;
}

}  // namespace tcpteardown
