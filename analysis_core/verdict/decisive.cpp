// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/decisive.h"

#include <cstddef>

#include "evidence/foreign_fin.h"
#include "verdict/questions_common.h"

namespace tcpteardown::decisive {
namespace {

using questions::conn;

const Endpoint& gave_up(T t) { return conn(t).side(questions::who_gave_up(t)); }

const Fin& the_fin(T t) { return conn(t).side(t.a_fin ? Side::a : Side::b).fin; }

}  // namespace

Moment none(T) { return {}; }
Moment last_syn(T t) { return questions::client(t).last_syn; }
Moment icmp_error(T t) { return conn(t).icmp.first; }
Moment closing_ack(T t) { return t.closed; }
Moment only_fin(T t) { return the_fin(t).first; }
Moment forged_fin(T t) { return tcpteardown::forged_fin(t).at; }
Moment last_copy_of_fin(T t) { return the_fin(t).last; }

Moment last_syn_ack(T t) { return t.reset() != nullptr ? reset(t) : questions::server(t).last_syn; }

Moment syn_or_stray_answer(T t) { return questions::is_answer_to_another(t) ? last_syn_ack(t) : last_syn(t); }

Moment closing_ack_or_reset(T t) { return questions::both_fins_acked(t) ? closing_ack(t) : reset(t); }

Moment last_fin(T t) {
  const Moment& a = conn(t).a.fin.first;
  const Moment& b = conn(t).b.fin.first;
  return a.frame < b.frame ? b : a;
}

Moment reset(T t) {
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const Moment& at = t.resets[i].facts.at;
    if (at.seen() && at.frame == t.confirming_reset) return at;
  }
  return t.reset() == nullptr ? Moment{} : t.reset()->facts.at;
}

Moment reset_or_last_fin(T t) {
  const Moment at = reset(t);
  return at.seen() ? at : last_fin(t);
}

// A RST that only answers what came when the sender had given up is not the end.
Moment last_resend(T t) {
  return t.reset() != nullptr ? t.reset()->facts.sender_resends.last : questions::run_in_vain(t).last;
}

Moment last_keep_alive(T t) { return t.reset() != nullptr ? reset(t) : gave_up(t).keep_alives.last; }

Moment last_window_probe(T t) { return t.reset() != nullptr ? reset(t) : gave_up(t).window_probes.last; }

}  // namespace tcpteardown::decisive
