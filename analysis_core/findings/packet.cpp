// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"

// What the RST's packet and the other odd packets of the connection tell, and what they do not.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

bool receiver_gave_up(const Story& s) { return s.is("abort-by-receiver"_verdict); }

// RFC 9293 §3.10.7.4: a RST behind a gap is asked for once more, at the number that was expected; one below
// that number is dropped.
Found confirmed(const Story& s) {
  if (s.t().confirming_reset == 0 || s.reset == nullptr) return {};
  if (s.reset->fate != Fate::challenged) {
    return evidence(frames({s.rst().at.frame, s.t().confirming_reset}),
                    "data and FIN had overtaken the first RST; the next one counted");
  }
  return evidence(frames({s.rst().at.frame, s.rst().challenge.frame, s.t().confirming_reset}),
                  "data before the RST was missing, so it was challenged, confirmed, and counted then");
}

// Linux purges the receive queue before it writes the RST, and so the window opens.
Found window_opens(const Story& s) {
  if (s.reset == nullptr || s.reset->shape != Shape::active || !s.rst().sender_zero_window) return {};
  if (s.rst().window == 0) return {};
  return context(
      frames({s.rst().at.frame}),
      the(s, Part::actor) + "'s closed receive window is open in the RST: its system threw unread data away");
}

// Without both SYNs the scale is not known (RFC 7323 §2.3).
std::string offered_window(const Story& s) {
  const Endpoint& x = s.end(Part::actor);
  if (!x.has_iss || !s.end(Part::peer).has_iss) return "one of another size";
  const bool scaled = x.has_window_scale && s.end(Part::peer).has_window_scale && x.window_scale <= 14;
  return byte_count(static_cast<std::uint64_t>(s.rst().sender_window_before)
                    << (scaled ? x.window_scale : 0U));
}

// FreeBSD's tcp_output() and Windows clear the window of a RST; no zero window is meant. Where nothing
// was being sent to that side, nobody takes it for one.
Found window_zero(const Story& s) {
  if (!receiver_gave_up(s) || s.reset->shape != Shape::active || s.rst().window != 0) return {};
  const Reset& r = s.rst();
  if (!r.sender_had_window || r.sender_window_before == 0 || !r.sender_last_before.seen()) return {};
  return against(frames({r.at.frame, r.sender_last_before.frame}),
                 "window 0 is an OS habit: just offered " + offered_window(s));
}

Found odd_length(const Story& s) {
  if (!receiver_gave_up(s) || !s.end(Part::peer).odd_segment.seen()) return {};
  const Endpoint& y = s.end(Part::peer);
  return against(frames({y.odd_segment.frame}), "odd length (" + grouped(y.odd_length) + ", not " +
                                                    grouped(y.longest_segment) + ") ends a program's write");
}

Found syn_inside(const Story& s) {
  const PendingSyn& p = s.c().pending;
  if (!p.at.seen() || !p.challenge.seen()) return {};
  if (s.is("restart-same-ports"_verdict) || s.is("setup-stale-peer"_verdict)) return {};
  return against(frames({p.at.frame, p.challenge.frame}),
                 std::string(p.is_syn_ack ? "a SYN-ACK" : "a SYN") +
                     " inside the connection was answered with a challenge ACK and changed nothing");
}

Found late_syn(const Story& s) {
  if (!s.c().late_syn.seen()) return {};
  return against(frames({s.c().late_syn.frame}),
                 "the first SYN came once more, delayed on the way: it asked for no new connection");
}

Found damaged(const Story& s) {
  if (!s.c().damaged.seen()) return {};
  const bool one = s.c().damaged_count == 1;
  return against(frames({s.c().damaged.frame}),
                 (one ? "its checksum is wrong"
                      : counted(s.c().damaged_count, "segment has", "segments have") + " a wrong checksum") +
                     std::string(", and its sender's others are right: no host takes it"));
}

Found icmp(const Story& s) {
  const IcmpFacts& icmp = s.c().icmp;
  if (icmp.count == 0 || s.is("setup-unreachable"_verdict)) return {};
  return context(frame_span(icmp.first.frame, icmp.last.frame, icmp.count),
                 to_string(icmp.sender) + " told " + the(s, icmp.about) + ' ' +
                     (icmp.count > 1 ? times(icmp.count) + ' ' : "") + icmp_meaning(icmp));
}

// RSTs behind the one that ended it: answers to what was still in flight.
Found echoes(const Story& s) {
  if (s.t().reset() == nullptr || s.family != Family::abort) return {};
  std::size_t count = 0;
  FrameNumber first = 0;
  FrameNumber last = 0;
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const JudgedReset& r = s.t().resets[i];
    const bool answers = r.facts.sender == s.actor && r.shape == Shape::reactive;
    if (!answers || r.facts.at.frame <= s.rst().at.frame) continue;
    if (r.facts.at.frame == s.t().confirming_reset) continue;
    if (count++ == 0) first = r.facts.at.frame;
    last = r.facts.at.frame;
  }
  if (count == 0) return {};
  return against(frame_span(first, last, count),
                 count == 1 ? "the further RST only answers a segment that was on the way"
                            : "the further RSTs only answer segments that were on the way");
}

// Where repeating is the story itself, the verdict tells it.
bool told_by_verdict(const Story& s) {
  if (s.family == Family::timeout || s.family == Family::setup || receiver_gave_up(s)) return true;
  return s.family == Family::open && s.c().a.resends.count + s.c().b.resends.count > 0;
}

Found repeats(const Story& s) {
  const std::uint32_t client = s.end(Part::client).retransmissions;
  const std::uint32_t server = s.end(Part::server).retransmissions;
  const std::uint32_t fins =
      s.end(Part::client).fin.retransmissions + s.end(Part::server).fin.retransmissions;
  if (client + server < 3 || client + server == fins || told_by_verdict(s)) return {};
  const std::string of_client = client == 0 ? "" : counted(client, "segment", "segments") + " of the client";
  const std::string of_server = server == 0 ? "" : counted(server, "segment", "segments") + " of the server";
  return context(
      frames({s.end(Part::client).last_retransmission.frame, s.end(Part::server).last_retransmission.frame}),
      "TCP had to repeat " + joined(of_client, of_server));
}

Found next_of_same_ports(const Story& s) {
  if (!s.c().superseded || s.is("restart-same-ports"_verdict) || s.family == Family::setup) return {};
  return context(frames({s.c().next_syn.frame}),
                 "the next connection of the same addresses and ports starts");
}

// TIME-WAIT of the connection before refused the SYN once; its repetition was taken.
Found refused_at_first(const Story& s) {
  if (!s.c().old_closed.seen() || !s.c().handshake_acked) return {};
  return context(frames({s.c().stale_ack.frame, s.c().old_closed.frame}),
                 "the first SYN met TIME-WAIT of the connection before, and the repeated one was taken");
}

Found renumbered(const Story& s) {
  for (const Side side : {Side::a, Side::b}) {
    const Endpoint& x = s.c().side(side);
    if (x.ack_shift == 0) continue;
    const std::int64_t shift = static_cast<std::int32_t>(x.ack_shift);
    return context(frames({x.syn.frame}),
                   "captured at a device that renumbers the bytes of " + the(s, other(side)) +
                       ": the ACKs are off by " +
                       grouped(static_cast<std::uint64_t>(shift < 0 ? -shift : shift)));
  }
  return {};
}

constexpr auto kRules = std::to_array<FindingRule>({renumbered, refused_at_first, confirmed, window_opens,
                                                    window_zero, odd_length, syn_inside, late_syn, damaged,
                                                    icmp, echoes, repeats, next_of_same_ports});

}  // namespace

std::span<const FindingRule> packet_findings() { return kRules; }

}  // namespace tcpteardown
