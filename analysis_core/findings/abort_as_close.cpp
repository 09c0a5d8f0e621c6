// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "evidence/exchange.h"
#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"
#include "verdict/questions.h"

// Connections that one side ended with a RST where a FIN would have done.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

std::string as_close(const Story& s) {
  if (questions::answers_fastclose(s.t())) {
    return named(s, Part::peer) + " ended the multipath connection with MP_FASTCLOSE in " +
           in_frame(s.c().fastclose.frame) + ", and " + named(s, Part::actor) + " reset this one in " +
           rst_frame(s) + loss_clause(s);
  }
  return resetter(s) + " ended the connection with " + rst_kind(s) + " in " + rst_frame(s) +
         " instead of a FIN" + loss_clause(s);
}

Found exchanged(const Story& s) { return evidence({}, totals(s) + " had been sent and acknowledged"); }

bool answer_is_at_risk(const Story& s) { return questions::answer_is_at_risk(s.t()); }

std::string check_the_answer(const Story& s) {
  const Moment& own = s.end(Part::actor).last_data;
  return "check whether " + the(s, Part::peer) + "'s program got the data of " + in_frame(own.frame) +
         ", sent " + duration(between(own, s.rst().at)) +
         " before the RST: many systems discard what is unread when a RST comes. To be safe, let " +
         the(s, Part::actor) + "'s program read to the end and close without SO_LINGER 0.";
}

bool request_may_be_unread(const Story& s) {
  return s.actor == s.server() && s.t().loss(s.peer()).unread_max > 0;
}

// RFC 9112 §9.6: a server that closes before it has read all takes its own answer away from the client.
std::string read_what_is_refused(const Story& s) {
  return "find out whether " + the(s, Part::actor) +
         "'s program had read all that was sent to it. Where it refuses a request early, let it read the "
         "rest and throw that away before it closes.";
}

bool more_may_have_waited(const Story& s) {
  return s.rst().receiver_zero_window && s.t().loss(s.actor).loss != Loss::none;
}

std::string ask_for_the_rest(const Story& s) {
  return "find out whether " + the(s, Part::actor) + "'s program had more to send than " +
         the(s, Part::peer) + "'s shut window took: SO_LINGER 0 throws away what still waits.";
}

std::string close_instead(const Story& s) {
  return "usually nothing to repair. If " + the(s, Part::peer) + "'s log complains about resets, let " +
         the(s, Part::actor) + "'s program read to the end and close without SO_LINGER 0.";
}

bool peers_fin_was_lost(const Story& s) { return questions::peers_fin_was_lost(s.t()); }

// The mirror of a keep-alive time-out: its probes arrived, the answers did not.
Found looks_like_one_way(const Story& s) {
  if (!peers_fin_was_lost(s)) return {};
  return alternative("time-out of " + the(s, Part::actor) + ", which heard nothing any more");
}

std::string look_at_the_way_there(const Story& s) {
  return "look at the way from " + the(s, Part::peer) + " to " + the(s, Part::actor) +
         ": a FIN did not arrive there, while the other way works. Asymmetric routes and firewalls that see "
         "one direction only are common causes.";
}

bool broke_off_request(const Story& s) {
  return s.actor == s.client && find_exchange(s.t()).request.cut_short();
}

std::string ask_who_broke_off(const Story& s) {
  return "look at " + gave_up_request(s) + ". The server had nothing to answer yet.";
}

constexpr auto kAsClose =
    std::to_array<FindingRule>({rst_finding, exchanged, fin_had_not_come, looks_like_one_way,
                                looks_like_linger, looks_like_unread, looks_like_kill});
constexpr std::array kAsCloseAdvice{AdviceRule{peers_fin_was_lost, look_at_the_way_there},
                                    AdviceRule{broke_off_request, ask_who_broke_off},
                                    AdviceRule{answer_is_at_risk, check_the_answer},
                                    AdviceRule{request_may_be_unread, read_what_is_refused},
                                    AdviceRule{more_may_have_waited, ask_for_the_rest},
                                    AdviceRule{nullptr, close_instead}};

constexpr std::array kTellings{
    Telling{"abort-as-close"_verdict, as_close, kAsClose, kAsCloseAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_aborts_as_close() { return kTellings; }

}  // namespace tcpteardown
