// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "evidence/icmp.h"
#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"
#include "verdict/questions.h"

// SYNs that nobody accepted.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

const Endpoint& client(const Story& s) { return s.end(Part::client); }

// --- setup-no-reply ----------------------------------------------------------------------------
std::string no_reply(const Story& s) {
  const Endpoint& x = client(s);
  const std::int64_t span = between(x.syn, x.last_syn);
  return "no answer was seen from " + named(s, Part::server) + " to " +
         (x.syn_count <= 1 ? "the SYN" : counted(x.syn_count, "SYN", "SYNs")) + " of " +
         named(s, Part::client) + " (" + frame_range(x.syn.frame, x.last_syn.frame, x.syn_count) +
         (x.syn_count > 1 && span > 0 ? " over " + duration(span) : "") + ')';
}

Found nothing_came(const Story& s) {
  return evidence(frames({client(s).last_syn.frame}), "nothing of the server and no ICMP error was captured" +
                                                          up_to_the_end(s, client(s).last_syn, "SYN"));
}

Found syn_was_repeated(const Story& s) {
  if (client(s).syn_count <= 1) return {};
  return evidence({}, "the client repeated the SYN, so no answer had reached it by then");
}

// An operating system repeats a SYN after about 1 s (RFC 6298 §2.1).
Found gave_up_early(const Story& s) {
  if (client(s).syn_count != 1 || !questions::surely_long_enough_for_an_answer(s.t())) return {};
  return context(frames({client(s).syn.frame}),
                 "one SYN only, which systems repeat after 1 s: the program gave up before, or is a scanner");
}

Found looks_dropped(const Story&) { return alternative("a firewall that drops silently"); }
Found looks_down(const Story&) { return alternative("a host that is down, or a wrong address"); }
Found looks_full(const Story&) { return alternative("a full accept queue: Linux then drops the SYN"); }
Found looks_unseen(const Story& s) {
  if (client(s).syn_count > 1) return {};
  return alternative("an answer on a way past the capture point");
}

std::string follow_the_syn(const Story& s) {
  return "capture at " + the(s, Part::server) +
         " at the same time. If the SYN arrives there, look at the firewall and the accept queue (ss -ltn; "
         "nstat -az TcpExtListenOverflows TcpExtListenDrops); if not, follow the path with a TCP traceroute "
         "to its port.";
}

constexpr auto kNoReply = std::to_array<FindingRule>(
    {nothing_came, syn_was_repeated, gave_up_early, looks_dropped, looks_down, looks_full, looks_unseen});
constexpr std::array kNoReplyAdvice{AdviceRule{nullptr, follow_the_syn}};

// --- setup-refused -----------------------------------------------------------------------------
FrameNumber refused_syn(const Story& s) {
  return s.rst().trigger.seen() ? s.rst().trigger.at.frame : client(s).syn.frame;
}

std::string refused(const Story& s) {
  const bool again = client(s).syn_count > 1 && s.c().resets.count() > 1;
  return named(s, Part::server) + " refused " + named(s, Part::client) + ": " + rst_kind(s) + " in " +
         rst_frame(s) + " answers the SYN of " + in_frame(refused_syn(s)) +
         (again ? "; " + counted(client(s).syn_count, "SYN", "SYNs") + " got " +
                      counted(s.c().resets.count(), "RST", "RSTs")
                : "");
}

Found acknowledges_syn(const Story& s) {
  const std::int64_t time = between(s.rst().trigger.at, s.rst().at);
  return evidence(frames({s.rst().at.frame, refused_syn(s)}),
                  (time > 0 ? "the RST came " + duration(time) + " after that SYN and acknowledges it"
                            : "the RST acknowledges that SYN"));
}

Found never_existed(const Story& s) {
  const std::uint32_t bytes = client(s).syn_bytes;
  return evidence(
      {}, "the connection never existed, and " +
              (bytes == 0 ? "no data was sent" : "the " + byte_count(bytes) + " in the SYN were not taken"));
}

Found refusal_hops(const Story& s) {
  if (s.rst().hop_limit == 0) return {};
  return context(frames({s.rst().at.frame}),
                 "the RST was captured with a hop limit (TTL) of " + std::to_string(s.rst().hop_limit));
}

Found looks_closed(const Story&) { return alternative("a port where nobody listens"); }
Found looks_rejected(const Story&) { return alternative("a firewall that rejects with a TCP reset"); }

std::string look_for_listener(const Story& s) {
  return "check that a program on " + the(s, Part::server) +
         " listens on that port, and on the address that was asked for, not only on loopback (ss -ltnp). If "
         "one does, look for a firewall that rejects: compare the RST's hop limit (TTL) with that of an open "
         "port.";
}

constexpr auto kRefused =
    std::to_array<FindingRule>({acknowledges_syn, never_existed, refusal_hops, looks_closed, looks_rejected});
constexpr std::array kRefusedAdvice{AdviceRule{nullptr, look_for_listener}};

// --- setup-unreachable -------------------------------------------------------------------------
bool from_server(const Story& s) { return s.c().icmp.sender == s.c().address(s.server()).address; }

std::string unreachable(const Story& s) {
  const IcmpFacts& icmp = s.c().icmp;
  return to_string(icmp.sender) +
         (from_server(s) ? " (the server's own address)" : " (not the server's address)") + " reported " +
         icmp_meaning(icmp) + " in " + in_frame(icmp.first.frame) + ", in answer to the SYN of " +
         named(s, Part::client) + " to " + named(s, Part::server);
}

Found quotes_the_syn(const Story& s) {
  return evidence(frames({s.c().icmp.first.frame, client(s).syn.frame}),
                  "the error quotes the SYN, and no segment of the server was captured");
}

Found who_reported(const Story& s) {
  return evidence({}, from_server(s)
                          ? "the reporter is the host that was asked for, or a firewall in its name"
                          : "the reporter is a router or firewall on the way, or the client's own system");
}

Found further_errors(const Story& s) {
  const IcmpFacts& icmp = s.c().icmp;
  if (icmp.count <= 1) return {};
  return context(frames({icmp.last.frame}), grouped(icmp.count) + " such errors came in all");
}

bool rejects_oddly(const Story& s) {
  const Failure failure = read_icmp(s.c().icmp).failure;
  return from_server(s) && (failure == Failure::no_route || failure == Failure::no_host);
}

std::string look_for_odd_rule(const Story&) {
  return "a host does not say this of itself: look for a firewall rule on it, or in front of it, that "
         "rejects in this form.";
}

std::string_view what_to_do(Failure failure) {
  switch (failure) {
    case Failure::no_route:
      return "look at the routing table of the reporter: it has no route to this address.";
    case Failure::no_host:
      return "check that the host is up and its address right: the reporter, the last router before it, "
             "found nobody there (no ARP or neighbour discovery answer), or is a firewall that rejects in "
             "this form.";
    case Failure::no_protocol: return "check that the address belongs to the host that was meant.";
    case Failure::no_port:
      return "a TCP stack answers a closed port with RST, so this is a firewall that rejects with ICMP (the "
             "default of the iptables REJECT target): look for the rule at the reporter.";
    case Failure::prohibited:
      return "look for the firewall rule or access list at the reporter that denies this port.";
    case Failure::too_big: return "check the MTU along the path.";
    case Failure::too_many_hops: return "look for a routing loop with traceroute.";
    case Failure::other: break;
  }
  return "";
}

bool is_known_failure(const Story& s) { return !what_to_do(read_icmp(s.c().icmp).failure).empty(); }
std::string look_at_reporter(const Story& s) {
  return std::string(what_to_do(read_icmp(s.c().icmp).failure));
}

std::string read_the_code(const Story&) {
  return "read the ICMP code: it says which of routing, address resolution, port and policy failed.";
}

constexpr auto kUnreachable = std::to_array<FindingRule>({quotes_the_syn, who_reported, further_errors});
constexpr std::array kUnreachableAdvice{AdviceRule{rejects_oddly, look_for_odd_rule},
                                        AdviceRule{is_known_failure, look_at_reporter},
                                        AdviceRule{nullptr, read_the_code}};

constexpr std::array kTellings{
    Telling{"setup-no-reply"_verdict, no_reply, kNoReply, kNoReplyAdvice},
    Telling{"setup-refused"_verdict, refused, kRefused, kRefusedAdvice},
    Telling{"setup-unreachable"_verdict, unreachable, kUnreachable, kUnreachableAdvice},
};

}  // namespace

std::span<const Telling> tellings_of_setup() { return kTellings; }

}  // namespace tcpteardown
