// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/zeek_history.h"

namespace tcpteardown {
namespace {

// Bits of ZeekSide::written. S and H share one; the first three are positions in last_number.
enum Written : std::uint8_t { kSyn, kFin, kRst, kData, kAck, kFinRst, kManyFlags };

// Beyond that, Zeek believes the number of a SYN or RST and an ACK of 0 to be junk.
constexpr std::int64_t kTooFar = 1'048'576;

constexpr std::size_t kLongestHistory = 255;  // our bound

void append(ZeekHistory& h, char letter, bool originator) {
  const char written = originator ? letter : static_cast<char>(letter - 'A' + 'a');
  if (h.length > 0 && h.letters[h.length - 1U] == written) {
    if (h.runs[h.length - 1U] < kLongestHistory) ++h.runs[h.length - 1U];
    return;
  }
  if (h.length >= h.letters.size()) return;
  h.letters[h.length] = written;
  h.runs[h.length++] = 1;
}

// True if the letter was written before; else it is now.
bool written_before(ZeekHistory& h, ZeekSide& me, Written which, char letter, bool originator) {
  const auto bit = static_cast<std::uint8_t>(1U << which);
  if ((me.written & bit) != 0) return true;
  me.written = static_cast<std::uint8_t>(me.written | bit);
  append(h, letter, originator);
  return false;
}

// S, H, F and R are written again only with another number than the one before.
void append_numbered(ZeekHistory& h, ZeekSide& me, Written which, char letter, std::int64_t number,
                     bool originator) {
  const bool repeated = written_before(h, me, which, letter, originator);
  if (repeated && me.last_number[which] != number) append(h, letter, originator);
  me.last_number[which] = number;
}

void append_logarithmic(ZeekHistory& h, std::uint32_t count, char letter, bool originator) {
  while (count >= 10 && count % 10 == 0) count /= 10;
  if (count == 1) append(h, letter, originator);
}

// A number on the circle, nearest to `near`.
std::int64_t relative(const ZeekSide& side, Seq number, std::int64_t near) {
  return near + distance(side.start + static_cast<std::uint32_t>(near), number);
}

// Payload of a RST is not of the stream.
std::uint32_t sequence_length(const Segment& s) {
  return (s.flags.rst ? 0 : s.payload_length) + (s.flags.syn ? 1U : 0U) + (s.flags.fin ? 1U : 0U);
}

void number_from(ZeekSide& me, Seq start, std::int64_t last) {
  me.start = start;
  me.acked = 0;
  me.last = last;
}

// A SYN starts the numbers, in a live connection anew; without one they start as if it had been
// one before the first number seen.
void fold_start(ZeekSide& me, const Segment& s) {
  const bool first = me.state == ZeekState::inactive;
  if (!s.flags.syn) {
    if (first) number_from(me, s.seq - 1, 1);
    return;
  }
  const bool opening = me.state == ZeekState::syn_sent || me.state == ZeekState::syn_ack_sent;
  const bool live = me.state == ZeekState::established || me.state == ZeekState::partial;
  const bool began_with_reset = me.state == ZeekState::reset && me.previous == ZeekState::inactive;
  if (first || live || began_with_reset || (opening && s.seq != me.start)) {
    number_from(me, s.seq, sequence_length(s));
  }
}

void set_state(ZeekSide& me, ZeekState state) {
  if (me.state == state) return;
  me.previous = me.state;
  me.state = state;
}

// The first segment of its sender.
void fold_first_state(ZeekSide& me, ZeekSide& peer, const Segment& s, bool originator) {
  if (s.flags.syn && originator) {
    set_state(me, s.flags.ack ? ZeekState::syn_ack_sent : ZeekState::syn_sent);
  } else if (s.flags.syn) {
    if (peer.state == ZeekState::syn_sent) set_state(peer, ZeekState::established);
    set_state(me, ZeekState::established);
  }
  if (s.flags.fin) set_state(me, ZeekState::closed);
  if (s.flags.rst) set_state(me, ZeekState::reset);
  if (me.state != ZeekState::inactive) return;
  // An ACK of the SYN ahead of the SYN-ACK does not count; a third step without a SYN does.
  if (!originator && s.payload_length == 0 && peer.state == ZeekState::syn_sent) return;
  const bool third_step = s.flags.ack && peer.state == ZeekState::established;
  set_state(me, third_step ? ZeekState::established : ZeekState::partial);
}

void fold_live_state(ZeekSide& me, ZeekSide& peer, const Segment& s) {
  const bool opens = s.flags.syn && !s.flags.ack && me.state == ZeekState::partial;
  if (opens && peer.state == ZeekState::inactive) set_state(me, ZeekState::syn_sent);
  if (s.flags.fin && !s.flags.rst) {
    set_state(me, ZeekState::closed);
    // FIN, then RST, and now the peer's FIN: that was an orderly end. A RST before the own FIN
    // stays one.
    const bool reset_after_fin = peer.state == ZeekState::reset && peer.previous == ZeekState::closed;
    if (reset_after_fin) set_state(peer, ZeekState::closed);
  }
  if (s.flags.rst) set_state(me, ZeekState::reset);
}

void fold_state(ZeekSide& me, ZeekSide& peer, const Segment& s, bool originator) {
  switch (me.state) {
    case ZeekState::inactive: return fold_first_state(me, peer, s, originator);
    case ZeekState::syn_sent:
    case ZeekState::syn_ack_sent:
      if (s.flags.fin) set_state(me, ZeekState::closed);
      if (s.flags.rst) set_state(me, ZeekState::reset);
      return;
    case ZeekState::partial:
    case ZeekState::established: return fold_live_state(me, peer, s);
    case ZeekState::closed:
      if (s.flags.rst && peer.state != ZeekState::closed) set_state(me, ZeekState::reset);
      return;
    case ZeekState::reset: return;
  }
}

// One letter for the control bits, else one for data or a pure ACK: data with a FIN has no 'D'.
void fold_letters(ZeekHistory& h, ZeekSide& me, const Segment& s, std::int64_t number, bool originator) {
  const Flags& f = s.flags;
  if (f.fin && f.rst) {
    written_before(h, me, kFinRst, 'I', originator);
  } else if (f.syn && (f.fin || f.rst)) {
    written_before(h, me, kManyFlags, 'Q', originator);
  } else if (f.syn) {
    append_numbered(h, me, kSyn, f.ack ? 'H' : 'S', number, originator);
  } else if (f.fin) {
    append_numbered(h, me, kFin, 'F', number + s.payload_length, originator);
  } else if (f.rst) {
    append_numbered(h, me, kRst, 'R', number, originator);
  } else if (s.payload_length > 0) {
    written_before(h, me, kData, 'D', originator);
  } else if (f.ack) {
    written_before(h, me, kAck, 'A', originator);
  }
}

// Nobody cares about the window once the peer has closed, or after a RST.
void fold_window(ZeekHistory& h, ZeekSide& me, const ZeekSide& peer, const Segment& s, bool originator) {
  if (s.window != 0 || s.flags.rst) return;
  if (peer.state == ZeekState::closed || me.state == ZeekState::reset) return;
  append_logarithmic(h, ++me.zero_windows, 'W', originator);
}

// Returns the acknowledgement in the numbers of the peer; 0: of none.
std::int64_t fold_ack(ZeekSide& peer, const Segment& s) {
  if (!s.flags.ack) return 0;
  if (peer.state == ZeekState::inactive) {
    number_from(peer, s.ack - 1, 0);
    return 1;
  }
  const std::int64_t ack = relative(peer, s.ack, peer.acked);
  if (ack < 0) return 0;
  const bool junk = s.flags.rst || (s.ack.raw == 0 && ack - peer.acked > kTooFar);
  if (!junk && ack > peer.acked) peer.acked = ack;
  return ack;
}

void fold_last(ZeekHistory& h, ZeekSide& me, const Segment& s, bool originator) {
  const std::int64_t end = relative(me, s.seq + sequence_length(s), me.last);
  const bool too_far = end - me.last > kTooFar || me.last - end > kTooFar;
  if ((s.flags.syn || s.flags.rst) && too_far) return;
  const bool ends_all_unseen = s.flags.fin && me.last == 1;  // perhaps more than half a circle
  if (me.state == ZeekState::reset && !ends_all_unseen) return;
  if (end > me.last || ends_all_unseen) {
    me.last = end;
  } else if (s.payload_length > 0) {
    append_logarithmic(h, ++me.retransmissions, 'T', originator);
  }
}

// A hole counts only while both ends are, or were before their FIN, surely established.
bool established(const ZeekSide& side) {
  return side.state == ZeekState::established ||
         (side.state == ZeekState::closed && side.previous == ZeekState::established);
}

void fold_gaps(ZeekHistory& h, const ZeekSide& me, ZeekSide& peer, std::int64_t ack, bool originator) {
  if (peer.fin && ack >= peer.fin_end) ack = peer.fin_end - 1;
  const std::size_t holes = take_ack(peer.stream, ack);
  if (!established(me) || !established(peer)) return;
  for (std::size_t i = 0; i < holes; ++i) append_logarithmic(h, ++peer.gaps, 'G', !originator);
}

// Payload that the snap length cut is not delivered, so it is a gap as well.
void fold_data(ZeekSide& me, const Segment& s, std::int64_t number) {
  if (s.payload_length == 0 || s.flags.rst || number < 0) return;
  if (s.signs.captured < s.payload_length) return;
  const std::int64_t start = number + (s.flags.syn ? 1 : 0);
  take_data(me.stream, start, start + s.payload_length, me.acked);
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
      h.originator.state == ZeekState::inactive && h.responder.state == ZeekState::inactive && h.length == 0;
  if (first && starts_flipped(s)) {
    h.flipped = true;
    h.letters[0] = '^';
    h.runs[h.length++] = 1;
  }
  const bool originator = from_a != h.flipped;
  ZeekSide& me = originator ? h.originator : h.responder;
  ZeekSide& peer = originator ? h.responder : h.originator;
  fold_start(me, s);
  const std::int64_t number = relative(me, s.seq, me.last);
  fold_letters(h, me, s, number, originator);
  fold_window(h, me, peer, s, originator);
  if (s.flags.fin) {
    me.fin = true;
    me.fin_end = number + sequence_length(s);
  }
  const std::int64_t ack = fold_ack(peer, s);
  fold_last(h, me, s, originator);
  fold_state(me, peer, s, originator);
  if (s.flags.ack) fold_gaps(h, me, peer, ack, originator);
  fold_data(me, s, number);
}

}  // namespace tcpteardown
