// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/icmp_words.h"
#include "report/phrasing.h"
#include "report/places.h"

// What the handshake shows: SYNs, SYN-ACKs and what answered them.
namespace tcpteardown {
namespace {

const Endpoint& client(const Scene& s) { return s.end(s.client); }
const Endpoint& server(const Scene& s) { return s.end(s.server()); }

std::string syns(const Scene& s) {
  return client(s).syn_count <= 1 ? "the SYN" : counted(client(s).syn_count, "SYN", "SYNs");
}

std::string syn_frames(const Scene& s) {
  const Endpoint& x = client(s);
  const std::int64_t span = between(x.syn, x.last_syn);
  return frame_range(x.syn.frame, x.last_syn.frame, x.syn_count) +
         (x.syn_count > 1 && span > 0 ? " over " + duration(span) : "");
}

std::string syn_repeats(const Scene& s) {
  const Endpoint& x = client(s);
  if (x.syn_count <= 1) return "";
  const std::string last = x.syn_count == 2 ? ", in " : ", last in ";
  return " and repeated the SYN " + times(x.syn_count - 1U) + last + in_frame(x.last_syn.frame);
}

std::string tail_after(const Scene& s, const Moment& last, std::string_view what) {
  const std::int64_t left = s.t().end.time_ns - last.time_ns;
  if (left < 1'000'000) return ", which ends with the last " + std::string(what);
  return ", which goes on for " + duration(left) + " after the last " + std::string(what);
}

std::string single_syn(const Scene& s) {
  constexpr std::int64_t kEnoughNs = 3'000'000'000;
  if (client(s).syn_count != 1 || s.t().end.time_ns - client(s).syn.time_ns < kEnoughNs) return "";
  return " Only one SYN was sent: an operating system repeats it after about 1 s, so the program gave up "
         "before that, or it is a scanner that never repeats.";
}

FrameNumber answered_syn(const Scene& s) {
  const bool has_trigger = s.reset != nullptr && s.rst().trigger.seen();
  return has_trigger ? s.rst().trigger.at.frame : client(s).syn.frame;
}

std::string refused_again(const Scene& s) {
  if (client(s).syn_count <= 1 || s.c().resets.count() <= 1) return "";
  return "; " + counted(client(s).syn_count, "SYN", "SYNs") + " got " +
         counted(s.c().resets.count(), "RST", "RSTs");
}

std::string syn_data(const Scene& s) {
  if (client(s).syn_bytes == 0) return "no data was sent";
  return "the " + byte_count(client(s).syn_bytes) + " in the SYN were not taken";
}

// --- ICMP ------------------------------------------------------------------------------------
bool icmp_from_server(const Scene& s) { return s.c().icmp.sender == s.c().address(s.server()).address; }

std::string icmp_sender(const Scene& s) {
  const std::string address = to_string(s.c().icmp.sender);
  return address + (icmp_from_server(s) ? " (the server's own address)" : " (not the server's address)");
}

std::string icmp_more(const Scene& s) {
  if (s.c().icmp.count <= 1) return "";
  return " (" + grouped(s.c().icmp.count) + " in all, last in " + in_frame(s.c().icmp.last.frame) + ")";
}

std::string icmp_who(const Scene& s) {
  if (icmp_from_server(s)) {
    return "The error carries the address that was asked for, so that host or a firewall in its name "
           "answered.";
  }
  return "The error comes from another address: a router or firewall on the way, or the client's own system.";
}

// --- SYN-ACK ---------------------------------------------------------------------------------
std::string synack_repeats(const Scene& s) {
  const Endpoint& x = server(s);
  if (x.synack_count <= 1) return "";
  const std::string last = x.synack_count == 2 ? " (again in " : " (" + times(x.synack_count) + ", last in ";
  return last + in_frame(x.last_syn.frame) + ")";
}

std::string synack_reset(const Scene& s) {
  if (s.reset == nullptr || s.rst().sender != s.server()) return "";
  return "; the server gave up with a RST in " + in_frame(s.rst().at.frame);
}

std::string syn_to_synack(const Scene& s) {
  const std::int64_t delay = between(client(s).syn, server(s).syn);
  if (server(s).synack_count == 0 || delay < 1'000'000'000) return "";
  return " The SYN-ACK came " + duration(delay) +
         " after the SYN: compare that with the client's connect time-out.";
}

std::string cancel_moment(const Scene& s) {
  const bool answered = server(s).synack_count > 0;
  const Moment& before = answered ? server(s).last_syn : client(s).last_syn;
  const std::int64_t delay = between(before, s.rst().at);
  const std::string wait = delay > 0 ? ", " + duration(delay) + " after the " : ", after the ";
  return wait + (answered ? "SYN-ACK in " : "SYN in ") + in_frame(before.frame);
}

std::string cancel_story(const Scene& s) {
  if (server(s).synack_count == 0) return "no SYN-ACK was seen before it";
  return s.reset->shape == Shape::reactive
             ? "it answers the SYN-ACK as a host does that waits for no such answer (any more)"
             : "its own side gave the attempt up";
}

// The client's RST that answered a wrong SYN-ACK or an old ACK.
std::string client_reset_after(const Scene& s, const Moment& moment) {
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const Reset& r = s.t().resets[i].facts;
    if (r.sender == s.client && r.at.frame > moment.frame) return in_frame(r.at.frame);
  }
  return "a frame that is not in the capture";
}

std::string next_attempt(const Scene& s) {
  if (s.c().superseded) {
    return std::string("the next SYN, in ") + in_frame(s.c().next_syn.frame) +
           (s.c().next_established ? ", opened a new connection" : ", opened none that this capture shows");
  }
  const FrameNumber decisive = s.judgement->decisive_frame;
  if (client(s).last_syn.frame > decisive)
    return "the SYN was repeated in " + in_frame(client(s).last_syn.frame);
  return "no further SYN of these ports was seen";
}

std::string since_handshake(const Scene& s) {
  const std::int64_t time = s.reset == nullptr ? 0 : between(s.c().handshake_done, s.rst().at);
  return time > 0 ? ", " + duration(time) + " after the handshake" : "";
}

constexpr std::array kOpeningPlaces{
    Place{"syns", "the SYN", syns},
    Place{"syn_frames", "frame N", syn_frames},
    Place{"syn_frame", "N", [](const Scene& s) { return std::to_string(client(s).syn.frame); }},
    Place{"syn_repeats", "", syn_repeats},
    Place{"syn_tail", "", [](const Scene& s) { return tail_after(s, client(s).last_syn, "SYN"); }},
    Place{"single_syn", "", single_syn},
    Place{"answered_syn", "N", [](const Scene& s) { return std::to_string(answered_syn(s)); }},
    Place{"refused_again", "", refused_again},
    Place{"syn_data", "no data was sent", syn_data},
    Place{"icmp_sender", "a router", icmp_sender},
    Place{"icmp_meaning", "that the host is unreachable",
          [](const Scene& s) { return icmp_meaning(s.c().icmp); }},
    Place{"icmp_frame", "N", [](const Scene& s) { return std::to_string(s.c().icmp.first.frame); }},
    Place{"icmp_more", "", icmp_more},
    Place{"icmp_who", "", icmp_who},
    Place{"icmp_advice",
          "Read the ICMP code: it says which of routing, address resolution, port and policy failed.",
          [](const Scene& s) { return icmp_advice(s.c().icmp, icmp_from_server(s)); }},
    Place{"synack_frame", "N", [](const Scene& s) { return std::to_string(server(s).syn.frame); }},
    Place{"synack_repeats", "", synack_repeats},
    Place{"synack_tail", "", [](const Scene& s) { return tail_after(s, server(s).last_syn, "SYN-ACK"); }},
    Place{"synack_reset", "", synack_reset},
    Place{"syn_to_synack", "", syn_to_synack},
    Place{"cancel_moment", "", cancel_moment},
    Place{"cancel_story", "", cancel_story},
    Place{"bad_synack_frame", "N", [](const Scene& s) { return std::to_string(s.c().bad_syn_ack.frame); }},
    Place{"bad_synack_reset", "N", [](const Scene& s) { return client_reset_after(s, s.c().bad_syn_ack); }},
    Place{"stale_frame", "N", [](const Scene& s) { return std::to_string(s.c().stale_ack.frame); }},
    Place{"stale_reset", "N", [](const Scene& s) { return client_reset_after(s, s.c().stale_ack); }},
    Place{"next_attempt", "whether a further SYN worked, the report says", next_attempt},
    Place{"handshake_frame", "N", [](const Scene& s) { return std::to_string(s.c().handshake_done.frame); }},
    Place{"since_handshake", "", since_handshake},
};

}  // namespace

std::span<const Place> opening_places() { return kOpeningPlaces; }

}  // namespace tcpteardown
