// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "verdict/judge.h"

namespace tcpteardown {

// A judgement seen as a story: who plays which part. Lives no longer than the judgement.
struct Scene {
  const Judgement* judgement = nullptr;
  const JudgedReset* reset = nullptr;  // the RST the verdict speaks of; nullptr: none
  Side client = Side::a;
  Side closer = Side::a;  // sent that RST, gave up, or closed first
  Side first = Side::a;   // whose FIN was no answer; the earlier one if both were none

  [[nodiscard]] const Teardown& t() const { return judgement->evidence; }
  [[nodiscard]] const Connection& c() const { return *judgement->evidence.connection; }
  [[nodiscard]] const Endpoint& end(Side side) const { return c().side(side); }
  [[nodiscard]] const Reset& rst() const { return reset->facts; }  // only if there is one
  [[nodiscard]] Side server() const { return other(client); }
  [[nodiscard]] Side peer() const { return other(closer); }
  [[nodiscard]] Side second() const { return other(first); }
  [[nodiscard]] bool is(std::string_view slug) const { return judgement->verdict->slug == slug; }
};

[[nodiscard]] Scene make_scene(const Judgement& judgement);

[[nodiscard]] std::string role(const Scene& scene, Side side);   // "the client"
[[nodiscard]] std::string named(const Scene& scene, Side side);  // "client 10.0.0.1:4711"
// Time from one moment to another; 0 where one is not seen or the clock ran backwards.
[[nodiscard]] std::int64_t between(const Moment& from, const Moment& to);
// The last HTTP message is a response, and all of its Content-Length was acknowledged.
[[nodiscard]] bool response_arrived(const Scene& scene);
// How many bytes of its Content-Length the last HTTP response lacks; 0 if it is complete or not known.
[[nodiscard]] std::uint64_t response_short_by(const Scene& scene);
// The last HTTP response is chunked and lacks its last chunk.
[[nodiscard]] bool lacks_last_chunk(const Scene& scene);
// The last HTTP request got not one byte of a response.
[[nodiscard]] bool request_unanswered(const Scene& scene);
// Whether every RST was kept: of very many only the first ones and the latest are.
[[nodiscard]] bool all_resets_kept(const Scene& scene);
// The RST,ACK of the same side that came first and was challenged because data before it was still
// missing; the RST the verdict speaks of confirms it (RFC 9293 §3.10.7.4). nullptr if there is none.
[[nodiscard]] const JudgedReset* challenged_before(const Scene& scene);
// The first RST that came when both FINs had been acknowledged; nullptr if none did.
[[nodiscard]] const JudgedReset* first_late_reset(const Teardown& teardown);

}  // namespace tcpteardown
