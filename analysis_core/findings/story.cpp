// SPDX-License-Identifier: GPL-2.0-or-later
#include "findings/story.h"

#include "verdict/questions.h"

namespace tcpteardown {
namespace {

// The RST the verdict speaks of: that which ended the connection, or the first that came too late.
const JudgedReset* told_reset(const Teardown& t) {
  if (t.forged_fin) return nullptr;  // what came behind that FIN is not the end
  if (t.reset() != nullptr) return t.reset();
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    if (t.closed.seen() && t.resets[i].facts.at.frame > t.closed.frame) return &t.resets[i];
  }
  return nullptr;
}

Side find_actor(const Judgement& j, const Story& s) {
  if (j.evidence.forged_fin) return j.evidence.forged_fin_by_name;
  if (s.family == Family::timeout) return questions::who_gave_up(j.evidence);
  if (s.reset != nullptr) return s.rst().sender;
  return s.family == Family::setup ? s.client : s.first;
}

std::string_view general_name(Part part, Family family) {
  const bool gives_up = family == Family::timeout;
  switch (part) {
    case Part::client: return "the client";
    case Part::server: return "the server";
    case Part::actor: return gives_up ? "the sender" : "the side that reset";
    case Part::peer: return gives_up ? "the silent side" : "the other side";
    case Part::first: return "the first to close";
    case Part::second: return "the other side";
  }
  return "the client";
}

}  // namespace

Side Story::side(Part part) const {
  switch (part) {
    case Part::client: return client;
    case Part::server: return server();
    case Part::actor: return actor;
    case Part::peer: return peer();
    case Part::first: return first;
    case Part::second: return second();
  }
  return client;
}

Story make_story(const Judgement& j) {
  Story s;
  s.judgement = &j;
  s.family = j.verdict->family;
  s.client = j.evidence.client;
  s.reset = told_reset(j.evidence);
  s.first = j.evidence.fins.first;
  s.actor = find_actor(j, s);
  return s;
}

Story page_story(Family family) {
  Story s;
  s.family = family;
  return s;
}

std::string the(const Story& s, Part part) {
  if (s.is_page()) return std::string(general_name(part, s.family));
  return the(s, s.side(part));
}

std::string the(const Story& s, Side side) { return side == s.client ? "the client" : "the server"; }

std::string named(const Story& s, Part part) {
  const Side side = s.side(part);
  std::string out = side == s.client ? "client " : "server ";
  const bool same_ports =
      s.c().a_address.port == s.c().b_address.port;  // then who spoke first is taken for it
  if (s.t().roles_by_ports) out += same_ports ? "(presumed) " : "(by port) ";
  return out + to_string(s.c().address(side));
}

std::int64_t between(const Moment& from, const Moment& to) {
  if (!from.seen() || !to.seen() || to.time_ns < from.time_ns) return 0;
  return to.time_ns - from.time_ns;
}

}  // namespace tcpteardown
