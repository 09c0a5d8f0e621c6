// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"

// A host that opens a connection anew while the other one still holds the old one.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

std::string next_connection(const Story& s) {
  if (!s.c().superseded) return "no new connection of these ports is in the capture";
  return "the next connection of these ports starts in " + in_frame(s.c().next_syn.frame) +
         (s.c().next_established ? " and was established" : "");
}

std::string opened_anew(const Story& s) {
  return named(s, Part::actor) + " opened the connection anew in " + in_frame(s.c().pending.at.frame) +
         " while " + named(s, Part::peer) + " still held the old one, which ended with RST in " +
         rst_frame(s) + "; " + next_connection(s) + some_loss(s);
}

Found challenged_syn(const Story& s) {
  return evidence(frames({s.c().pending.at.frame, s.c().pending.challenge.frame}),
                  the(s, Part::peer) + " answered the SYN with an ACK of the old connection (challenge ACK)");
}

Found unknown_ack(const Story& s) {
  return evidence(frames({s.rst().at.frame}),
                  the(s, Part::actor) + " did not know that ACK and reset it, as RFC 9293 §3.5.1 has it");
}

Found looks_like_crash(const Story&) { return alternative("restart or crash"); }
Found looks_like_reused_port(const Story&) { return alternative("NAT that gave the port out again"); }

std::string look_for_crash(const Story& s) {
  return "look for a restart or crash of " + the(s, Part::actor) +
         " shortly before that SYN, or for a NAT whose entries expire earlier than connections do. What " +
         the(s, Part::peer) + " had not yet sent in the old connection, its program has to send anew.";
}

constexpr auto kRestart =
    std::to_array<FindingRule>({challenged_syn, unknown_ack, looks_like_crash, looks_like_reused_port});
constexpr std::array kRestartAdvice{AdviceRule{nullptr, look_for_crash}};

constexpr std::array kTellings{
    Telling{"restart-same-ports"_verdict, opened_anew, kRestart, kRestartAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_restarts() { return kTellings; }

}  // namespace tcpteardown
