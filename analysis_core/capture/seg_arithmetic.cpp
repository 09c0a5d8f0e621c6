// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/seg_arithmetic.h"

#include <cstddef>

namespace tcpteardown {
namespace {

// SYN and FIN occupy a number each (RFC 9293 §3.4).
Seq end_of(const ScriptSegment& segment) {
  return segment.end + (segment.flags.syn ? 1U : 0U) + (segment.flags.fin ? 1U : 0U);
}

}  // namespace

void ScriptArithmetic::check_sequence(const ScriptSegment& segment, const Half& half) {
  if (segment.is_raw_seq || !half.snd_nxt) return;
  if (after(segment.seq, *half.snd_nxt)) {
    throw ScriptError("the segment starts " + std::to_string(distance(*half.snd_nxt, segment.seq)) +
                      " beyond what its side has sent; write the segments between as unseen");
  }
}

void ScriptArithmetic::check_ack(const ScriptSegment& segment, const Half& peer) {
  if (!segment.flags.ack || segment.is_raw_ack || !peer.rcv_nxt) return;
  if (after(*segment.ack, *peer.rcv_nxt)) {
    throw ScriptError("the segment acknowledges " + std::to_string(distance(*peer.rcv_nxt, *segment.ack)) +
                      " more than has reached its side");
  }
}

void ScriptArithmetic::deliver(Half& half, Seq start, Seq end) {
  if (!half.rcv_nxt) half.rcv_nxt = start;
  half.beyond.emplace_back(start, end);
  for (std::size_t i = 0; i < half.beyond.size();) {
    const auto [left, right] = half.beyond[i];
    if (after(left, *half.rcv_nxt)) {
      ++i;
      continue;
    }
    half.rcv_nxt = later_of(*half.rcv_nxt, right);
    half.beyond.erase(half.beyond.begin() + static_cast<std::ptrdiff_t>(i));
    i = 0;  // the gap may have closed in front of an earlier one
  }
}

void ScriptArithmetic::add(const ScriptSegment& segment) {
  if (segment.is_forged) return;
  Half& half = halves_[static_cast<std::size_t>(segment.side)];
  Half& peer = halves_[static_cast<std::size_t>(1 - segment.side)];
  check_sequence(segment, half);
  check_ack(segment, peer);
  if (segment.flags.rst) return;  // its payload, if any, is not of the stream (RFC 9293 §3.5.3)
  const Seq end = end_of(segment);
  half.snd_nxt = half.snd_nxt ? later_of(*half.snd_nxt, end) : end;
  if (!segment.is_lost) deliver(half, segment.seq, end);
  // A script that starts inside a connection shows where the other side stands.
  if (segment.flags.ack && !segment.is_raw_ack) {
    if (!peer.snd_nxt) peer.snd_nxt = segment.ack;
    if (!peer.rcv_nxt) peer.rcv_nxt = segment.ack;
  }
}

}  // namespace tcpteardown
