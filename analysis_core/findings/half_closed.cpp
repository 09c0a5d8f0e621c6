// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "evidence/closing.h"
#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"

// Connections that one side closed and the other did not.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

std::string closed(const Story& s) {
  return named(s, Part::first) + " closed (" + fin_brief(s, Part::first) + "), ";
}

std::string until_the_end(const Story& s, const Moment& since) {
  return duration(s.t().end.time_ns - since.time_ns) + " until the capture ends";
}

Found its_fin(const Story& s) { return fin_finding(s, Part::first); }

// --- half-closed-active ------------------------------------------------------------------------
std::string still_active(const Story& s) {
  if (!s.end(Part::second).sent_after_peer_fin) {
    return the(s, Part::second) + " had not closed when the capture ended";
  }
  const std::uint64_t bytes = half_close_bytes(s.c(), s.second());
  return the(s, Part::second) + " was still sending when the capture ended" +
         (bytes == 0 ? "" : " (" + byte_count(bytes) + " since then)");
}

std::string active(const Story& s) {
  return named(s, Part::first) + " finished sending (" + fin_brief(s, Part::first) + "); " + still_active(s) +
         some_loss(s);
}

Found went_on_sending(const Story& s) {
  const Endpoint& x = s.end(Part::second);
  if (!x.sent_after_peer_fin) return {};
  const std::string left = time_left(s, x.after_fin_last);
  return evidence(
      frames_behind_fin(s, Part::second),
      the(s, Part::second) + " went on sending behind that FIN" +
          (left.empty() ? ", up to the end of the capture" : ", last " + left + " before the capture ends"));
}

Found no_fault(const Story& s) {
  return against(frames({s.end(Part::first).fin.first.frame}),
                 "nothing is wrong so far: a FIN ends only its sender's direction");
}

std::string see_the_end(const Story&) {
  return "capture longer to see the end: the second FIN, or a RST that answers the data.";
}

constexpr auto kActive = std::to_array<FindingRule>({its_fin, went_on_sending, no_fault});
constexpr std::array kActiveAdvice{AdviceRule{nullptr, see_the_end}};

// --- half-closed-idle --------------------------------------------------------------------------
bool ends_too_soon(const Story& s) { return s.judgement->harmless; }

std::string idle(const Story& s) {
  const Moment& fin = s.end(Part::first).fin.first;
  if (ends_too_soon(s)) {
    return closed(s) + named(s, Part::second) + " had not when the capture ended, " +
           duration(s.t().end.time_ns - fin.time_ns) + " after that FIN" + some_loss(s);
  }
  return closed(s) + named(s, Part::second) + " did not in the " + until_the_end(s, fin) + ": " +
         the(s, Part::second) + "'s program has to close" + some_loss(s);
}

Found is_known(const Story& s) {
  const Fin& fin = s.end(Part::first).fin;
  const std::string repeats =
      fin.retransmissions == 0 ? "" : ", repeated " + times(fin.retransmissions) + ',';
  return evidence(frames({fin.acked.frame}), the(s, Part::first) + "'s FIN" + repeats +
                                                 " was acknowledged, so " + the(s, Part::second) +
                                                 " knows of it");
}

Found nothing_since(const Story& s) {
  if (ends_too_soon(s))
    return evidence({}, "the capture ends too soon to say whether " + the(s, Part::second) + " closes");
  const Endpoint& x = s.end(Part::second);
  if (!x.sent_after_peer_fin)
    return evidence({}, "no data and no FIN of " + the(s, Part::second) + " was seen since");
  const std::uint64_t bytes = half_close_bytes(s.c(), s.second());
  return evidence(frames_behind_fin(s, Part::second),
                  the(s, Part::second) + " sent " + (bytes == 0 ? "data" : byte_count(bytes)) +
                      " behind it, then nothing in the " + until_the_end(s, x.after_fin_last));
}

// Who takes data behind its FIN called shutdown(): Linux sets no time-out for FIN-WAIT-2 then.
Found waits(const Story& s) {
  if (ends_too_soon(s)) return {};
  const bool reads = s.end(Part::second).sent_after_peer_fin;
  return evidence({}, the(s, Part::second) + " is in CLOSE-WAIT until its program calls close(), " +
                          the(s, Part::first) + " in FIN-WAIT-2" +
                          (reads ? ", its receiving half open" : ""));
}

// Linux tcp_fin_timeout, for a socket that was closed for good.
Found may_forget(const Story& s) {
  if (ends_too_soon(s) || s.end(Part::second).sent_after_peer_fin) return {};
  return context({},
                 "after 60 s (Linux) " + the(s, Part::first) + " may forget the connection without a word");
}

std::string see_the_close(const Story& s) {
  return "capture longer to see whether " + the(s, Part::second) + " closes.";
}

std::string find_the_leak(const Story& s) {
  return "look at " + the(s, Part::second) +
         "'s program, not at the network: which code path reads the end of the data and does not close? On "
         "that host ss -tnp state close-wait names the process; a growing number there is a leak.";
}

constexpr auto kIdle = std::to_array<FindingRule>({is_known, nothing_since, waits, may_forget});
constexpr std::array kIdleAdvice{AdviceRule{ends_too_soon, see_the_close},
                                 AdviceRule{nullptr, find_the_leak}};

// --- half-closed-fin-unacked -------------------------------------------------------------------
std::string repeats(const Fin& fin) {
  if (fin.retransmissions == 0) return "";
  return ", repeated " + times(fin.retransmissions) + " up to " + in_frame(fin.last.frame) + " over " +
         duration(between(fin.first, fin.last)) + ',';
}

std::string late_answer(const Story& s) {
  if (s.reset == nullptr) return "";
  const Trigger& trigger = s.rst().trigger;
  return "; when " + the(s, Part::second) + " spoke again" +
         (trigger.seen() ? " in " + in_frame(trigger.at.frame) : "") + ", RST in " + rst_frame(s) +
         " answered";
}

// Only the FIN itself is missing where the data before it was acknowledged.
std::string loss_before_fin(const Story& s) {
  const Endpoint& x = s.end(Part::first);
  const Endpoint& y = s.end(Part::second);
  const bool all_acked = y.has_ack && at_or_after(y.rcv_nxt, x.data_end);
  if (s.judgement->loss != Loss::none || !all_acked) return loss_clause(s);
  return x.bytes == 0 ? "; no data came before it" : "; all data before it was acknowledged";
}

std::string fin_unacked(const Story& s) {
  const Fin& fin = s.end(Part::first).fin;
  return "no ACK of " + named(s, Part::first) + "'s FIN in " + in_frame(fin.first.frame) + repeats(fin) +
         " was seen from " + named(s, Part::second) + late_answer(s) + loss_before_fin(s);
}

Found last_of_other(const Story& s) {
  const Fin& fin = s.end(Part::first).fin;
  return last_sign_of(s, Part::second, fin.first, fin.last, "FIN");
}

Found silent_since(const Story& s) {
  const Fin& fin = s.end(Part::first).fin;
  if (s.reset != nullptr) return {};
  const std::string left = time_left(s, fin.last);
  return evidence(frames({fin.last.frame}),
                  left.empty() ? "the capture ends with the last FIN"
                               : "nothing more came in the " + left + " until the capture ends");
}

// Linux tcp_orphan_retries.
Found gives_up_in_silence(const Story&) {
  return context({}, "Linux gives a closed socket up after some repetitions, without a RST");
}

Found looks_gone(const Story& s) {
  return alternative(s.reset == nullptr ? "a host that is gone or out of reach"
                                        : "a host that was out of reach for a while");
}
Found looks_dropped(const Story&) { return alternative("a device on the way that drops the FIN"); }
Found looks_acked_elsewhere(const Story&) { return alternative("ACKs that do not come back"); }

std::string capture_there(const Story& s) {
  return "capture at " + the(s, Part::second) +
         ": did the FIN arrive there? If not, look at firewalls and load balancers that forget a connection "
         "at the first FIN; if it did, look for the ACK on the way back.";
}

constexpr auto kFinUnacked =
    std::to_array<FindingRule>({last_of_other, silent_since, rst_finding, gives_up_in_silence, looks_gone,
                                looks_dropped, looks_acked_elsewhere});
constexpr std::array kFinUnackedAdvice{AdviceRule{nullptr, capture_there}};

constexpr std::array kTellings{
    Telling{"half-closed-active"_verdict, active, kActive, kActiveAdvice},
    Telling{"half-closed-idle"_verdict, idle, kIdle, kIdleAdvice},
    Telling{"half-closed-fin-unacked"_verdict, fin_unacked, kFinUnacked, kFinUnackedAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_half_closed() { return kTellings; }

}  // namespace tcpteardown
