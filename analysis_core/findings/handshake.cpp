// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"
#include "verdict/questions.h"

// Handshakes that began and were never completed.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

const Endpoint& client(const Story& s) { return s.end(Part::client); }
const Endpoint& server(const Story& s) { return s.end(Part::server); }

// --- setup-synack-unanswered -------------------------------------------------------------------
std::string synack_repeats(const Endpoint& x) {
  if (x.synack_count <= 1) return "";
  const std::string last = x.synack_count == 2 ? " (again in " : " (" + times(x.synack_count) + ", last in ";
  return last + in_frame(x.last_syn.frame) + ')';
}

bool was_refused(const Story& s) { return questions::client_went_on_asking(s.t()); }

std::string synack_unanswered(const Story& s) {
  if (was_refused(s)) {
    return named(s, Part::client) + " refused the SYN-ACK of " + named(s, Part::server) + " in " +
           in_frame(s.rst().trigger.seen() ? s.rst().trigger.at.frame : server(s).syn.frame) + " with " +
           rst_kind(s) + " in " + rst_frame(s) + " and sent its SYN again in " +
           in_frame(client(s).last_syn.frame);
  }
  if (questions::syn_repeated_behind_syn_ack(s.t())) {
    return "the SYN-ACK of " + named(s, Part::server) + " in " + in_frame(server(s).syn.frame) +
           synack_repeats(server(s)) + " did not reach " + named(s, Part::client) +
           ", which sent its SYN again in " + in_frame(client(s).last_syn.frame);
  }
  const bool gave_up = s.reset != nullptr && s.rst().sender == s.server();
  return named(s, Part::server) + " answered the SYN of " + named(s, Part::client) + " with SYN-ACK in " +
         in_frame(server(s).syn.frame) + synack_repeats(server(s)) + "; no ACK of it was seen" +
         (gave_up ? "; the server gave up with a RST in " + rst_frame(s) : "");
}

Found no_third_step(const Story& s) {
  return evidence(frames({server(s).last_syn.frame}),
                  "no ACK was captured" + up_to_the_end(s, server(s).last_syn, "SYN-ACK"));
}

Found server_waits(const Story& s) {
  if (server(s).synack_count <= 1 || was_refused(s)) return {};
  return evidence({}, "the server repeated its SYN-ACK: the connection was not established there");
}

bool asked_again(const Story& s) { return client(s).last_syn.frame > server(s).syn.frame; }

Found client_waits(const Story& s) {
  if (!asked_again(s)) return {};
  if (was_refused(s)) {
    return evidence(
        frames({s.rst().at.frame, client(s).last_syn.frame}),
        "who had given up would not ask again: that SYN-ACK came to no socket that waited for it");
  }
  return evidence(frames({client(s).last_syn.frame}),
                  "the client repeated its SYN, so no SYN-ACK had reached it by then");
}

Found looks_forged(const Story& s) {
  if (was_refused(s)) return {};
  return alternative("a forged source address");
}
Found looks_gone(const Story& s) {
  if (asked_again(s)) return {};
  return alternative("a client that went away");
}
Found looks_astray(const Story& s) {
  if (was_refused(s)) return alternative("an address or port translation that is not undone on the way back");
  return alternative("a SYN-ACK, or the ACK of it, that did not arrive");
}
Found looks_fenced(const Story& s) {
  if (!was_refused(s)) return {};
  return alternative("a firewall at the client that rejects the answer");
}
Found looks_like_repeated_scan(const Story& s) {
  if (!was_refused(s)) return {};
  return alternative("a scanner that sends each SYN several times");
}
Found looks_one_way(const Story& s) {
  if (server(s).synack_count > 1 || was_refused(s)) return {};
  return alternative("a client whose packets take a way past the capture point");
}

std::string follow_the_synack(const Story& s) {
  return "capture at " + the(s, Part::client) +
         " too: if the SYN-ACK does not arrive there, follow the way back (asymmetric routing, a stateful "
         "firewall that saw one direction only); if it does, follow its ACK. Many of these from addresses "
         "that make no sense are a SYN flood or a scan.";
}

std::string compare_addresses(const Story& s) {
  return "capture at " + the(s, Part::client) +
         " too, and compare the address and port that its SYN asks with those that answer. If they differ, "
         "look at the translation between (load balancer, kube-proxy, DNAT); if not, for a firewall there "
         "that rejects the answer.";
}

constexpr auto kSynAckUnanswered =
    std::to_array<FindingRule>({no_third_step, server_waits, client_waits, looks_forged, looks_gone,
                                looks_astray, looks_fenced, looks_like_repeated_scan, looks_one_way});
constexpr std::array kSynAckAdvice{AdviceRule{was_refused, compare_addresses},
                                   AdviceRule{nullptr, follow_the_synack}};

// --- setup-cancelled ---------------------------------------------------------------------------
// The latest of a side's SYNs in front of the RST.
const Moment& syn_before(const Endpoint& x, const Moment& rst) {
  return x.last_syn.frame < rst.frame ? x.last_syn : x.syn;
}

std::string cancelled(const Story& s) {
  const bool answered = server(s).synack_count > 0;
  if (answered && client(s).syn_count == 0) {
    return named(s, Part::client) + " reset the SYN-ACK of " + named(s, Part::server) + " in " +
           in_frame(server(s).syn.frame) + " (RST in " + rst_frame(s) + "); no SYN of it was captured";
  }
  const Moment& before = syn_before(answered ? server(s) : client(s), s.rst().at);
  const std::int64_t delay = between(before, s.rst().at);
  return named(s, Part::client) + " reset its own attempt to connect to " + named(s, Part::server) + " in " +
         rst_frame(s) + (delay > 0 ? ", " + duration(delay) + " after the " : ", after the ") +
         (answered ? "SYN-ACK in " : "SYN in ") + in_frame(before.frame);
}

Found how_cancelled(const Story& s) {
  const FrameNumber at = s.rst().at.frame;
  if (server(s).synack_count == 0) return evidence(frames({at}), "no SYN-ACK was seen before the RST");
  if (s.reset->shape != Shape::reactive) return rst_finding(s);
  return evidence(
      frames({at, s.rst().trigger.at.frame}),
      "RST without ACK answers the SYN-ACK, as from a host that no longer waits for one, or never did");
}

Found never_complete(const Story& s) {
  const FrameNumber later = s.c().handshake_done.frame;
  if (later > s.rst().at.frame) {
    return evidence(frames({later}),
                    "what came behind the RST belongs to no connection: the server had none");
  }
  const std::string start = "the third step of the handshake was not seen, ";
  const bool took =
      client(s).syn_bytes > 0 && server(s).has_ack && after(server(s).rcv_nxt, client(s).iss + 1);
  if (!took) return evidence({}, start + "so no data was at stake");
  return evidence(frames({client(s).syn.frame, server(s).syn.frame}),
                  start + "but the server took data of the SYN (TCP Fast Open)");
}

// After the SYN had been repeated: perhaps later than the client would wait.
Found slow_synack(const Story& s) {
  const bool is_late = client(s).syn_count > 1 && client(s).last_syn.frame < server(s).syn.frame;
  if (!is_late) return {};
  return context(frames({server(s).syn.frame}),
                 "the SYN-ACK came " + duration(between(client(s).syn, server(s).syn)) +
                     " after the first SYN: compare the client's connect time-out");
}

Found looks_like_backscatter(const Story& s) {
  if (client(s).syn_count > 0) return {};
  return alternative("a SYN in the client's name that it never sent (backscatter of a flood)");
}
Found looks_like_scan(const Story&) { return alternative("a port scan"); }
Found looks_cancelled(const Story&) { return alternative("a connect() that was cancelled or timed out"); }
Found looks_raced(const Story&) {
  return alternative("the losing one of two raced addresses (Happy Eyeballs)");
}

std::string look_for_another(const Story& s) {
  return "nothing to repair if " + the(s, Part::client) +
         " opened another connection at about the same time. One address that does this to many ports or "
         "hosts is a scanner.";
}

constexpr auto kCancelled =
    std::to_array<FindingRule>({how_cancelled, looks_like_backscatter, never_complete, slow_synack,
                                looks_like_scan, looks_cancelled, looks_raced});
constexpr std::array kCancelledAdvice{AdviceRule{nullptr, look_for_another}};

// --- setup-bad-synack, setup-stale-peer --------------------------------------------------------
// The client's RST behind what it answers, or the one that was captured in front of it.
const Moment& answering_rst(const Story& s, const Moment& answered) {
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const Reset& r = s.t().resets[i].facts;
    if (r.sender == s.client && r.at.frame > answered.frame) return r.at;
  }
  return s.rst().at;
}

FrameNumber next_syn(const Story& s) {
  if (s.c().superseded) return s.c().next_syn.frame;
  return client(s).last_syn.frame > s.judgement->decisive.frame ? client(s).last_syn.frame : 0;
}

std::string next_attempt(const Story& s) {
  if (s.c().superseded) {
    return s.c().next_established ? "the next SYN opened a new connection" : "a new SYN followed";
  }
  return next_syn(s) != 0 ? "the SYN was repeated" : "no further SYN of these ports was seen";
}

std::string bad_synack(const Story& s) {
  const Moment& bad = s.c().bad_syn_ack;
  return "a SYN-ACK of " + named(s, Part::server) + " in " + in_frame(bad.frame) + " acknowledges what " +
         named(s, Part::client) + " never sent; the client answered it with RST in " +
         in_frame(answering_rst(s, bad).frame);
}

Found and_then(const Story& s) { return evidence(frames({next_syn(s)}), next_attempt(s)); }

// RFC 9293 §3.10.7.3: the RST has the number of that ACK, and the client stays in SYN-SENT.
Found only_rejects(const Story& s) {
  return against(frames({answering_rst(s, s.c().bad_syn_ack).frame}),
                 "the RST ends nothing: with it a client only rejects that SYN-ACK and goes on waiting");
}

Found syn_had_another(const Story& s) {
  return evidence(frames({s.c().bad_syn_ack.frame, client(s).syn.frame}),
                  "the ACK number of the SYN-ACK does not follow the SYN's number");
}

Found looks_left_over(const Story&) { return alternative("a SYN-ACK left over from an earlier connection"); }
Found looks_proxied(const Story&) { return alternative("a box that answers SYNs in the server's name"); }
Found looks_injected(const Story&) { return alternative("a SYN-ACK forged by a third party"); }

std::string ask_who_sent_it(const Story& s) {
  return "capture at " + the(s, Part::server) +
         " to see whether it sent that SYN-ACK; compare its hop limit (TTL) with that of a good one. If it "
         "did, look for the same client port in use shortly before (port reuse, NAT).";
}

constexpr auto kBadSynAck = std::to_array<FindingRule>(
    {syn_had_another, and_then, only_rejects, looks_left_over, looks_proxied, looks_injected});
constexpr std::array kBadSynAckAdvice{AdviceRule{nullptr, ask_who_sent_it}};

std::string stale_peer(const Story& s) {
  const Moment& stale = s.c().stale_ack;
  const FrameNumber next = next_syn(s);
  const Moment& closed = s.c().old_closed;
  const std::string old_one =
      closed.seen() ? "the connection closed in " + in_frame(closed.frame) : std::string("an old connection");
  return named(s, Part::server) + " answered the SYN of " + named(s, Part::client) + " in " +
         in_frame(client(s).syn.frame) + " with an ACK of " + old_one + " (" + in_frame(stale.frame) +
         "); the client reset that one in " + in_frame(answering_rst(s, stale).frame) + "; " +
         next_attempt(s) + (next == 0 ? "" : " (" + in_frame(next) + ')');
}

bool was_time_wait(const Story& s) { return s.c().old_closed.seen(); }

Found in_time_wait(const Story& s) {
  if (!was_time_wait(s)) return {};
  return evidence(frames({s.c().stale_ack.frame, s.c().old_closed.frame}),
                  "that ACK has the last numbers of the closed connection, as TIME-WAIT sends them again");
}

std::string wait_or_change_port(const Story& s) {
  return "nothing to repair unless it delays " + the(s, Part::client) +
         ": a port that is used again within a minute may meet TIME-WAIT. Time stamps (RFC 7323) on both "
         "sides, or more ports, avoid it.";
}

Found still_held(const Story& s) {
  if (was_time_wait(s)) return {};
  return evidence(
      frames({s.c().stale_ack.frame}),
      "a plain ACK in place of SYN-ACK: the server still held an earlier connection of these ports");
}

// RFC 9293 §3.5.1, figure 9.
Found ends_the_old_one(const Story& s) {
  if (was_time_wait(s)) return {};
  return evidence(frames({answering_rst(s, s.c().stale_ack).frame}),
                  "the RST ends the old connection only, with what the server had not sent on it");
}

std::string find_why_held(const Story& s) {
  return "find out why " + the(s, Part::server) + " still held the old connection: " + the(s, Part::client) +
         "'s host restarted or lost power, a NAT or load balancer gave the port out again, or " +
         the(s, Part::server) +
         "'s program holds sockets in CLOSE-WAIT. Keep-alive there ends such connections by itself.";
}

constexpr auto kStalePeer = std::to_array<FindingRule>({in_time_wait, still_held, ends_the_old_one});
constexpr std::array kStalePeerAdvice{AdviceRule{was_time_wait, wait_or_change_port},
                                      AdviceRule{nullptr, find_why_held}};

constexpr std::array kTellings{
    Telling{"setup-synack-unanswered"_verdict, synack_unanswered, kSynAckUnanswered, kSynAckAdvice},
    Telling{"setup-cancelled"_verdict, cancelled, kCancelled, kCancelledAdvice},
    Telling{"setup-bad-synack"_verdict, bad_synack, kBadSynAck, kBadSynAckAdvice},
    Telling{"setup-stale-peer"_verdict, stale_peer, kStalePeer, kStalePeerAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_handshake() { return kTellings; }

}  // namespace tcpteardown
