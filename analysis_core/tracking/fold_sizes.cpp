// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tracking/fold.h"

// How long the segments were that arrived: a path may lose the long ones only.
namespace tcpteardown::folding {

// What lies in [start, end) was acknowledged. Of what is not remembered any more, the longest may have been
// among it.
void note_delivered(Connection& c, Side sender, Seq start, Seq end) {
  Endpoint& x = c.side(sender);
  for (const RecentSegment& r : c.recent[static_cast<std::size_t>(sender)]) {
    const bool is_inside = at_or_after(r.seq, start) && at_or_before(r.seq + r.length, end);
    if (r.at.seen() && !r.flags.rst && is_inside)
      x.longest_delivered = std::max(x.longest_delivered, r.length);
  }
  if (x.forgotten_length == 0 || !after(end, x.forgotten_seq)) return;
  x.longest_delivered = std::max(x.longest_delivered, x.forgotten_length);
  x.forgotten_length = 0;
}

void note_forgotten(Endpoint& x, const Endpoint& y, const RecentSegment& r) {
  const bool in_flight =
      r.at.seen() && !r.flags.rst && r.length > 0 && y.has_ack && after(r.seq + r.length, y.rcv_nxt);
  if (!in_flight) return;
  x.forgotten_seq = x.forgotten_length == 0 || before(r.seq, x.forgotten_seq) ? r.seq : x.forgotten_seq;
  x.forgotten_length = std::max(x.forgotten_length, r.length);
}

}  // namespace tcpteardown::folding
