// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/zeek_state.h"

namespace tcpteardown {
namespace {

bool unheard(ZeekState s) { return s == ZeekState::inactive; }

// RSTOS0: a SYN and then a RST of the originator, with nothing between that it sent.
bool syn_then_reset(const ZeekHistory& h) {
  bool syn = false;
  for (std::size_t i = 0; i < h.length; ++i) {
    const char letter = h.letters[i];
    if (letter == '^') continue;
    if (letter == 'S') {
      syn = true;
      continue;
    }
    if (letter == 'R') return syn;
    if (letter == 'H' || letter == 'A' || letter == 'F' || letter == 'G' || letter == 'I' || letter == 'Q') {
      return false;
    }
  }
  return false;
}

}  // namespace

// The order of Zeek's own decision: the responder's RST outranks the originator's.
std::string_view zeek_conn_state(const ZeekHistory& h) {
  const ZeekState o = h.originator.state;
  const ZeekState r = h.responder.state;
  const bool o_opening = o == ZeekState::syn_sent || o == ZeekState::syn_ack_sent;
  if (r == ZeekState::reset) {
    const bool both_empty = h.originator.bytes == 0 && h.responder.bytes == 0;
    if (o_opening || (o == ZeekState::reset && both_empty)) return "REJ";
    return unheard(o) || o == ZeekState::partial ? "RSTRH" : "RSTR";
  }
  if (o == ZeekState::reset) {
    if (!unheard(r)) return "RSTO";
    return syn_then_reset(h) ? "RSTOS0" : "OTH";
  }
  if (o == ZeekState::closed && r == ZeekState::closed) return "SF";
  if (o == ZeekState::closed) return unheard(r) ? "SH" : "S2";
  if (r == ZeekState::closed) return unheard(o) ? "SHR" : "S3";
  if (o == ZeekState::syn_sent && unheard(r)) return "S0";
  if (o == ZeekState::established && r == ZeekState::established) return "S1";
  return "OTH";
}

std::string zeek_history(const ZeekHistory& h) { return {h.letters.data(), h.length}; }

}  // namespace tcpteardown
