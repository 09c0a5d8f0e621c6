// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"

// Handshakes that one side alone completed.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

const Endpoint& client(const Story& s) { return s.end(Part::client); }
const Endpoint& server(const Story& s) { return s.end(Part::server); }
const Run& repeats(const Story& s) { return server(s).late_syn_acks; }

// --- setup-not-accepted ------------------------------------------------------------------------
std::string then_reset(const Story& s) {
  if (s.reset == nullptr) return "";
  return std::string(repeats(s).count > 0 ? "; then " : "") + the(s, s.rst().sender) + " sent " +
         rst_kind(s) + " in " + rst_frame(s);
}

std::string not_accepted(const Story& s) {
  const Run& late = repeats(s);
  std::string said =
      named(s, Part::server) + " never took the connection of " + named(s, Part::client) + ": ";
  if (late.count > 0) {
    said += "behind the client's ACK (" + in_frame(s.c().handshake_done.frame) +
            ") it repeated its SYN-ACK (" + frame_range(late.first.frame, late.last.frame, late.count) + ')';
  }
  return said + then_reset(s) + some_loss(s);
}

Found goes_on_repeating(const Story& s) {
  const Run& late = repeats(s);
  if (late.count == 0) return {};
  return evidence(frames({server(s).syn.frame, late.first.frame, late.last.frame}),
                  "a SYN-ACK that comes again says that no ACK of it was taken, though the server runs");
}

Found nothing_but_syn_acks(const Story& s) {
  if (client(s).data_segments == 0) {
    return evidence({}, "the server sent no ACK, no data and no FIN, and the client no data");
  }
  return evidence(frames({client(s).first_data.frame}), "no byte of the client was acknowledged");
}

Found answers_third_step(const Story& s) {
  if (s.reset == nullptr || s.rst().sender != s.server()) return {};
  if (repeats(s).count > 0) {
    return evidence(frames({s.rst().at.frame, s.rst().trigger.at.frame}),
                    "RST without ACK: the half-made socket had expired when that segment came");
  }
  return evidence(frames({s.rst().at.frame, s.c().handshake_done.frame}),
                  "RST without ACK answers the third step of the handshake itself");
}

Found looks_full(const Story&) {
  return alternative("a full accept queue: the program does not accept fast enough");
}
Found looks_deferred(const Story& s) {
  if (repeats(s).count == 0) return {};
  return alternative("a listener with TCP_DEFER_ACCEPT that waits for data");
}
Found looks_unheard(const Story& s) {
  if (repeats(s).count == 0) return {};
  return alternative("a path on which the client's segments do not arrive");
}
Found looks_closed_meanwhile(const Story& s) {
  if (repeats(s).count > 0) return {};
  return alternative("a listener that was closed between SYN-ACK and ACK, or a firewall that rejects");
}

std::string look_at_the_queue(const Story& s) {
  return "look at the accept queue of " + the(s, Part::server) +
         " (ss -ltn: Recv-Q against Send-Q; nstat -az TcpExtListenOverflows TcpExtListenDrops), and whether "
         "its program accepts. If the queue is not full, capture there to see whether the client's segments "
         "arrive.";
}

constexpr auto kNotAccepted =
    std::to_array<FindingRule>({goes_on_repeating, nothing_but_syn_acks, answers_third_step, looks_full,
                                looks_deferred, looks_unheard, looks_closed_meanwhile});
constexpr std::array kNotAcceptedAdvice{AdviceRule{nullptr, look_at_the_queue}};

// --- setup-answered-elsewhere ------------------------------------------------------------------
const Elsewhere& away(const Story& s) { return s.c().elsewhere; }

std::string elsewhere(const Story& s) {
  const bool is_answer = away(s).is_answer;
  const std::string who = named(s, Part::client);
  const std::string here = to_string(s.c().address(s.server()));
  const std::string asked = is_answer ? to_string(away(s).other_end) : here;
  const std::string answered = is_answer ? here : to_string(away(s).other_end);
  const bool refused = is_answer && s.reset != nullptr && s.rst().sender == s.client;
  const FrameNumber last = is_answer ? server(s).last_syn.frame : client(s).last_syn.frame;
  const unsigned count = is_answer ? server(s).synack_count : client(s).syn_count;
  const std::string repeats = (is_answer ? "; the SYN-ACK came " : "; the SYN was sent ") +
                              (count == 2 ? std::string("again in ") : times(count) + ", last in ") +
                              in_frame(last);
  const bool again = last != (is_answer ? away(s).answer.frame : away(s).syn.frame);
  return "the SYN of " + who + " to " + asked + " in " + in_frame(away(s).syn.frame) + " was answered from " +
         answered + " (SYN-ACK in " + in_frame(away(s).answer.frame) + ')' +
         (refused ? "; the client refused that with RST in " + rst_frame(s) : "") + (again ? repeats : "");
}

Found ties(const Story& s) {
  return evidence(frames({away(s).syn.frame, away(s).answer.frame}),
                  away(s).same_stamp
                      ? "the SYN-ACK acknowledges that SYN's number and echoes its time stamp"
                      : "the SYN-ACK acknowledges that SYN's number, at the port it came from");
}

Found nothing_from_asked(const Story& s) {
  if (away(s).is_answer) return {};
  return evidence({}, "nothing of the address that was asked was captured");
}

Found looks_half_translated(const Story&) {
  return alternative(
      "a server with several addresses that answers from another one, or replies past the translator");
}

std::string undo_it(const Story& s) {
  return "look where the address is translated (load balancer, kube-proxy, DNAT): the answers of " +
         the(s, Part::server) +
         "'s host must go back through it. Client and server in one network bypass it; translate the source, "
         "too (hairpin NAT), or let bridged packets pass netfilter (br_netfilter).";
}

constexpr auto kElsewhere = std::to_array<FindingRule>({ties, nothing_from_asked, looks_half_translated});
constexpr std::array kElsewhereAdvice{AdviceRule{nullptr, undo_it}};

constexpr std::array kTellings{
    Telling{"setup-answered-elsewhere"_verdict, elsewhere, kElsewhere, kElsewhereAdvice},
    Telling{"setup-not-accepted"_verdict, not_accepted, kNotAccepted, kNotAcceptedAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_unaccepted() { return kTellings; }

}  // namespace tcpteardown
