// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

// What the catalogue asks: each is a question about the evidence with a yes or no answer. Rules in
// catalogue.h are made of these; numbers and times stay here.
namespace tcpteardown::questions {

using T = const Teardown&;

// --- the opening -----------------------------------------------------------------------------
[[nodiscard]] bool handshake_seen(T t);      // a SYN or SYN-ACK is in the capture
[[nodiscard]] bool handshake_complete(T t);  // or the capture starts behind it
[[nodiscard]] bool syn_ack_seen(T t);
[[nodiscard]] bool only_syns(T t);  // nothing but SYNs of one side
[[nodiscard]] bool long_enough_for_an_answer(T t);
[[nodiscard]] bool surely_long_enough_for_an_answer(T t);  // no lower confidence for a short wait
[[nodiscard]] bool syn_never_repeated(T t);                // in all the time in which a stack repeats it
[[nodiscard]] bool syn_refused(T t);
[[nodiscard]] bool client_reset_opening(T t);
[[nodiscard]] bool client_took_syn_back(T t);  // client_reset_opening, with the number behind its SYN
// That side spoke when the next of its repeats was long due: it had stopped, but its socket was there.
[[nodiscard]] bool outlived_its_repeats(T t, const Endpoint& x, const Run& run);
[[nodiscard]] bool client_went_on_asking(T t);  // its SYN came again behind that RST
[[nodiscard]] bool server_reset_opening(T t);
[[nodiscard]] bool syn_ack_was_bad(T t);
[[nodiscard]] bool stale_ack_answered_syn(T t);
[[nodiscard]] bool old_one_was_closed(T t);  // the stale ACK is of a connection that the capture shows closed
[[nodiscard]] bool icmp_answered_syn(T t);
// A SYN and the SYN-ACK from another address that answers it, of which neither led to a connection.
[[nodiscard]] bool answered_elsewhere(T t);
[[nodiscard]] bool is_answer_to_another(T t);  // of the two this one began with the answer
// A segment without ACK drew a RST,ACK numbered 0: nobody had a connection there.
[[nodiscard]] bool was_never_a_connection(T t);
// The client took the SYN-ACK, and nothing of the server but SYN-ACKs and RSTs followed.
[[nodiscard]] bool server_never_took_it(T t);
[[nodiscard]] bool syn_ack_was_repeated_in_vain(T t);  // behind the third step, and given up
[[nodiscard]] bool third_step_was_reset(T t);          // or what came behind it met a socket that had expired

// --- the FINs --------------------------------------------------------------------------------
[[nodiscard]] bool fin_forged(
    T t);  // one that was taken, by somebody else than the side in whose name it came
[[nodiscard]] bool any_fin(T t);
[[nodiscard]] bool both_fins(T t);
[[nodiscard]] bool exactly_one_fin(T t);
[[nodiscard]] bool both_fins_acked(T t);  // before any RST that was accepted
[[nodiscard]] bool fins_crossed(T t);
[[nodiscard]] bool half_close_was_used(
    T t);  // new data after the first FIN was acknowledged, itself acknowledged
[[nodiscard]] bool one_fin_acked(T t);
[[nodiscard]] bool other_end_was_open(T t);  // exactly_one_fin, and no other one was missed
[[nodiscard]] bool fin_given_up(T t);        // retransmitted or left alone, never acknowledged
[[nodiscard]] bool data_still_flows(T t);    // after the one FIN, to the capture's end; or waits for its ACK
[[nodiscard]] bool fin_repeated_in_vain(T t, Side side);  // more than a capture that stopped
[[nodiscard]] bool reset_found_all_done(T t);  // a RST behind an orderly close, or in place of its last step

// --- the last request --------------------------------------------------------------------------
// The client said by its FIN that its request was over, and got no answer: it cannot have waited for one yet.
[[nodiscard]] bool half_close_ended_request(T t);
[[nodiscard]] bool closed_when_idle(T t);   // the resetter, or who closed first, as that side saw it
[[nodiscard]] bool client_asked_anew(T t);  // what it sent last does not go on with what it had sent before
[[nodiscard]] bool server_closed_before_request(T t);  // its FIN covers no byte of what the client sent last
[[nodiscard]] bool request_met_close_of_idle_server(T t);  // all three, and its closed socket sent the RST

// --- the RST ---------------------------------------------------------------------------------
[[nodiscard]] bool reset_decides(T t);  // one ended the connection, and both sides were seen
[[nodiscard]] bool active_reset(T t);   // reset_decides, shape active or bare
[[nodiscard]] bool reactive_reset(T t);
[[nodiscard]] bool forged(T t);
[[nodiscard]] bool rejected_mid_path(T t);
[[nodiscard]] bool third_party_suspected(T t);  // at least one sign that it was not the host it names
[[nodiscard]] bool both_sides_reset(T t);
[[nodiscard]] bool answers_fastclose(T t);  // MP_FASTCLOSE of the other side had come before
[[nodiscard]] bool after_own_fin(T t);
[[nodiscard]] bool after_peer_fin(T t);
[[nodiscard]] bool peers_fin_was_lost(T t);  // no ACK of the resetter, nor its late RST, covers it
[[nodiscard]] bool server_resets(T t);
[[nodiscard]] bool server_sent_no_data(T t);
[[nodiscard]] bool no_data_at_all(T t);
[[nodiscard]] bool peer_was_sending(T t);    // data in flight towards the resetter, or blocked, or streaming
[[nodiscard]] bool transfer_under_way(T t);  // and part of that transfer had been acknowledged before
[[nodiscard]] bool peer_lost_more(T t);      // at least as much in flight towards the resetter as from it
[[nodiscard]] bool own_data_outstanding(T t);
[[nodiscard]] bool resetter_waited_in_vain(T t);
[[nodiscard]] bool answer_came_behind_reset(T t);  // to a client that had waited for it
[[nodiscard]] bool transfer_had_stalled(T t);      // the resetter lacked a piece, and nothing came any more
[[nodiscard]] bool long_idle(T t);
[[nodiscard]] bool resetter_left_data_unanswered(T t);

// The RST came so soon behind its sender's last data that a program on a system other than Linux may lose it.
[[nodiscard]] bool answer_is_at_risk(T t);
// The resetter had answered behind its peer's FIN; whether that was all does not show.
[[nodiscard]] bool answer_was_broken_off(T t);

// --- the trigger of a reactive RST ------------------------------------------------------------
[[nodiscard]] bool trigger_is_bare_fin(T t);
[[nodiscard]] bool trigger_was_there(T t);  // it repeats data that the resetter had acknowledged
[[nodiscard]] bool trigger_is_ack_of_own_fin(T t);
[[nodiscard]] bool resetter_had_closed(T t);
[[nodiscard]] bool probe_met_closed_socket(T t);     // a keep-alive, when FIN-WAIT-2 had expired
[[nodiscard]] bool resetter_spoke_just_before(T t);  // within a second before its RST
[[nodiscard]] bool trigger_knew_of_fin(T t);         // its ACK covers the FIN
// The same of a program: the FIN of an idle connection had come only a moment before.
[[nodiscard]] bool program_hardly_knew_of_fin(T t);
// The resetter closed in the middle of what its peer was sending; part of that had been acknowledged, perhaps
// used.
[[nodiscard]] bool transfer_was_cut(T t);
[[nodiscard]] bool syn_came_inside(T t);  // a SYN of another ISN inside the live connection was challenged

// --- giving up -------------------------------------------------------------------------------
[[nodiscard]] bool keep_alives_unanswered(T t);
[[nodiscard]] bool resends_unanswered(T t);
[[nodiscard]] bool resends_then_own_reset(T t);
[[nodiscard]] bool window_stayed_closed(T t);
[[nodiscard]] bool window_opened_too_late(T t);  // the prober had given up before it opened
[[nodiscard]] bool window_answers_stopped(T t);  // the last probes of a shut window had no answer at all

[[nodiscard]] bool both_gave_up(T t);  // each retransmitted to the other in vain
// Who gave up, for the four above; meaningful if one of them holds.
[[nodiscard]] Side who_gave_up(T t);
[[nodiscard]] const Run& run_in_vain(T t);  // the retransmissions of that side, without a RST

// --- one way, or what is too long for it (questions_path.cpp); none of them where a RST ended it --------
// That side's data was acknowledged, and it repeats it: the ACKs do not get back.
[[nodiscard]] bool repeats_what_was_acked(T t, Side s);
[[nodiscard]] bool repeats_are_reported(T t, Side s);       // as undelivered, by ICMP errors
[[nodiscard]] bool next_was_due(T t);                       // the next retransmission of who gave up
[[nodiscard]] bool fin_repeated_though_acked(T t, Side s);  // and longer than any way back takes
[[nodiscard]] bool only_one_way_died(T t);                  // for one of the two at least
[[nodiscard]] bool long_ones_are_lost(T t);                 // and shorter segments of who gave up arrive
[[nodiscard]] bool stalled(T t);                            // repeats stand unanswered at the end
[[nodiscard]] bool syn_repeated_behind_syn_ack(T t);

}  // namespace tcpteardown::questions
