// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

// How far the capture carries the verdict: each doubt is one way in which a single missing frame, or two
// captured in the wrong order, would tell another story. The table in limits.cpp says what each one costs.
namespace tcpteardown::doubts {

using T = const Teardown&;

// --- any ending --------------------------------------------------------------------------------
[[nodiscard]] bool lossy_and_it_matters(T t);  // not behind an orderly close, nor of a refusal
[[nodiscard]] bool short_and_it_matters(T t);  // likewise
[[nodiscard]] bool waited_briefly(T t);        // for the answer to a SYN or SYN-ACK, until the capture ended
[[nodiscard]] bool waited_briefly_until_reset(T t);
[[nodiscard]] bool starts_in_the_middle(T t);
[[nodiscard]] bool perhaps_joined(T t);
[[nodiscard]] bool third_step_perhaps_lost(T t);
[[nodiscard]] bool syn_ack_never_repeated(T t);
[[nodiscard]] bool perhaps_never_taken(T t);
[[nodiscard]] bool few_probes(T t);
[[nodiscard]] bool fell_silent_in_vain(T t);
[[nodiscard]] bool next_not_due(T t);
[[nodiscard]] bool last_ack_may_have_come(T t);

// --- an ending by a RST: asked by of_reset() -----------------------------------------------------
using R = const JudgedReset&;

// The RST that ended it, if there may be more to it than was captured.
[[nodiscard]] const JudgedReset* doubtful_reset(T t);

// None of them holds where there is no such RST.
template <bool (*doubt)(T, R)>
[[nodiscard]] bool of_reset(T t) {
  const JudgedReset* r = doubtful_reset(t);
  return r != nullptr && doubt(t, *r);
}

[[nodiscard]] bool reset_perhaps_not_taken(T t, R r);
[[nodiscard]] bool nothing_before_reset(T t, R r);  // the capture starts so late that it has no data
[[nodiscard]] bool lacks_fin_or_trigger(T t, R r);  // that only numbers betray
[[nodiscard]] bool cancelled_with_ack(T t, R r);
[[nodiscard]] bool cancelled_late(T t, R r);
[[nodiscard]] bool lacks_data(T t, R r);
[[nodiscard]] bool foreign_hop_limit(T t, R r);
[[nodiscard]] bool acks_too_soon(T t, R r);
[[nodiscard]] bool spoke_just_before(T t, R r);
[[nodiscard]] bool only_own_ack_missing(T t, R r);    // of data that the resetter had sent
[[nodiscard]] bool acked_beside_reset(T t, R r);      // and that ACK may have come before the RST
[[nodiscard]] bool only_peers_ack_missing(T t, R r);  // of data that it was being sent
[[nodiscard]] bool perhaps_closed_unseen(T t, R r);
[[nodiscard]] bool answers_fin_ack(T t, R r);
[[nodiscard]] bool answers_bare_ack(T t, R r);
[[nodiscard]] bool probed_in_vain(T t, R r);
[[nodiscard]] bool perhaps_probed_elsewhere(T t, R r);
[[nodiscard]] bool fin_follows_hole(T t, R r);
[[nodiscard]] bool before_shut_window(T t, R r);
[[nodiscard]] bool http_not_read(T t, R r);
[[nodiscard]] bool waited_on_unknown_path(T t, R r);
[[nodiscard]] bool trigger_sent_before(T t, R r);  // and its first copy was not captured
[[nodiscard]] bool answered_unseen_itself(T t, R r);
// The other side had reset in the handshake: what followed is not one program's connection.
[[nodiscard]] bool reset_in_opening(T t, R r);
[[nodiscard]] bool canceller_went_on(T t, R r);
[[nodiscard]] bool sent_at_length_to_the_silent(T t, R r);
[[nodiscard]] bool nothing_else_of_resetter(T t, R r);

// The numbers of one side and those that the other acknowledges are not of one connection.
[[nodiscard]] bool numbers_do_not_fit(T t);

// A forged FIN that only one habit betrays; and FINs that one soft sign, or two, make doubtful.
[[nodiscard]] bool fin_has_one_sign(T t);
[[nodiscard]] bool fin_looks_odd(T t);
[[nodiscard]] bool fin_looks_foreign(T t);

[[nodiscard]] bool only_habits_accuse(T t);  // nothing that its purported sender did since
[[nodiscard]] bool only_time_accuses(T t);   // and that was not long
[[nodiscard]] bool answered_as_by_host(T t);

}  // namespace tcpteardown::doubts
