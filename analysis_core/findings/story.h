// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "verdict/judge.h"

namespace tcpteardown {

// Who plays which part in an ending.
enum class Part : std::uint8_t {
  client,
  server,
  actor,   // sent the RST that decides, gave up, or closed first
  peer,    // the actor's other side
  first,   // whose FIN was no answer; the earlier one if both were none
  second,  // the other one
};

// A judgement seen as a story. Lives no longer than the judgement.
//
// Without a judgement it is the page of a verdict, which knows no connection: the parts have general
// names there, and nothing else may be asked.
struct Story {
  const Judgement* judgement = nullptr;
  const JudgedReset* reset = nullptr;  // the RST the verdict speaks of; nullptr: none
  Family family = Family::inconclusive;
  Side client = Side::a;
  Side actor = Side::a;
  Side first = Side::a;

  [[nodiscard]] const Teardown& t() const { return judgement->evidence; }
  [[nodiscard]] const Connection& c() const { return *judgement->evidence.connection; }
  [[nodiscard]] const Endpoint& end(Side side) const { return c().side(side); }
  [[nodiscard]] const Reset& rst() const { return reset->facts; }  // only if there is one
  [[nodiscard]] bool is(VerdictId id) const { return judgement->verdict->id == id; }
  [[nodiscard]] bool is_page() const { return judgement == nullptr; }
  [[nodiscard]] Side server() const { return other(client); }
  [[nodiscard]] Side peer() const { return other(actor); }
  [[nodiscard]] Side second() const { return other(first); }
  [[nodiscard]] Side side(Part part) const;
  [[nodiscard]] const Endpoint& end(Part part) const { return end(side(part)); }
};

[[nodiscard]] Story make_story(const Judgement& judgement);
[[nodiscard]] Story page_story(Family family);

// "the client"; on a page "the side that reset".
[[nodiscard]] std::string the(const Story& story, Part part);
[[nodiscard]] std::string the(const Story& story, Side side);  // not on a page
// "client 10.0.0.1:4711"; not on a page.
[[nodiscard]] std::string named(const Story& story, Part part);

// Time from one moment to another; 0 where one is not seen or the clock ran backwards.
[[nodiscard]] std::int64_t between(const Moment& from, const Moment& to);

}  // namespace tcpteardown
