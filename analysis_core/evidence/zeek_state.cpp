// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/zeek_state.h"

#include <algorithm>

namespace tcpteardown {
namespace {

// Zeek's scripts count a side that was first seen in mid-stream as not heard (conn/main.zeek).
bool unheard(ZeekState s) { return s == ZeekState::inactive || s == ZeekState::partial; }

// RSTOS0: a SYN and then a RST of the originator, with nothing between that it sent.
bool syn_then_reset(std::string_view letters) {
  if (letters.starts_with('^')) letters.remove_prefix(1);
  if (!letters.starts_with('S')) return false;
  const std::size_t stop = letters.find_first_of("RHAFGIQ");
  return stop != std::string_view::npos && letters[stop] == 'R';
}

// Payload bytes by the numbers of its segments and of the peer's acknowledgements.
bool sent_nothing(const ZeekSide& side) {
  const std::int64_t highest = std::max(side.last, side.acked);
  return highest - 1 - (side.fin ? 1 : 0) <= 0;
}

}  // namespace

// The order of Zeek's own decision: the responder's RST outranks the originator's.
std::string_view zeek_conn_state(const ZeekHistory& h) {
  const ZeekState o = h.originator.state;
  const ZeekState r = h.responder.state;
  const bool o_opening = o == ZeekState::syn_sent || o == ZeekState::syn_ack_sent;
  if (r == ZeekState::reset) {
    const bool both_empty = sent_nothing(h.originator) && sent_nothing(h.responder);
    if (o_opening || (o == ZeekState::reset && both_empty)) return "REJ";
    return unheard(o) ? "RSTRH" : "RSTR";
  }
  if (o == ZeekState::reset) {
    if (!unheard(r)) return "RSTO";
    return syn_then_reset({h.letters.data(), h.length}) ? "RSTOS0" : "OTH";
  }
  if (o == ZeekState::closed && r == ZeekState::closed) return "SF";
  if (o == ZeekState::closed) return unheard(r) ? "SH" : "S2";
  if (r == ZeekState::closed) return unheard(o) ? "SHR" : "S3";
  if (o == ZeekState::syn_sent && r == ZeekState::inactive) return "S0";
  if (o == ZeekState::established && r == ZeekState::established) return "S1";
  return "OTH";
}

std::string zeek_history(const ZeekHistory& h) {
  std::string out;
  for (std::size_t i = 0; i < h.length; ++i) out.append(h.runs[i], h.letters[i]);
  return out;
}

}  // namespace tcpteardown
