// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"
#include "verdict/questions.h"

// Connections that ended when a segment met a socket that was no longer there.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

const Trigger& trigger(const Story& s) { return s.rst().trigger; }

// The closed socket answers every segment that still comes.
Found socket_answers(const Story& s) {
  if (s.reset->shape != Shape::reactive) return rst_finding(s);
  std::size_t more = 0;
  FrameNumber last = s.rst().at.frame;
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const Reset& r = s.t().resets[i].facts;
    if (r.sender != s.actor || r.at.frame <= s.rst().at.frame) continue;
    ++more;
    last = r.at.frame;
  }
  return evidence(frame_span(s.rst().at.frame, last, more + 1),
                  "RST without ACK is a closed socket's answer" +
                      (more == 0 ? "" : "; " + more_resets(s, more) + " followed"));
}

Found no_fin_seen(const Story& s) { return evidence({}, "no FIN of " + the(s, Part::actor) + " was seen"); }

std::int64_t idle_before_close(const Story& s) { return s.end(Part::actor).fin.idle_ns; }

Found only_good_bye(const Story& s) {
  if (!s.t().only_tls_alert_lost) return {};
  return against({},
                 "no failure: TLS's good-bye (close_notify) met a socket already closed, ugly and harmless");
}

std::string shorter_idle_time_out(const Story& s) {
  return "let the side that sends requests close idle connections first: its idle time-out should be shorter "
         "than the keep-alive time-out of " +
         the(s, Part::actor) + ". Until then, repeat such a request on a new connection.";
}

// --- data-after-close --------------------------------------------------------------------------
bool met_by_probe(const Story& s) { return questions::probe_met_closed_socket(s.t()); }

// A socket in FIN-WAIT-2 answers it (RFC 9293 §3.10.7.4): there was none any more (Linux tcp_fin_timeout).
std::string late_probe(const Story& s) {
  return named(s, Part::actor) + " had closed (" + fin_brief(s, Part::actor) + ") and " +
         named(s, Part::peer) + " never did: " + trigger_what(s) + " in " + trigger_frame(s) +
         " came when FIN-WAIT-2 was over and got RST in " + rst_frame(s) + loss_clause(s);
}

Found fin_wait_2_ended(const Story& s) {
  if (!met_by_probe(s)) return {};
  const Fin& fin = s.end(Part::actor).fin;
  return evidence(frames({fin.acked.frame, trigger(s).at.frame}),
                  the(s, Part::actor) + " waited less than " + duration(between(fin.acked, trigger(s).at)) +
                      " for the other FIN, then forgot the connection");
}

std::string find_the_leak(const Story& s) {
  return "find out why " + the(s, Part::peer) +
         "'s program does not close though it was told of the end (CLOSE_WAIT): it leaks a socket.";
}

std::string late_data(const Story& s) {
  if (met_by_probe(s)) return late_probe(s);
  return named(s, Part::actor) + " had closed (" + fin_brief(s, Part::actor) + "); " + named(s, Part::peer) +
         " sent more in " + trigger_frame(s) + " and got RST in " + rst_frame(s) + "; " + rejected(s);
}

// The RST may answer the FIN behind the data that was too late.
std::string late_what(const Story& s) {
  const std::uint64_t unacked = s.t().loss(s.peer()).unacked;
  if (trigger(s).length > 0 || unacked == 0) return trigger_what(s);
  return "the " + byte_count(unacked) + " before " + trigger_what(s);
}

Found knew_of_fin(const Story& s) {
  const Fin& fin = s.end(Part::actor).fin;
  const std::int64_t time = between(fin.first, trigger(s).at);
  const std::string when = time > 0 ? " came " + duration(time) + " after that FIN and" : "";
  return evidence(frames({trigger(s).at.frame, fin.first.frame, fin.acked.frame}),
                  late_what(s) + " of " + the(s, Part::peer) + when + " acknowledged it: no race");
}

bool hardly_knew(const Story& s) { return questions::program_hardly_knew_of_fin(s.t()); }
bool request_came_too_late(const Story& s) { return hardly_knew(s) && s.actor == s.server(); }

Found program_hardly_knew(const Story& s) {
  if (!hardly_knew(s)) return {};
  return evidence(frames({s.end(Part::actor).fin.first.frame}),
                  the(s, Part::actor) + " closed after " + duration(idle_before_close(s)) +
                      " without data; " + the(s, Part::peer) + "'s program can hardly have known yet");
}

Found looks_like_early_close(const Story& s) {
  if (s.t().only_tls_alert_lost || met_by_probe(s)) return {};
  return alternative("time-out, limit or error of the program that closed");
}
Found looks_like_overlooked_end(const Story& s) {
  if (s.t().only_tls_alert_lost || hardly_knew(s) || met_by_probe(s)) return {};
  return alternative("program that writes without looking for the end of the data");
}

std::string find_the_mistaken(const Story& s) {
  return "find out which side is mistaken about the protocol: " + the(s, Part::actor) +
         " closed although more was to come, or " + the(s, Part::peer) +
         " did not look for the end of the data before it wrote. A program that only wants to stop sending "
         "calls shutdown(SHUT_WR) and reads on.";
}

constexpr auto kLateData =
    std::to_array<FindingRule>({fin_wait_2_ended, knew_of_fin, program_hardly_knew, socket_answers,
                                only_good_bye, looks_like_early_close, looks_like_overlooked_end});
constexpr std::array kLateDataAdvice{
    AdviceRule{met_by_probe, find_the_leak}, AdviceRule{only_good_bye_lost, read_until_good_bye},
    AdviceRule{request_came_too_late, shorter_idle_time_out}, AdviceRule{nullptr, find_the_mistaken}};

// --- keepalive-race, data-crossed-fin ----------------------------------------------------------
// The RST may answer the FIN behind the data that crossed.
bool answers_fin_behind_data(const Story& s) {
  return questions::trigger_is_bare_fin(s.t()) && s.t().loss(s.peer()).unacked > 0;
}

// Of what crossed the FIN a part had arrived before, where a card had joined segments for the capture.
std::string what_crossed(const Story& s) {
  const std::uint64_t unacked = s.t().loss(s.peer()).unacked;
  if (answers_fin_behind_data(s)) return "the last of the " + byte_count(unacked);
  const bool is_rest = unacked > 0 && unacked < trigger(s).length && trigger(s).kind == SegmentKind::data;
  return (is_rest ? "the last " + grouped(unacked) + " of " : std::string()) + trigger_what(s);
}

FrameNumber crossing_frame(const Story& s) {
  return answers_fin_behind_data(s) ? s.end(Part::peer).last_data.frame : trigger(s).at.frame;
}

// The data before that FIN, as its sender saw it, and the FIN.
Frames data_and_fin(const Story& s) {
  const Fin& fin = s.end(Part::actor).fin;
  for (const Part part : {Part::actor, Part::peer}) {
    const Moment& data = s.end(part).last_data;
    if (data.frame < fin.first.frame && fin.first.time_ns - data.time_ns == fin.idle_ns)
      return frames({data.frame, fin.first.frame});
  }
  return frames({fin.first.frame});
}

std::string crossed_fin(const Story& s, std::string_view what) {
  const std::string who = s.first == s.actor
                              ? named(s, Part::actor) + " closed" + std::string(what)
                              : named(s, Part::peer) + " closed first (" + fin_brief(s, Part::peer) +
                                    "), then " + named(s, Part::actor);
  return who + " (" + fin_brief(s, Part::actor) + ") while " + what_crossed(s) + " of " +
         (s.first == s.actor ? named(s, Part::peer) : the(s, Part::peer)) + " (" +
         in_frame(crossing_frame(s)) + ") crossed that FIN; RST in " + rst_frame(s);
}

bool is_safe(const Story& s) { return s.judgement->retry == Retry::safe; }

std::string race(const Story& s) {
  const std::uint64_t lost = s.t().loss(s.peer()).unacked;
  if (is_safe(s) && lost > trigger(s).length && !answers_fin_behind_data(s)) {
    return crossed_fin(s, " the idle connection") + ": the requests, " + byte_count(lost) +
           " in all, were not processed, safe to send again";
  }
  return crossed_fin(s, " the idle connection") +
         (is_safe(s) ? ": the request was not processed, safe to send again" : "; " + rejected(s));
}

Found closed_idle(const Story& s) {
  return evidence(data_and_fin(s),
                  the(s, Part::actor) + " closed after " + duration(idle_before_close(s)) + " without data");
}

Found had_left_before(const Story& s) {
  return evidence(frames({crossing_frame(s)}), "no ACK of that FIN in " + what_crossed(s) + " of " +
                                                   the(s, Part::peer) + ": sent before it arrived");
}

Found looks_like_lost_fin(const Story& s) {
  if (s.end(Part::actor).fin.is_acked()) return {};
  return alternative("FIN that was lost on its way");
}

constexpr auto kRace = std::to_array<FindingRule>(
    {closed_idle, had_left_before, socket_answers, only_good_bye, looks_like_lost_fin});
constexpr std::array kRaceAdvice{AdviceRule{only_good_bye_lost, read_until_good_bye},
                                 AdviceRule{nullptr, shorter_idle_time_out}};

std::string crossed(const Story& s) { return crossed_fin(s, "") + "; " + rejected(s); }

bool was_idle(const Story& s) { return questions::closed_when_idle(s.t()); }

Found was_in_use(const Story& s) {
  const Fin& fin = s.end(Part::actor).fin;
  if (was_idle(s)) return closed_idle(s);
  if (fin.idle_ns < 0) return fin_finding(s, Part::actor);
  return evidence(data_and_fin(s), "in use: " + the(s, Part::actor) + " closed " +
                                       (fin.idle_ns == 0 ? "right" : duration(fin.idle_ns)) +
                                       " after the data before");
}

bool cuts_a_transfer(const Story& s) { return questions::transfer_was_cut(s.t()); }

Found part_had_arrived(const Story& s) {
  if (!cuts_a_transfer(s) || s.t().only_tls_alert_lost) return {};
  return evidence({}, "part of that transfer had been acknowledged, perhaps used");
}

Found looks_like_limit(const Story& s) {
  if (s.t().only_tls_alert_lost) return {};
  return alternative("limit, error or time-out of the program that closed");
}

bool is_push(const Story& s) { return was_idle(s) && s.peer() == s.server(); }
bool answer_was_coming(const Story& s) { return !was_idle(s) && s.peer() == s.server(); }
bool crosses_a_request(const Story& s) {
  const bool of_client = s.peer() == s.client && !was_idle(s);
  return of_client && s.end(Part::actor).last_data.seen() && !cuts_a_transfer(s);
}

std::string ask_the_client(const Story&) {
  return "find out why the client's program closed while an answer was on its way (time-out, cancelled, not "
         "interested); the server and the network did their part.";
}

std::string outlast_the_pauses(const Story&) {
  return "let the client keep an idle connection for longer than the server's pauses, or let the server's "
         "program send again on the next connection what it sends unasked.";
}

Found looks_like_short_timer(const Story& s) {
  // Data that follows within a round trip belongs to what was going on.
  const bool paused = idle_before_close(s) > s.c().round_trip_ns;
  if (s.t().only_tls_alert_lost || !crosses_a_request(s) || !paused) return {};
  return alternative("keep-alive time-out of only " + duration(idle_before_close(s)));
}

std::string read_the_last(const Story& s) {
  return "read what " + the(s, Part::actor) + " sent last (" + in_frame(s.end(Part::actor).last_data.frame) +
         "): it closed right behind that, while more was on its way to it. Sent again, the same may meet the "
         "same end.";
}

std::string why_in_the_middle(const Story& s) {
  return "find out why the program of " + the(s, Part::actor) + " closed while " + the(s, Part::peer) +
         " was still sending (limit, error, time-out). Part of it may have been used: repeat it only if that "
         "does no harm.";
}

constexpr auto kCrossed =
    std::to_array<FindingRule>({was_in_use, had_left_before, part_had_arrived, socket_answers, only_good_bye,
                                looks_like_limit, looks_like_short_timer});
constexpr std::array kCrossedAdvice{
    AdviceRule{only_good_bye_lost, read_until_good_bye}, AdviceRule{is_push, outlast_the_pauses},
    AdviceRule{answer_was_coming, ask_the_client}, AdviceRule{crosses_a_request, read_the_last},
    AdviceRule{nullptr, why_in_the_middle}};

// --- peer-lost-state ---------------------------------------------------------------------------
std::string lost_state(const Story& s) {
  const std::string pause = after_pause(s);
  return named(s, Part::actor) + " no longer knew the connection: it answered " + trigger_what(s) + " of " +
         named(s, Part::peer) + " in " + trigger_frame(s) + (pause.empty() ? "" : ',' + pause + ',') +
         " with RST in " + rst_frame(s) + loss_clause(s);
}

bool spoke_just_before(const Story& s) { return questions::resetter_spoke_just_before(s.t()); }

// A host that spoke a moment ago has not restarted since, and no NAT has forgotten it.
Found hardly_restarted(const Story& s) {
  if (!spoke_just_before(s)) return {};
  const Moment& last = s.rst().sender_last_before;
  return against(frames({last.frame}), "hardly a restart: " + the(s, Part::actor) + " had spoken only " +
                                           duration(between(last, s.rst().at)) + " before the RST");
}

Found looks_like_restart(const Story& s) {
  if (spoke_just_before(s)) return {};
  return alternative("restart, crash or failover");
}
Found looks_like_forgetting(const Story& s) {
  if (spoke_just_before(s)) return {};
  return alternative("NAT, firewall or load balancer that forgot the connection");
}
Found looks_like_rejection(const Story& s) {
  if (!spoke_just_before(s)) return {};
  return alternative("device that rejected the segment in its name");
}
Found looks_like_missed_fin(const Story& s) {
  return alternative(spoke_just_before(s)
                         ? "program that had closed, its FIN not captured or waiting behind other data"
                         : "FIN that was lost on its way");
}

std::string look_for_its_fin(const Story& s) {
  return "look at " + the(s, Part::actor) + "'s program at the time of " +
         in_frame(s.rst().sender_last_before.frame) +
         ": did it close there (error, limit, time-out)? A capture at " + the(s, Part::actor) +
         " shows whether it sent a FIN, and whether the RST is its own.";
}

std::string look_for_restart(const Story& s) {
  return "look for a restart or failover of " + the(s, Part::actor) +
         " in the time before, and for idle timers of NAT, firewall and load balancer; keep-alives shorter "
         "than those keep the entry alive.";
}

constexpr auto kLostState = std::to_array<FindingRule>(
    {no_fin_seen, rst_finding, hop_limit_finding, hardly_restarted, looks_like_restart, looks_like_forgetting,
     looks_like_missed_fin, looks_like_rejection});
constexpr std::array kLostStateAdvice{AdviceRule{spoke_just_before, look_for_its_fin},
                                      AdviceRule{nullptr, look_for_restart}};

// --- fin-to-dead-peer --------------------------------------------------------------------------
std::string dead_peer(const Story& s) {
  return "the FIN of " + named(s, Part::peer) + " in " + trigger_frame(s) +
         " met a host that no longer had the connection: RST from " + named(s, Part::actor) + " in " +
         rst_frame(s) + loss_clause(s);
}

Found looks_like_silent_close(const Story&) { return alternative("time-out that closes without FIN"); }

bool lost_its_data(const Story& s) { return s.judgement->loss != Loss::none; }

std::string ask_for_the_data(const Story& s) {
  return "find out what became of " + the(s, Part::peer) + "'s last data, and what ended " +
         the(s, Part::actor) + "'s half without a FIN.";
}

std::string what_ends_it_silently(const Story& s) {
  return "usually nothing to repair: " + the(s, Part::peer) +
         " was closing anyway. If it happens often, find out what ends the half of " + the(s, Part::actor) +
         " without a FIN.";
}

constexpr auto kDeadPeer =
    std::to_array<FindingRule>({no_fin_seen, rst_finding, hop_limit_finding, hardly_restarted,
                                looks_like_restart, looks_like_forgetting, looks_like_silent_close});
constexpr std::array kDeadPeerAdvice{AdviceRule{lost_its_data, ask_for_the_data},
                                     AdviceRule{nullptr, what_ends_it_silently}};

constexpr std::array kTellings{
    Telling{"fin-to-dead-peer"_verdict, dead_peer, kDeadPeer, kDeadPeerAdvice},
    Telling{"data-after-close"_verdict, late_data, kLateData, kLateDataAdvice},
    Telling{"keepalive-race"_verdict, race, kRace, kRaceAdvice},
    Telling{"data-crossed-fin"_verdict, crossed, kCrossed, kCrossedAdvice},
    Telling{"peer-lost-state"_verdict, lost_state, kLostState, kLostStateAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_reactive() { return kTellings; }

}  // namespace tcpteardown
