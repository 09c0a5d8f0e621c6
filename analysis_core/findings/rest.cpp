// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>

#include "evidence/suspicion.h"
#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"
#include "verdict/questions.h"

// Endings that somebody else made, and connections whose end is not in the capture.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

// --- reset-injected ----------------------------------------------------------------------------
// The last RST of that side; a burst that guesses ahead ends there.
const Reset& last_of_burst(const Story& s) {
  const Reset* last = &s.rst();
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const Reset& r = s.t().resets[i].facts;
    if (r.sender == s.actor && r.at.frame > last->at.frame) last = &r;
  }
  return *last;
}

std::string injected(const Story& s) {
  const Moment seen = sign_of_life(s);
  if (!seen.seen() && !burst_steps_ahead(s.t())) {
    return "the RST in " + rst_frame(s) + " that ended the connection was made nearer than " +
           named(s, Part::actor) + ", whose address it carries: it came too soon and from another distance" +
           loss_clause(s);
  }
  const std::string proof = seen.seen() ? went_on(s) + " in " + in_frame(seen.frame)
                                        : "had sent nothing near the numbers of the RSTs up to " +
                                              in_frame(last_of_burst(s).at.frame);
  return "the RST in " + rst_frame(s) + " that ended the connection was not sent by " +
         named(s, Part::actor) + ", whose address it carries: that side " + proof + loss_clause(s);
}

Found guessed_ahead(const Story& s) {
  if (sign_of_life(s).seen() || !burst_steps_ahead(s.t())) return {};
  const Reset& last = last_of_burst(s);
  const std::int32_t ahead = distance(s.rst().sender_snd_nxt, last.seq);
  return evidence(frames({s.rst().at.frame, last.at.frame}),
                  "RSTs with rising numbers, " +
                      byte_count(ahead > 0 ? static_cast<std::uint64_t>(ahead) : 0) + " ahead of " +
                      the(s, Part::actor) + "'s data, answer nothing: a host need not guess");
}

Found no_gap(const Story& s) {
  if (sign_of_life(s).seen() || !burst_steps_ahead(s.t())) return {};
  return against({}, "no data missed by the capture: no gap shows on that side");
}

Found looks_like_firewall(const Story&) { return alternative("firewall or intrusion prevention"); }
Found looks_like_balancer(const Story&) { return alternative("load balancer"); }
Found looks_like_attacker(const Story&) { return alternative("censor or attacker"); }

std::string capture_at_both_ends(const Story&) {
  return "capture at both ends at once: a forged RST is missing in the capture at the host whose address it "
         "carries. Follow its hop limit: how many routers away is a sender with that value? Then look at the "
         "devices there.";
}

constexpr auto kInjected =
    std::to_array<FindingRule>({lives_on, guessed_ahead, no_late_segment, no_gap, looks_like_firewall,
                                looks_like_balancer, looks_like_attacker});
constexpr std::array kInjectedAdvice{AdviceRule{nullptr, capture_at_both_ends}};

// --- open --------------------------------------------------------------------------------------
std::string end_of_capture(const Story& s) {
  const std::string left = time_left(s, s.c().last);
  return left.empty() ? "ends with" : "ends " + left + " after";
}

// What is unfinished on a connection that does not end.
std::string pending(const Story& s) {
  if (questions::handshake_seen(s.t()) && !questions::handshake_complete(s.t())) {
    return "; the handshake was not complete";
  }
  std::string out;
  for (const Part part : {Part::client, Part::server}) {
    const std::uint64_t unacked = s.t().loss(s.side(part)).unacked;
    if (unacked == 0) continue;
    out += "; " + byte_count(unacked) + " from " + the(s, part) + (unacked == 1 ? " has" : " have") +
           " no ACK yet";
  }
  return out;
}

// The side whose repeats stand unanswered, and how often it was; {} where nothing stalls.
std::optional<Part> stalled_part(const Story& s) {
  if (!questions::stalled(s.t())) return {};
  const auto repeats = [&s](Part p) { return std::max(s.end(p).resends.count, s.end(p).deaf_resends.count); };
  return repeats(Part::client) >= repeats(Part::server) ? Part::client : Part::server;
}

std::string goes_on(const Story& s) {
  if (const std::optional<Part> part = stalled_part(s)) {
    const Endpoint& x = s.end(*part);
    const Run& run = x.resends.count >= x.deaf_resends.count ? x.resends : x.deaf_resends;
    return "the connection between " + named(s, Part::client) + " and " + named(s, Part::server) +
           " is stalled: " + counted(run.count, "retransmission", "retransmissions") + " of " +
           the(s, *part) + " in " + frame_range(run.first.frame, run.last.frame, run.count) +
           " had no answer when the capture ended" + pending(s);
  }
  return "the connection between " + named(s, Part::client) + " and " + named(s, Part::server) +
         " does not end in this capture, which " + end_of_capture(s) +
         " the last packet of the connection (" + in_frame(s.c().last.frame) + ")" + pending(s);
}

// The side whose receive window is closed: it holds the other one up without any repetition.
std::optional<Part> closed_window(const Story& s) {
  for (const Part part : {Part::client, Part::server}) {
    if (s.end(part).zero_window && s.end(part).zero_window_since.seen()) return part;
  }
  return {};
}

// The side that repeats its data without an ACK so far.
std::optional<Part> repeating(const Story& s) {
  for (const Part part : {Part::client, Part::server}) {
    if (s.end(part).resends.count > 0) return part;
  }
  return {};
}

Found nothing_ended_it(const Story& s) {
  const bool in_vain = closed_window(s) || repeating(s) || stalled_part(s);
  return evidence({}, "the capture shows no FIN and no RST that ended it" +
                          std::string(in_vain ? "" : ", and nothing repeated in vain"));
}

Found window_is_closed(const Story& s) {
  const std::optional<Part> part = closed_window(s);
  if (!part) return {};
  const Part blocked = *part == Part::client ? Part::server : Part::client;
  const Run& probes = s.end(blocked).window_probes;
  const std::string asked =
      probes.count == 0 ? "" : ", also after " + counted(probes.count, "window probe", "window probes");
  return evidence(
      frames({s.end(*part).zero_window_since.frame, probes.last.frame}),
      the(s, *part) + "'s receive window stays closed" + asked + ": " + the(s, blocked) + " may not send");
}

Found repeats_in_vain(const Story& s) {
  const std::optional<Part> part = repeating(s);
  if (!part || closed_window(s)) return {};
  const Run& run = s.end(*part).resends;
  return evidence(frames_of(run),
                  the(s, *part) + " repeated its data " + times(run.count) + " without an ACK so far");
}

Found sent_so_far(const Story& s) { return evidence({}, "sent so far: " + totals(s)); }

std::string ask_the_hosts(const Story&) {
  return "capture longer if you need the end. Whether the connection lives can be asked at either host (ss "
         "-tnp).";
}

bool stalls(const Story& s) { return stalled_part(s).has_value(); }

std::string follow_the_repeats(const Story& s) {
  const Part sender = stalled_part(s).value_or(Part::client);
  const Part silent = sender == Part::client ? Part::server : Part::client;
  return "capture at " + the(s, silent) +
         " too: do the repeated segments arrive there, and what becomes of its ACKs? Capture longer if you "
         "need the end.";
}

bool ports_were_used_again(const Story& s) { return s.c().superseded && s.c().next_established; }

// A SYN-ACK for the next one says that neither host knew this one any more (RFC 9293 §3.5.1, §3.10.7.4).
std::string was_over_by_then(const Story& s) {
  return "by " + in_frame(s.c().next_syn.frame) +
         " both hosts had forgotten this connection, so its end is missing here: capture without a filter "
         "and without loss, or look for time-outs that close without a word.";
}

constexpr auto kOpen =
    std::to_array<FindingRule>({nothing_ended_it, window_is_closed, repeats_in_vain, sent_so_far});
constexpr std::array kOpenAdvice{AdviceRule{ports_were_used_again, was_over_by_then},
                                 AdviceRule{stalls, follow_the_repeats}, AdviceRule{nullptr, ask_the_hosts}};

// --- inconclusive ------------------------------------------------------------------------------
std::string only_reset(const Story& s) {
  return "the " + rst_kind(s) + " in " + rst_frame(s) + " comes from " + to_string(s.c().address(s.actor));
}

bool nothing_else(const Story& s) {
  return s.reset != nullptr && s.c().a.segments == 0 && s.c().b.segments == 0;
}

std::string why_unclear(const Story& s) {
  const Fin& fin = s.end(Part::first).fin;
  if (nothing_else(s)) return only_reset(s) + ", and nothing else of the connection was captured";
  if (s.t().quality.one_sided) {
    const Side seen = s.c().a.segments > 0 ? Side::a : Side::b;
    const std::string only = "only segments of " + to_string(s.c().address(seen)) + " were captured";
    if (s.reset != nullptr) return only_reset(s) + ", but " + only;
    return fin.sent() ? "the FIN in " + in_frame(fin.first.frame) + " was seen, but " + only : only;
  }
  if (s.reset != nullptr) {
    return only_reset(s) + (s.reset->fate != Fate::accepted
                                ? ", and whether its receiver took it cannot be told"
                                : ", which does not fit what was captured before");
  }
  return "the FIN in " + in_frame(fin.first.frame) + " was seen, but " + the(s, Part::second) +
         " may have closed before the capture began";
}

std::string unclear(const Story& s) {
  if (questions::was_never_a_connection(s.t())) {
    return "no connection between " + named(s, Part::client) + " and " + named(s, Part::server) + ": the " +
           rst_kind(s) + " in " + rst_frame(s) + " answers a segment without ACK, as a scan sends it";
  }
  return "how the connection between " + named(s, Part::client) + " and " + named(s, Part::server) +
         " ended cannot be told" + (s.judgement->loss == Loss::none ? "" : ", nor whether data was lost") +
         ": " + why_unclear(s);
}

Found has_number_zero(const Story& s) {
  if (!questions::was_never_a_connection(s.t())) return {};
  return evidence(frames({s.rst().at.frame}),
                  "a host answers so with number 0 where it has no connection and nobody listens");
}

Found what_would_decide(const Story& s) {
  if (questions::was_never_a_connection(s.t())) return {};
  const bool by_reset = s.reset != nullptr;
  const FrameNumber frame = by_reset ? s.rst().at.frame : s.end(Part::first).fin.first.frame;
  const std::string other_side = the(s, by_reset ? Part::peer : Part::second);
  return evidence(frames({frame}), "what " + other_side +
                                       " had sent, received or closed before decides what " +
                                       (by_reset ? "this RST" : "this ending") + " means");
}

// What the ACKs of the side that was captured tell of the other one.
Found told_by_acks(const Story& s) {
  if (!s.t().quality.one_sided) return {};
  const Side seen = s.c().a.segments > 0 ? Side::a : Side::b;
  const Endpoint& x = s.end(seen);
  const std::int32_t total = x.has_ack ? distance(x.first_ack, x.rcv_nxt) : 0;
  if (total <= 0) return {};
  const std::string who = the(s, seen);
  const std::string whose = the(s, other(seen));
  const bool maybe_fin = x.ack_step == 1;
  const auto bytes = static_cast<std::uint64_t>(total) - (maybe_fin ? 1U : 0U);
  if (bytes == 0) {
    return evidence(frames({x.ack_advanced.frame}),
                    who + " acknowledged one number of " + whose + ", perhaps its FIN");
  }
  return evidence(frames({x.ack_advanced.frame}),
                  who + " acknowledged " + byte_count(bytes) + " of " + whose +
                      (maybe_fin ? ", and one number more, perhaps its FIN" : ""));
}

std::string capture_both_directions(const Story&) {
  return "capture both directions from the start of the connection, best at one of the two hosts, and "
         "without a filter that drops one direction.";
}

constexpr auto kUnclear = std::to_array<FindingRule>({has_number_zero, told_by_acks, what_would_decide});
constexpr std::array kUnclearAdvice{AdviceRule{nullptr, capture_both_directions}};

constexpr std::array kTellings{
    Telling{"reset-injected"_verdict, injected, kInjected, kInjectedAdvice},
    Telling{"open"_verdict, goes_on, kOpen, kOpenAdvice},
    Telling{"inconclusive"_verdict, unclear, kUnclear, kUnclearAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_the_rest() { return kTellings; }

}  // namespace tcpteardown
