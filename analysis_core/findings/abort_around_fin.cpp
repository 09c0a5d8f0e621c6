// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "evidence/closing.h"
#include "evidence/exchange.h"
#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"
#include "verdict/questions.h"

// Connections that one side closed with a FIN and the same or the other one reset.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

// --- abort-after-own-fin -----------------------------------------------------------------------
std::string since_fin(const Story& s, Part part) {
  const std::int64_t time = between(s.end(part).fin.first, s.rst().at);
  return time > 0 ? ", " + duration(time) + " later" : "";
}

std::string after_own_fin(const Story& s) {
  return named(s, Part::actor) + " closed (" + fin_brief(s, Part::actor) +
         ") and then reset the connection in " + rst_frame(s) + since_fin(s, Part::actor) + loss_clause(s);
}

Found own_fin(const Story& s) { return fin_finding(s, Part::actor); }
Found looks_like_shutdown(const Story&) {
  return alternative("program that calls shutdown() and closes for good");
}

std::string hurried_close(const Story& s) {
  return "if all data had arrived, there is nothing to repair in this ending. If data is missing at " +
         the(s, Part::actor) + ", let its program read to the end before it closes.";
}

constexpr auto kAfterOwnFin = std::to_array<FindingRule>(
    {own_fin, rst_finding, looks_like_shutdown, looks_like_unread, looks_like_linger});
constexpr std::array kAfterOwnFinAdvice{AdviceRule{nullptr, hurried_close}};

// --- abort-after-peer-fin ----------------------------------------------------------------------
std::string after_peer_fin(const Story& s) {
  if (half_close_bytes(s.c(), s.actor) > 0) {
    return named(s, Part::actor) + " reset the connection in " + rst_frame(s) + ", which " +
           named(s, Part::peer) + " had only half closed (" + fin_brief(s, Part::peer) + ')' + loss_clause(s);
  }
  return named(s, Part::actor) + " answered the close of " + named(s, Part::peer) + " (" +
         fin_brief(s, Part::peer) + ") with " + rst_kind(s) + " in " + rst_frame(s) + " instead of a FIN" +
         loss_clause(s);
}

Found peer_fin(const Story& s) { return fin_finding(s, Part::peer); }

bool answer_was_broken_off(const Story& s) { return questions::answer_was_broken_off(s.t()); }

Found broken_answer(const Story& s) {
  if (!answer_was_broken_off(s)) return {};
  const Endpoint& x = s.end(Part::actor);
  const std::int32_t bytes = distance(x.after_fin_start, x.data_end);
  return evidence(frame_span(x.after_fin_first.frame, x.after_fin_last.frame, 3),
                  the(s, Part::actor) + " had sent " +
                      byte_count(bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0) +
                      " behind that FIN; whether that was all does not show");
}

bool request_was_left(const Story& s) {
  return s.actor == s.server() && questions::half_close_ended_request(s.t()) &&
         find_exchange(s.t()).request.unanswered;
}

Found left_request(const Story& s) {
  if (!request_was_left(s)) return {};
  const Moment& fin = s.end(Part::peer).fin.first;
  return evidence(frames({fin.frame, s.rst().at.frame}),
                  "the client's FIN ended its request; the server reset " +
                      duration(between(fin, s.rst().at)) + " later without any response");
}

std::string ask_the_server(const Story& s) {
  return "look at the log of " + the(s, Part::server) + "'s program at the time of " + rst_frame(s) +
         ": it left a request without an answer (error, limit, restart), or takes the end of a request for "
         "the end of all.";
}

std::string check_broken_answer(const Story& s) {
  return "check whether " + the(s, Part::peer) + " got the whole answer. If it did not, look at " +
         the(s, Part::actor) + "'s program at the time of " + rst_frame(s) +
         ": an error, a limit, or a process that ended.";
}

std::string read_to_the_end(const Story& s) {
  return "nothing to repair if " + the(s, Part::peer) + " had all it wanted before it closed. If " +
         the(s, Part::actor) +
         " should have sent or read more, let its program read until the end of the data before it closes.";
}

Found looks_like_habit(const Story&) { return alternative("program that always closes in this way"); }

constexpr auto kAfterPeerFin = std::to_array<FindingRule>(
    {peer_fin, rst_finding, broken_answer, left_request, looks_like_unread, looks_like_habit});
constexpr std::array kAfterPeerFinAdvice{AdviceRule{only_good_bye_lost, read_until_good_bye},
                                         AdviceRule{answer_was_broken_off, check_broken_answer},
                                         AdviceRule{request_was_left, ask_the_server},
                                         AdviceRule{nullptr, read_to_the_end}};

constexpr std::array kTellings{
    Telling{"abort-after-own-fin"_verdict, after_own_fin, kAfterOwnFin, kAfterOwnFinAdvice},
    Telling{"abort-after-peer-fin"_verdict, after_peer_fin, kAfterPeerFin, kAfterPeerFinAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_aborts_around_fin() { return kTellings; }

}  // namespace tcpteardown
