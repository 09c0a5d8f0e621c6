// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/context.h"
#include "report/icmp_words.h"
#include "report/phrasing.h"

// What the RST's packet and the other odd packets of the connection tell, and what they do not.
namespace tcpteardown {
namespace {

bool blames_the_network(const Scene& s) { return s.judgement->verdict->blame == Blame::network; }

// FreeBSD's tcp_output() and Windows clear the window of a RST; no zero window is meant.
std::string window_zero(const Scene& s) {
  if (s.reset == nullptr || blames_the_network(s) || s.reset->shape != Shape::active || s.rst().window != 0)
    return "";
  const Reset& r = s.rst();
  if (!r.sender_had_window || r.sender_window_before == 0 || !r.sender_last_before.seen()) return "";
  const Endpoint& x = s.end(s.closer);
  const bool scaled = x.has_window_scale && s.end(s.peer()).has_window_scale && x.window_scale <= 14;
  const std::uint64_t window = static_cast<std::uint64_t>(r.sender_window_before)
                               << (scaled ? x.window_scale : 0U);
  return "Window 0 in the RST is a habit of its sender's operating system (Windows and BSD do that) and "
         "no zero window: " +
         in_frame(r.sender_last_before.frame) + " had just offered " + byte_count(window) + ".";
}

// Linux purges the receive queue before it writes the RST, and so the window opens.
std::string window_opens(const Scene& s) {
  if (s.reset == nullptr || s.reset->shape != Shape::active || !s.rst().sender_zero_window) return "";
  if (s.rst().window == 0) return "";
  return "The receive window of " + role(s, s.closer) +
         " was closed and is open in the RST: its system had just thrown away data that the program had "
         "not read.";
}

std::string odd_length(const Scene& s) {
  if (s.reset == nullptr || s.judgement->verdict->family != Family::abort) return "";
  const Endpoint& y = s.end(s.peer());
  if (!y.odd_segment.seen()) return "";
  return "The odd length of " + in_frame(y.odd_segment.frame) + " (" + grouped(y.odd_length) +
         " bytes where others have " + grouped(y.longest_segment) +
         ") is no cause: segments end where the program's writes end.";
}

std::string syn_inside(const Scene& s) {
  const PendingSyn& p = s.c().pending;
  if (!p.at.seen() || !p.challenge.seen() || s.is("restart-same-ports") || s.is("setup-stale-peer"))
    return "";
  return std::string("A ") + (p.is_syn_ack ? "SYN-ACK" : "SYN") + " inside the connection (" +
         in_frame(p.at.frame) + ") was answered with a challenge ACK in " + in_frame(p.challenge.frame) +
         " and changed nothing.";
}

std::string icmp(const Scene& s) {
  const IcmpFacts& icmp = s.c().icmp;
  if (icmp.count == 0 || s.is("setup-unreachable")) return "";
  return "About " + role(s, icmp.about) + "'s segments " + to_string(icmp.sender) + " reported " +
         icmp_meaning(icmp) + (icmp.count > 1 ? ", " + times(icmp.count) + ", first in " : ", in ") +
         in_frame(icmp.first.frame) + ".";
}

// RSTs behind the one that ended it: answers to what was still in flight.
std::string echoes(const Scene& s) {
  if (s.t().reset() == nullptr || s.judgement->verdict->family != Family::abort) return "";
  std::size_t count = 0;
  FrameNumber first = 0;
  FrameNumber last = 0;
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const JudgedReset& r = s.t().resets[i];
    if (r.facts.at.frame <= s.rst().at.frame || r.facts.sender != s.closer || r.shape != Shape::reactive)
      continue;
    if (r.facts.at.frame == s.t().confirming_reset) continue;
    if (count++ == 0) first = r.facts.at.frame;
    last = r.facts.at.frame;
  }
  if (count == 0) return "";
  const std::string what = count == 1 ? "The further RST (" : "The further RSTs (";
  return what + frame_range(first, last, count) +
         (count == 1 ? ") only answers a segment that was" : ") only answer segments that were") +
         " still on the way.";
}

// RFC 9293 §3.10.7.4: a RST behind a gap is asked for once more, at the number that was expected.
std::string confirmed(const Scene& s) {
  if (s.t().confirming_reset == 0 || s.reset == nullptr) return "";
  const FrameNumber asked = s.rst().challenge.frame;
  return "That RST was not taken at once because something before it had not arrived" +
         (asked == 0 ? std::string{}
                     : "; " + role(s, s.peer()) + " asked in " + in_frame(asked) + " (challenge ACK)") +
         ", and the RST in " + in_frame(s.t().confirming_reset) + " ended the connection.";
}

std::string repeats(const Scene& s) {
  if (s.judgement->verdict->family == Family::timeout || s.judgement->verdict->family == Family::setup)
    return "";
  const std::uint32_t client = s.end(s.client).retransmissions;
  const std::uint32_t server = s.end(s.server()).retransmissions;
  if (client + server < 3) return "";
  const std::string of_client = client == 0 ? "" : counted(client, "segment", "segments") + " of the client";
  const std::string of_server = server == 0 ? "" : counted(server, "segment", "segments") + " of the server";
  return "TCP had to repeat " + joined(of_client, of_server) + " on this connection.";
}

std::string next_of_same_ports(const Scene& s) {
  if (!s.c().superseded || s.is("restart-same-ports") || s.judgement->verdict->family == Family::setup)
    return "";
  return std::string("A new connection of the same addresses and ports starts in ") +
         in_frame(s.c().next_syn.frame) + ".";
}

constexpr std::array<ContextRule, 9> kRules{
    confirmed, window_opens, window_zero, odd_length, syn_inside, icmp, echoes, repeats, next_of_same_ports};

}  // namespace

std::span<const ContextRule> packet_rules() { return kRules; }

}  // namespace tcpteardown
