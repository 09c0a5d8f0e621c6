// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "evidence/closing.h"
#include "evidence/exchange.h"
#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"
#include "verdict/questions.h"

// Connections that both sides closed.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

Found first_fin(const Story& s) { return fin_finding(s, Part::first); }
Found second_fin(const Story& s) { return fin_finding(s, Part::second); }

// RFC 9293 §3.6: a FIN is acknowledged after all data before it.
Found all_covered(const Story& s) {
  if (s.end(Part::client).bytes == 0 && s.end(Part::server).bytes == 0)
    return evidence({}, "no data was seen in either direction");
  return evidence({}, "the ACKs cover all data: " + totals(s));
}

// --- an exchange that a program cut short -----------------------------------------------------
bool is_short(const Story& s) { return find_exchange(s.t()).response.cut_short(); }
bool is_cut(const Story& s) { return is_short(s) || find_exchange(s.t()).request.unanswered; }
bool only_half_closed(const Story& s) {
  return s.first == s.client && questions::half_close_ended_request(s.t());
}
bool cut_by_client(const Story& s) { return is_cut(s) && s.first == s.client && !only_half_closed(s); }
bool cut_by_server(const Story& s) { return is_cut(s) && !cut_by_client(s); }
std::uint64_t request_short_by(const Story& s) { return find_exchange(s.t()).request.short_by; }
bool broke_off_request(const Story& s) {
  return cut_by_client(s) && find_exchange(s.t()).request.cut_short();
}

std::string all_arrived(const Story& s) {
  const HttpResponse response = find_exchange(s.t()).response;
  if (response.short_by > 0) return "but the HTTP response ended " + byte_count(response.short_by) + " short";
  return response.lacks_last_chunk ? "but the HTTP response lacks its last chunk" : "no data is lost";
}

// For TCP it was a close in order all the same.
Found broken_off(const Story& s) {
  if (!is_cut(s)) return {};
  const Moment& request = s.end(Part::client).payload.message;
  const Moment& fin = s.end(Part::first).fin.first;
  const std::int64_t time = between(request, fin);
  if (only_half_closed(s)) {
    const Moment& answer = s.end(Part::second).fin.first;
    return evidence(frames({fin.frame, answer.frame}),
                    "the client's FIN ended its request; the server closed " +
                        duration(between(fin, answer)) + " later " +
                        (is_short(s) ? "with its response unfinished" : "without any response"));
  }
  if (broke_off_request(s)) {
    return evidence(frames({fin.frame, request.frame}), "the client closed before it had sent the last " +
                                                            byte_count(request_short_by(s)) +
                                                            " of its request");
  }
  return evidence(frames({fin.frame, request.frame}),
                  the(s, Part::first) + " closed" +
                      (time > 0 ? ' ' + duration(time) + " after the request" : "") + ", before " +
                      (is_short(s) ? "the whole" : "any") + " response" +
                      (cut_by_client(s) ? " had come" : " was sent"));
}

std::string ask_the_client(const Story& s) {
  return "TCP did its part; look at " + the(s, Part::client) +
         "'s program: compare how long it waited with its time-outs, and ask whether its user cancelled it.";
}

std::string ask_who_broke_off(const Story& s) {
  return "TCP did its part; look at " + gave_up_request(s) + '.';
}

std::string ask_the_server(const Story& s) {
  return "TCP did its part; look at the log of " + the(s, Part::server) +
         "'s program at the time of its FIN: a worker that ended or was restarted, a time-out for reading or "
         "sending, an upstream that broke off.";
}

constexpr AdviceRule kAskWhoBrokeOff{broke_off_request, ask_who_broke_off};
constexpr AdviceRule kAskClient{cut_by_client, ask_the_client};
constexpr AdviceRule kAskServer{cut_by_server, ask_the_server};

// --- graceful ----------------------------------------------------------------------------------
std::string closed(const Story& s) {
  return named(s, Part::first) + " closed first (" + fin_brief(s, Part::first) + "), " +
         named(s, Part::second) + " followed (" + fin_brief(s, Part::second) + "); both were acknowledged, " +
         all_arrived(s);
}

std::string look_elsewhere(const Story&) {
  return "nothing to repair in this ending. If a program complained at that time, read what the last data "
         "said, or look for another connection of the same hosts.";
}

constexpr auto kGraceful = std::to_array<FindingRule>({broken_off, first_fin, second_fin, all_covered});
constexpr std::array kGracefulAdvice{kAskWhoBrokeOff, kAskClient, kAskServer,
                                     AdviceRule{nullptr, look_elsewhere}};

// --- graceful-simultaneous ---------------------------------------------------------------------
std::string simultaneous(const Story& s) {
  return named(s, Part::first) + " and " + named(s, Part::second) + " closed at the same time (" +
         both_fins(s) + " crossed); both were acknowledged, " + all_arrived(s);
}

Found neither_answers(const Story& s) {
  return evidence(frames({s.end(Part::first).fin.first.frame, s.end(Part::second).fin.first.frame}),
                  "neither FIN acknowledges the other: each side closed before it had the other's");
}

Found both_acked(const Story& s) {
  return evidence(frames({s.end(Part::first).fin.acked.frame, s.end(Part::second).fin.acked.frame}),
                  "both FINs were acknowledged");
}

Found looks_agreed(const Story& s) {
  const bool is_idle = s.t().fins.idle_before_close_ns >= s.t().idle_threshold_ns;
  return alternative(is_idle ? "equal time-outs at both ends"
                             : "a protocol that tells both sides when it is over");
}

std::string crossing_is_fine(const Story&) {
  return "nothing to repair: FINs cross where both programs know from the protocol that it is over, or where "
         "equal time-outs end at both sides.";
}

constexpr auto kSimultaneous =
    std::to_array<FindingRule>({neither_answers, both_acked, all_covered, looks_agreed});
constexpr std::array kSimultaneousAdvice{AdviceRule{nullptr, crossing_is_fine}};

// --- graceful-half-close -----------------------------------------------------------------------
std::string half_close(const Story& s) {
  const std::string apart = fins_apart(s);
  return named(s, Part::first) + " finished sending (" + fin_brief(s, Part::first) +
         ") and went on receiving: " + named(s, Part::second) + " sent " +
         byte_count(half_close_bytes(s.c(), s.second())) + " more and closed (" + fin_brief(s, Part::second) +
         (apart.empty() ? "" : ',' + apart) + "); " + all_arrived(s);
}

Found went_on_receiving(const Story& s) {
  return evidence(
      frames_behind_fin(s, Part::second),
      the(s, Part::first) + " acknowledged what came behind its FIN; a closed socket would reset it");
}

std::string as_it_should(const Story&) {
  return "nothing to repair: this is how a half-closed connection is meant to work. The transfer ended with "
         "the second FIN, not with the first.";
}

constexpr auto kHalfClose =
    std::to_array<FindingRule>({broken_off, first_fin, went_on_receiving, second_fin});
constexpr std::array kHalfCloseAdvice{kAskWhoBrokeOff, kAskClient, kAskServer,
                                      AdviceRule{nullptr, as_it_should}};

// --- graceful-unconfirmed ----------------------------------------------------------------------
// Which FIN lacks its ACK; the first one where both do.
Side unacked_side(const Story& s) { return s.t().fin_acked(s.first) ? s.second() : s.first; }

std::optional<Side> repeats_in_vain(const Story& s) {
  for (const Side side : {s.first, s.second()}) {
    if (questions::fin_repeated_in_vain(s.t(), side)) return side;
  }
  return std::nullopt;
}

bool is_repeated_in_vain(const Story& s) { return repeats_in_vain(s).has_value(); }

std::string unacked_fins(const Story& s) {
  if (!s.t().fin_acked(s.first) && !s.t().fin_acked(s.second())) return "either FIN";
  const Fin& fin = s.end(unacked_side(s)).fin;
  const std::string repeats =
      ", repeated " + times(fin.retransmissions) + " up to " + in_frame(fin.last.frame) + ',';
  return the(s, unacked_side(s)) + "'s FIN" + (fin.retransmissions == 0 ? "" : repeats);
}

std::string unconfirmed(const Story& s) {
  return named(s, Part::first) + " and " + named(s, Part::second) + " both closed (" + both_fins(s) +
         "); no ACK of " + unacked_fins(s) + " was seen before the capture ended" + some_loss(s);
}

Found acked_fin(const Story& s) {
  if (s.t().fin_acked(s.first)) return first_fin(s);
  return s.t().fin_acked(s.second()) ? second_fin(s) : std::nullopt;
}

Found fin_in_vain(const Story& s) {
  const std::optional<Side> side = repeats_in_vain(s);
  if (!side) return {};
  const Fin& fin = s.end(*side).fin;
  return evidence(frames({fin.first.frame, fin.last.frame}),
                  the(s, *side) + " repeated its FIN over " + duration(between(fin.first, fin.last)) + ": " +
                      the(s, other(*side)) + " was gone, or its ACKs did not arrive");
}

Found capture_ends(const Story& s) {
  const std::string tail = time_left(s, s.c().last);
  return evidence(
      frames({s.c().last.frame}),
      "the capture ends " + (tail.empty() ? "with" : tail + " after") + " the connection's last packet");
}

Found looks_stopped(const Story& s) {
  if (is_repeated_in_vain(s)) return {};
  return alternative("a capture that stopped before the ACK, or dropped it");
}

bool may_be_lost(const Story& s) { return s.judgement->loss != Loss::none; }

std::string follow_the_fin(const Story& s) {
  const Side side = *repeats_in_vain(s);
  return "to learn why " + the(s, side) + "'s FIN got no ACK, capture at " + the(s, other(side)) +
         " as well: either it answers and the ACKs do not come back, or a device on the way had already "
         "forgotten the connection.";
}

std::string follow_the_data(const Story&) {
  return "capture longer, or at the other end as well, to see whether the last data arrived.";
}

std::string capture_longer(const Story&) {
  return "nothing to repair. Capture a little longer to see the last ACK.";
}

constexpr auto kUnconfirmed =
    std::to_array<FindingRule>({acked_fin, fin_in_vain, capture_ends, looks_stopped});
constexpr std::array kUnconfirmedAdvice{AdviceRule{is_repeated_in_vain, follow_the_fin},
                                        AdviceRule{may_be_lost, follow_the_data},
                                        AdviceRule{nullptr, capture_longer}};

// --- graceful-then-reset -----------------------------------------------------------------------
std::string then_reset(const Story& s) {
  return named(s, Part::first) + " and " + named(s, Part::second) + " closed in order (" + both_fins(s) +
         "); the RST of " + the(s, Part::actor) + " in " + rst_frame(s) +
         (second_closer_reset(s.t()) && !questions::both_fins_acked(s.t()) ? " came before the last ACK"
                                                                           : " came when that was done") +
         " and is harmless";
}

// Not both FINs had been acknowledged then.
bool came_before_last_ack(const Story& s) { return !questions::both_fins_acked(s.t()); }

Found closed_before(const Story& s) {
  if (came_before_last_ack(s)) return {};
  return evidence(frames({s.t().closed.frame}), "both FINs had been acknowledged before the RST");
}

Found late_reset(const Story& s) {
  const Frames at = frames({s.rst().at.frame, s.rst().trigger.at.frame});
  if (came_before_last_ack(s) && second_closer_reset(s.t())) {
    return evidence(frames({s.rst().at.frame, s.end(Part::actor).fin.first.frame}),
                    "the RST is of who closed second, behind its own FIN: only the last ACK was missing");
  }
  if (came_before_last_ack(s) && questions::trigger_was_there(s.t())) {
    return evidence(at, "the RST answers a copy of data that had arrived: the last ACK had come before it");
  }
  if (came_before_last_ack(s)) {
    return evidence(
        at, "the RST stands for the last ACK, as from a system that keeps no memory of closed sockets");
  }
  if (!s.rst().trigger.seen()) return {};
  return against(at, "the RST is no failure: it answers a segment that met a socket already gone");
}

Found further_resets(const Story& s) {
  unsigned late = 0;
  FrameNumber first = 0;
  FrameNumber last = 0;
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const FrameNumber frame = s.t().resets[i].facts.at.frame;
    if (frame <= s.rst().at.frame) continue;
    if (late++ == 0) first = frame;
    last = frame;
  }
  if (late == 0) return {};
  const bool all_kept = s.c().resets.count() == s.c().resets.kept();
  return context(frame_span(first, last, late),
                 (all_kept ? "" : "at least ") + counted(late, "further RST", "further RSTs") + " followed");
}

std::string do_not_count(const Story&) {
  return "nothing to repair. Do not count this RST as a failure in statistics.";
}

constexpr auto kThenReset =
    std::to_array<FindingRule>({broken_off, closed_before, late_reset, all_covered, further_resets});
constexpr std::array kThenResetAdvice{kAskWhoBrokeOff, kAskClient, kAskServer,
                                      AdviceRule{nullptr, do_not_count}};

constexpr std::array kTellings{
    Telling{"graceful"_verdict, closed, kGraceful, kGracefulAdvice},
    Telling{"graceful-simultaneous"_verdict, simultaneous, kSimultaneous, kSimultaneousAdvice},
    Telling{"graceful-half-close"_verdict, half_close, kHalfClose, kHalfCloseAdvice},
    Telling{"graceful-unconfirmed"_verdict, unconfirmed, kUnconfirmed, kUnconfirmedAdvice},
    Telling{"graceful-then-reset"_verdict, then_reset, kThenReset, kThenResetAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_graceful() { return kTellings; }

}  // namespace tcpteardown
