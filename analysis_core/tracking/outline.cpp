// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/outline.h"

#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

bool is_bare_syn(const Segment& s) {
  return s.flags.syn && !s.flags.ack && !s.flags.rst && !s.flags.fin && s.payload_length == 0;
}

bool may_be_over(const Outline& o) { return o.reset || (o.a_fin && o.b_fin); }

// The same SYN once more, and nobody has answered it but with a RST: a retry (see connection_table.cpp).
bool repeats_attempt(const Outline& o, const Told& told, const Segment& s, Side sender) {
  return o.is_attempt && sender == Side::a && is_bare_syn(s) && s.seq + 1 == told.side(Side::a).next;
}

// The SYN-ACK that everybody waits for. Any other SYN may wait in PendingSyn, or start a connection.
bool answers_opening(const Outline& o, const Told& told, const Segment& s, Side sender) {
  const bool is_syn_ack = s.flags.ack && !s.flags.rst && !s.flags.fin;
  return is_syn_ack && !told.side(sender).has_spoken() && !may_be_over(o);
}

}  // namespace

bool needs_facts(const Outline& o, const Told& told, const Segment& s, Side sender) {
  if (s.flags.syn) return !repeats_attempt(o, told, s, sender) && !answers_opening(o, told, s, sender);
  // An ACK of an old connection that answers the SYN: which one that was, is noted.
  if (o.has_earlier && !o.a_acked && sender == Side::b && !s.flags.rst) return true;
  // Perhaps of a later connection, whose SYN was not captured.
  return may_be_over(o) && s.payload_length > 0 && s.time_ns - told.time_ns > threshold::kLaterConnection;
}

void note_outline(Outline& o, const Segment& s, Side sender, bool first) {
  const bool is_refusal = sender == Side::b && s.flags.rst;
  o.is_attempt = first ? is_bare_syn(s) : o.is_attempt && (is_refusal || is_bare_syn(s));
  if (sender == Side::a && s.flags.ack && !s.flags.rst) o.a_acked = true;
  if (s.flags.fin && sender == Side::a) o.a_fin = true;
  if (s.flags.fin && sender == Side::b) o.b_fin = true;
  if (s.flags.rst) o.reset = true;
}

}  // namespace tcpteardown
