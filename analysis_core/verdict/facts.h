// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

// The vocabulary of the catalogue: each word is a question about the evidence with a yes or no
// answer. Rules in verdicts.cpp are made of these words; numbers and times stay here.
namespace tcpteardown::facts {

using T = const Teardown&;

// --- the opening -----------------------------------------------------------------------------
[[nodiscard]] bool handshake_seen(T t);      // a SYN or SYN-ACK is in the capture
[[nodiscard]] bool handshake_complete(T t);  // or the capture starts behind it
[[nodiscard]] bool syn_ack_seen(T t);
[[nodiscard]] bool only_syns(T t);  // nothing but SYNs of one side
[[nodiscard]] bool long_enough_for_an_answer(T t);
[[nodiscard]] bool surely_long_enough_for_an_answer(T t);  // no lower confidence for a short wait
[[nodiscard]] bool syn_refused(T t);
[[nodiscard]] bool client_reset_opening(T t);
[[nodiscard]] bool client_reset_own_syn(T t);
[[nodiscard]] bool client_took_syn_back(T t);  // client_reset_opening, with the number behind its SYN
[[nodiscard]] bool server_reset_opening(T t);
[[nodiscard]] bool syn_ack_was_bad(T t);
[[nodiscard]] bool stale_ack_answered_syn(T t);
[[nodiscard]] bool icmp_answered_syn(T t);

// --- the FINs --------------------------------------------------------------------------------
[[nodiscard]] bool any_fin(T t);
[[nodiscard]] bool both_fins(T t);
[[nodiscard]] bool exactly_one_fin(T t);
[[nodiscard]] bool both_fins_acked(T t);  // before any RST that was accepted
[[nodiscard]] bool fins_crossed(T t);
[[nodiscard]] bool half_close_was_used(
    T t);  // new data after the first FIN was acknowledged, itself acknowledged
[[nodiscard]] bool one_fin_acked(T t);
[[nodiscard]] bool other_end_was_open(T t);      // exactly_one_fin, and none lies before the capture
[[nodiscard]] bool fin_given_up(T t);            // retransmitted or left alone, never acknowledged
[[nodiscard]] bool data_still_flows(T t);        // after the one FIN, up to the end of the capture
[[nodiscard]] bool reset_answers_last_fin(T t);  // both closed; the RST answers a FIN without data
[[nodiscard]] bool reset_followed(T t);          // any RST after the close

// --- the RST ---------------------------------------------------------------------------------
[[nodiscard]] bool reset_decides(T t);  // one ended the connection, and both sides were seen
[[nodiscard]] bool active_reset(T t);   // reset_decides, shape active or bare
[[nodiscard]] bool reactive_reset(T t);
[[nodiscard]] bool forged(T t);
[[nodiscard]] bool rejected_mid_path(T t);
[[nodiscard]] bool both_sides_reset(T t);
[[nodiscard]] bool after_own_fin(T t);
[[nodiscard]] bool after_peer_fin(T t);
[[nodiscard]] bool server_resets(T t);
[[nodiscard]] bool server_sent_no_data(T t);
[[nodiscard]] bool no_data_at_all(T t);
[[nodiscard]] bool peer_was_sending(T t);    // data in flight towards the closer, or blocked, or streaming
[[nodiscard]] bool transfer_under_way(T t);  // and part of that transfer had been acknowledged before
[[nodiscard]] bool peer_lost_more(T t);      // at least as much in flight towards the closer as from it
[[nodiscard]] bool own_data_outstanding(T t);
[[nodiscard]] bool closer_waited_in_vain(T t);
[[nodiscard]] bool long_idle(T t);
[[nodiscard]] bool closer_left_data_unanswered(T t);

// --- the trigger of a reactive RST ------------------------------------------------------------
[[nodiscard]] bool trigger_is_data(T t);
[[nodiscard]] bool trigger_is_bare_fin(T t);
[[nodiscard]] bool trigger_is_ack_of_own_fin(T t);
[[nodiscard]] bool resetter_had_closed(T t);
[[nodiscard]] bool resetter_spoke_just_before(T t);  // within a second before its RST
[[nodiscard]] bool trigger_knew_of_fin(T t);         // its ACK covers the FIN
[[nodiscard]] bool syn_came_inside(T t);  // a SYN of another ISN inside the live connection was challenged

// --- giving up -------------------------------------------------------------------------------
[[nodiscard]] bool keep_alives_unanswered(T t);
[[nodiscard]] bool resends_unanswered(T t);
[[nodiscard]] bool resends_then_own_reset(T t);
[[nodiscard]] bool window_stayed_closed(T t);

[[nodiscard]] bool both_gave_up(T t);  // each retransmitted to the other in vain
// Who gave up, for the four above; meaningful if one of them holds.
[[nodiscard]] Side who_gave_up(T t);

}  // namespace tcpteardown::facts
