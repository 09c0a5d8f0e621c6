// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/retry.h"

#include "evidence/exchange.h"
#include "verdict/questions_common.h"

namespace tcpteardown::retry {
namespace {

using questions::client;
using questions::rst;
using questions::server;

// The server's last data answers all that the client had sent.
bool was_answered(T t) {
  const Endpoint& y = server(t);
  return y.has_ack_at_last_data && at_or_after(y.ack_at_last_data, client(t).data_end) &&
         !find_exchange(t).response.cut_short();
}

// And the client had all of it.
bool has_the_answer(T t) {
  return was_answered(t) && client(t).has_ack && at_or_after(client(t).rcv_nxt, server(t).data_end);
}

bool needs_no_repeat(T t) {
  const bool whole = find_exchange(t).response.whole && client(t).payload.http_pending == 0;
  const bool said_all = was_answered(t) && t.fin(t.server()) && t.fin_acked(t.server());
  return whole || said_all || t.only_tls_alert_lost;
}

// What was not captured may have been asked, or taken.
bool capture_may_hide(T t) { return t.quality.one_sided || t.quality.lossy || t.quality.midstream; }

bool asked_nothing(T t) {
  const Endpoint& x = client(t);
  if (questions::is_answer_to_another(t)) return true;  // its SYN is that of the other one
  // An alert in clear ends a handshake: behind it no request can have been sent in cipher.
  if (find_exchange(t).alert.frame != 0) return true;
  return x.bytes == 0 && x.has_seq && !t.quality.lossy && !t.quality.midstream;
}

bool part_was_taken(T t) { return server(t).has_ack && after(server(t).rcv_nxt, client(t).turn_seq); }

// Of two copies the first may have been taken, and the ACK of it lost.
bool sent_once(T t) {
  const Endpoint& x = client(t);
  return !x.last_retransmission.seen() || x.last_retransmission.frame < x.turn.frame;
}

Retry judged(T t, bool proven_untaken) {
  if (asked_nothing(t)) return Retry::absent;
  if (t.quality.one_sided || !client(t).turn.seen()) return Retry::unknown;
  if (needs_no_repeat(t)) return Retry::absent;
  if (part_was_taken(t)) return Retry::unsafe;
  if (capture_may_hide(t)) return Retry::unknown;
  return proven_untaken && sent_once(t) ? Retry::safe : Retry::unsafe;
}

}  // namespace

Retry no_question(T) { return Retry::absent; }

Retry not_known(T t) { return judged(t, false) == Retry::absent ? Retry::absent : Retry::unknown; }

Retry perhaps_taken(T t) { return judged(t, false); }

Retry unless_answered(T t) { return has_the_answer(t) ? Retry::absent : judged(t, false); }

// RFC 7413: there is no socket that could have taken data from the SYN.
Retry with_the_syn(T t) { return judged(t, true); }

// The server's FIN does not cover the request, and behind the FIN its socket was gone: whatever came then was
// answered with a RST and not taken (RFC 9293 §3.6.1, Linux tcp_rcv_state_process). Without that FIN the RST
// alone proves nothing: any device on the path may have made it, and let the request through. A server that
// only stopped sending may read on and close between two segments: the first must have drawn a RST, too.
Retry met_closed_socket(T t) {
  if (questions::probe_met_closed_socket(t)) return unless_answered(t);
  const Trigger& trigger = rst(t).trigger;
  const bool answers_it = rst(t).sender == t.server() && trigger.at.frame >= client(t).turn.frame &&
                          trigger.kind != SegmentKind::pure_ack;
  return judged(t, questions::server_closed_before_request(t) && answers_it && t.reset_accepted() &&
                       questions::client_asked_anew(t) && client(t).turn_was_reset);
}

// The device that rejected it is between the two; what its server sent afterwards does not know of it.
Retry stopped_on_path(T t) {
  const bool rejects_it = rst(t).sender == t.server() && rst(t).trigger.seq == client(t).turn_seq;
  return judged(t, rejects_it && questions::client_asked_anew(t));
}

}  // namespace tcpteardown::retry
