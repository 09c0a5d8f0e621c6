// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/quality.h"

namespace tcpteardown {

std::int64_t tail_of(const Connection& c, CaptureEnd end) {
  const std::int64_t tail = end.time_ns - c.last.time_ns;
  return tail > 0 ? tail : 0;
}

Quality find_quality(const Teardown& t) {
  const Connection& c = *t.connection;
  const auto spoke = [&c](Side s) {
    for (std::size_t i = 0; i < c.resets.kept(); ++i) {
      if (c.resets[i].sender == s) return true;
    }
    return c.side(s).has_seq || c.stale_ack.seen() || c.bad_syn_ack.seen();
  };
  Quality q;
  q.midstream = c.a.syn_count + c.b.syn_count == 0;
  // Only SYNs so far is no sign of a one-sided capture; anything more means the peer answered.
  const bool only_syns = !c.handshake_acked && c.resets.count() == 0 && !q.midstream;
  q.one_sided = spoke(Side::a) != spoke(Side::b) && !only_syns;
  const auto misses = [](const Endpoint& x) { return x.missed_bytes > 0 || x.acked_unseen; };
  // The client acknowledged a SYN-ACK, which only the server can have sent.
  const Endpoint& server = c.a.syn_count > 0 ? c.b : c.a;
  const bool lacks_syn_ack = c.handshake_acked && !q.midstream && server.has_seq && !server.has_iss;
  const bool unrepeated =
      left_unrepeated(c, Side::a, t.end.time_ns) || left_unrepeated(c, Side::b, t.end.time_ns);
  q.lossy = misses(c.a) || misses(c.b) || lacks_syn_ack || unrepeated;
  q.truncated = c.truncated;
  q.reordered = c.a.reordered || c.b.reordered || c.time_ran_backwards;
  q.duplicated = c.duplicates > 0;
  q.short_tail = tail_of(c, t.end) < t.silence_ns;
  q.full = !q.midstream && !q.one_sided && !q.lossy && !q.truncated && !q.reordered && !q.duplicated;
  return q;
}

}  // namespace tcpteardown
