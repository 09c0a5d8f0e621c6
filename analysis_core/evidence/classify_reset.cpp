// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/classify_reset.h"

#include "evidence/habits.h"
#include "evidence/suspicion.h"
#include "wire/thresholds.h"

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
  return r.mirror.seen() && hops && (*hops >= threshold::kFarHops || *hops <= -threshold::kFarHops);
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
  if (distance(r.ack, r.receiver_snd_nxt) > threshold::kOtherConnection && !r.sender_has_rcv_nxt)
    return false;
  return !r.sender_has_rcv_nxt || at_or_after(r.ack, r.sender_rcv_nxt);
}

bool later_reset_of_same_sender(const Connection& c, const Reset& r) {
  for (std::size_t i = 0; i < c.resets.kept(); ++i) {
    const Reset& next = c.resets[i];
    if (next.sender == r.sender && next.at.frame > r.at.frame && next.seq != r.seq) return true;
  }
  return false;
}

Fate by_number(Acceptance acceptance) {
  switch (acceptance) {
    case Acceptance::exact:
    case Acceptance::in_order:
    case Acceptance::acks_syn: return Fate::accepted;
    case Acceptance::challenged: return Fate::challenged;
    case Acceptance::old: return Fate::ignored_old;
    case Acceptance::beyond: return Fate::ignored_beyond;
    case Acceptance::presumed:
    case Acceptance::unknown: break;
  }
  return Fate::unknown;
}

// A host that took a RST sends no ACK any more: one behind a RST that stands elsewhere than its sender's
// SND.NXT shows that this was not taken.
Fate fate_before_first_ack(const Reset& r) {
  const bool went_on = r.receiver_acked.seen() && r.sender_has_seq && !r.sender_missed;
  if (!went_on || r.seq == r.sender_snd_nxt) return Fate::unknown;
  return by_number(acceptance_at(r.seq, r.sender_snd_nxt, r.receiver_window));
}

// What came later may show that an acceptable RST was not taken after all.
Fate fate_of_acceptable(const Connection& c, const Reset& r, Acceptance acceptance) {
  const bool newer_one = later_reset_of_same_sender(c, r);
  switch (acceptance) {
    case Acceptance::acks_syn:
      if (c.handshake_acked && c.handshake_done.frame > r.at.frame) return Fate::ignored_old;
      break;
    case Acceptance::exact:
      // Data in flight overtook it: when it arrived, its receiver was further on.
      if (r.receiver_acked.seen() && after(r.receiver_ack_after, r.seq + 1) && newer_one)
        return Fate::ignored_old;
      break;
    case Acceptance::in_order:
      // Everything before it is in flight; an unchanged ACK and another RST show that some was lost.
      if (r.challenge.seen() && newer_one) return Fate::challenged;
      break;
    case Acceptance::presumed:
    case Acceptance::challenged:
    case Acceptance::old:
    case Acceptance::beyond:
    case Acceptance::unknown: break;
  }
  return went_on_regardless(r) ? Fate::unknown : Fate::accepted;
}

// A raw socket goes on behind the RST with which its own system answered the SYN-ACK (nmap -sS, emulators):
// that system knows nothing of it. Before the third step nothing that carries the client's address says that
// another sent the RST, and what follows counts only for a server that answers it otherwise than with RSTs.
bool took_syn_back(const Teardown& t) {
  const Connection& c = *t.connection;
  const Endpoint& server = c.side(t.server());
  const Reset& r = t.reset()->facts;
  const Endpoint& client = c.side(t.client);
  const bool fits = client.has_iss ? in_window(r.seq, client.iss, client.syn_bytes + 2)
                                   : server.has_ack && r.seq == server.rcv_nxt;
  return r.sender == t.client && r.before_third_step && server.synack_count > 0 && fits &&
         server.last_segment.frame < r.at.frame;
}

// What was rejected on the way never gets an ACK: its purported receiver goes on, a round trip later, and has
// come no further. One whose ACKs still advance has only not come to it yet.
bool is_rejected_mid_path(const Connection& c, const Reset& r) {
  if (!r.sender_kept_mute.seen() || !sender_went_on(r)) return false;
  const Endpoint& x = c.side(r.sender);
  return x.ack_advanced.frame < r.sender_kept_mute.frame && at_or_before(x.rcv_nxt, r.trigger.seq);
}

bool is_redundant(const Teardown& t, const Reset& r) {
  return t.closed_before_reset && r.at.frame > t.closed.frame;
}

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
    } else if (r.fate == Fate::unknown && fallback < 0 && !went_on_regardless(r.facts) &&
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

// A closed socket answers what it finds too late with the number that this acknowledges (RFC 9293 §3.5.2),
// which is old where data and FIN had overtaken that answer; it then answers the ACK of its FIN as well. The
// first RST tells what happened, the second one ended it.
void find_overtaken_cause(Teardown& t) {
  if (t.decisive_reset < 0) return;
  const JudgedReset& last = *t.reset();
  const bool answers_ack = last.shape == Shape::reactive && last.facts.trigger.kind == SegmentKind::pure_ack;
  if (!answers_ack || last.fate != Fate::accepted) return;
  for (int i = 0; i < t.decisive_reset; ++i) {
    const JudgedReset& first = t.resets[static_cast<std::size_t>(i)];
    const bool met_data = first.shape == Shape::reactive && first.facts.trigger.kind == SegmentKind::data;
    const bool too_late = first.fate == Fate::ignored_old && first.facts.sender_fin_sent;
    if (!met_data || !too_late || first.facts.sender != last.facts.sender) continue;
    t.confirming_reset = last.facts.at.frame;
    t.decisive_reset = i;
    return;
  }
}

}  // namespace

bool sender_went_on(const Reset& r) { return r.sender_sent_more.seen() || r.sender_acked_more.seen(); }

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
  const Acceptance acceptance = acceptance_of(c, r);  // its receiver's SYN may be captured behind it
  const Fate fate = by_number(acceptance);
  if (fate == Fate::accepted) return fate_of_acceptable(c, r, acceptance);
  return r.receiver_has_ack || answers_syn(c, r) ? fate : fate_before_first_ack(r);
}

void find_resets(Teardown& t) {
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
  find_overtaken_cause(t);
  const JudgedReset* decisive = t.reset();
  if (decisive == nullptr || !t.reset_accepted()) return;
  t.took_syn_back = took_syn_back(t);
  if (t.took_syn_back) return;
  const Reset& r = decisive->facts;
  t.rejected_mid_path = is_rejected_mid_path(c, r);
  const bool built_nearby = habits::built_nearby(t, *decisive);
  t.forged = (sender_went_on(r) || burst_steps_ahead(t) || built_nearby) && !t.rejected_mid_path;
}

}  // namespace tcpteardown
