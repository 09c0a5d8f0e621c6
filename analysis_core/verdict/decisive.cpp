// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/decisive.h"

#include <algorithm>

#include "evidence/foreign_fin.h"
#include "verdict/questions_common.h"

namespace tcpteardown::decisive {
namespace {

using questions::conn;

const Endpoint& gave_up(T t) { return conn(t).side(questions::who_gave_up(t)); }

const Fin& the_fin(T t) { return conn(t).side(t.a_fin ? Side::a : Side::b).fin; }

}  // namespace

FrameNumber none(T) { return 0; }
FrameNumber last_syn(T t) { return questions::client(t).last_syn.frame; }
FrameNumber icmp_error(T t) { return conn(t).icmp.first.frame; }
FrameNumber closing_ack(T t) { return t.closed.frame; }
FrameNumber only_fin(T t) { return the_fin(t).first.frame; }
FrameNumber forged_fin(T t) { return tcpteardown::forged_fin(t).at.frame; }
FrameNumber last_copy_of_fin(T t) { return the_fin(t).last.frame; }

FrameNumber last_syn_ack(T t) {
  return t.reset() != nullptr ? reset(t) : questions::server(t).last_syn.frame;
}

FrameNumber syn_or_stray_answer(T t) {
  return questions::is_answer_to_another(t) ? last_syn_ack(t) : last_syn(t);
}

FrameNumber closing_ack_or_reset(T t) { return questions::both_fins_acked(t) ? closing_ack(t) : reset(t); }

FrameNumber last_fin(T t) { return std::max(conn(t).a.fin.first.frame, conn(t).b.fin.first.frame); }

FrameNumber reset(T t) {
  if (t.confirming_reset != 0) return t.confirming_reset;
  return t.reset() == nullptr ? 0 : t.reset()->facts.at.frame;
}

FrameNumber reset_or_last_fin(T t) {
  const FrameNumber frame = reset(t);
  return frame != 0 ? frame : last_fin(t);
}

// A RST that only answers what came when the sender had given up is not the end.
FrameNumber last_resend(T t) {
  return t.reset() != nullptr ? t.reset()->facts.sender_resends.last.frame
                              : questions::run_in_vain(t).last.frame;
}

FrameNumber last_keep_alive(T t) {
  return t.reset() != nullptr ? reset(t) : gave_up(t).keep_alives.last.frame;
}

FrameNumber last_window_probe(T t) {
  return t.reset() != nullptr ? reset(t) : gave_up(t).window_probes.last.frame;
}

}  // namespace tcpteardown::decisive
