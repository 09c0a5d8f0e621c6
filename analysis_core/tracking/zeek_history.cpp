// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/zeek_history.h"

namespace tcpteardown {
namespace {

// Positions in ZeekSide::last_seq and bits of repeatable_seen.
enum Repeatable : std::uint8_t { kSyn, kSynAck, kFin, kRst };
// Bits of ZeekSide::letters_once.
enum Once : std::uint8_t { kAck = 1, kData = 2 };

void append(ZeekHistory& h, char letter, bool originator) {
  if (h.length >= h.letters.size()) return;
  const char lower = static_cast<char>(letter - 'A' + 'a');
  h.letters[h.length++] = originator ? letter : lower;
}

// S, H, F and R are written again only with another sequence number.
void append_repeatable(ZeekHistory& h, ZeekSide& side, Repeatable which, char letter, std::uint32_t seq,
                       bool originator) {
  const auto bit = static_cast<std::uint8_t>(1U << which);
  if ((side.repeatable_seen & bit) != 0 && side.last_seq[which] == seq) return;
  side.repeatable_seen = static_cast<std::uint8_t>(side.repeatable_seen | bit);
  side.last_seq[which] = seq;
  append(h, letter, originator);
}

void append_once(ZeekHistory& h, ZeekSide& side, Once which, char letter, bool originator) {
  if ((side.letters_once & which) != 0) return;
  side.letters_once = static_cast<std::uint8_t>(side.letters_once | which);
  append(h, letter, originator);
}

bool is_power_of_ten(std::uint32_t n) {
  while (n >= 10 && n % 10 == 0) n /= 10;
  return n == 1;
}

void append_logarithmic(ZeekHistory& h, std::uint32_t count, char letter, bool originator) {
  if (is_power_of_ten(count)) append(h, letter, originator);
}

void fold_reset_state(ZeekSide& me, const ZeekSide& peer) {
  if (me.state == ZeekState::closed && peer.state == ZeekState::closed) return;
  me.state = ZeekState::reset;
}

void fold_fin_state(ZeekSide& me, ZeekSide& peer) {
  const bool peer_closed_before = (peer.repeatable_seen & (1U << kFin)) != 0;
  if (peer.state == ZeekState::reset && peer_closed_before) peer.state = ZeekState::closed;
  if (me.state != ZeekState::reset) me.state = ZeekState::closed;
}

void fold_state(ZeekSide& me, ZeekSide& peer, const Segment& s) {
  if (s.flags.rst) return fold_reset_state(me, peer);
  if (s.flags.fin) return fold_fin_state(me, peer);
  if (me.state == ZeekState::syn_ack_sent && !s.flags.syn) me.state = ZeekState::established;
  if (s.flags.syn) {
    if (!s.flags.ack) {
      if (me.state == ZeekState::inactive) me.state = ZeekState::syn_sent;
    } else if (peer.state == ZeekState::syn_sent) {
      me.state = peer.state = ZeekState::established;
    } else if (me.state == ZeekState::inactive || me.state == ZeekState::syn_sent) {
      me.state = ZeekState::syn_ack_sent;
    }
    return;
  }
  const bool answers_syn = peer.state == ZeekState::syn_sent;
  if (me.state == ZeekState::inactive && !answers_syn) me.state = ZeekState::partial;
}

// Payload bytes once: what lies beyond the highest sequence number; true if all was old.
bool count_payload(ZeekSide& me, const Segment& s) {
  const Seq start = s.flags.syn ? s.seq + 1 : s.seq;
  const Seq end = start + s.payload_length;
  if (!me.has_next) {
    me.has_next = true;
    me.next = start;
  }
  if (s.payload_length == 0 || s.flags.rst) {
    if (after(end, me.next) && s.flags.syn) me.next = end;
    return false;
  }
  const bool old = at_or_before(end, me.next);
  if (after(end, me.next)) {
    me.bytes += static_cast<std::uint64_t>(distance(me.next, end));
    me.next = end;
  }
  return old;
}

void fold_letters(ZeekHistory& h, ZeekSide& me, const Segment& s, bool originator) {
  const std::uint32_t seq = s.seq.raw;
  if (s.flags.syn) {
    append_repeatable(h, me, s.flags.ack ? kSynAck : kSyn, s.flags.ack ? 'H' : 'S', seq, originator);
  }
  const bool has_data = s.payload_length > 0 && !s.flags.rst;
  const bool old = count_payload(me, s);
  if (has_data) append_once(h, me, kData, 'D', originator);
  if (old && has_data) {
    append_logarithmic(h, ++me.retransmissions, 'T', originator);
  }
  const bool pure_ack = s.flags.ack && !has_data && !s.flags.syn && !s.flags.fin && !s.flags.rst;
  if (pure_ack) append_once(h, me, kAck, 'A', originator);
  if (s.flags.fin) append_repeatable(h, me, kFin, 'F', seq + s.payload_length, originator);
  if (s.flags.rst) append_repeatable(h, me, kRst, 'R', seq, originator);
  if (s.flags.rst || s.flags.syn) return;
  if (s.window == 0) append_logarithmic(h, ++me.zero_windows, 'W', originator);
}

// The first packet decides who is the originator: its sender, but not of a SYN-ACK, and not of
// a packet without SYN from a well-known port to one that is not.
bool starts_flipped(const Segment& s) {
  if (s.flags.syn) return s.flags.ack;
  return s.source.port < 1024 && s.destination.port >= 1024;
}

}  // namespace

void fold(ZeekHistory& h, const Segment& s, bool from_a) {
  const bool first =
      h.length == 0 && h.originator.state == ZeekState::inactive && h.responder.state == ZeekState::inactive;
  if (first && starts_flipped(s)) {
    h.flipped = true;
    h.letters[h.length++] = '^';
  }
  const bool originator = from_a != h.flipped;
  ZeekSide& me = originator ? h.originator : h.responder;
  ZeekSide& peer = originator ? h.responder : h.originator;
  fold_state(me, peer, s);
  fold_letters(h, me, s, originator);
}

}  // namespace tcpteardown
