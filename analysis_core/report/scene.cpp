// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/scene.h"

#include "verdict/facts.h"

namespace tcpteardown {
namespace {

// The initiator where the judgement names one, else the earlier FIN of the capture.
Side first_to_close(const Judgement& j) {
  const Teardown& t = j.evidence;
  if (t.a_fin != t.b_fin) return t.a_fin ? Side::a : Side::b;
  if (j.initiator == Initiator::client) return t.client;
  if (j.initiator == Initiator::server) return t.server();
  const Fin& a = t.connection->a.fin;
  const Fin& b = t.connection->b.fin;
  return b.sent() && (!a.sent() || b.first.frame < a.first.frame) ? Side::b : Side::a;
}

}  // namespace

const JudgedReset* first_late_reset(const Teardown& t) {
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    if (t.closed.seen() && t.resets[i].facts.at.frame > t.closed.frame) return &t.resets[i];
  }
  return nullptr;
}

bool all_resets_kept(const Scene& s) { return s.c().resets.count() == s.c().resets.kept(); }

const JudgedReset* challenged_before(const Scene& s) {
  if (s.reset == nullptr || s.reset->shape != Shape::reactive) return nullptr;
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const JudgedReset& r = s.t().resets[i];
    const bool same_side = r.facts.sender == s.rst().sender && r.facts.at.frame < s.rst().at.frame;
    if (same_side && r.fate == Fate::challenged && r.facts.challenge.frame == s.rst().trigger.at.frame)
      return &r;
  }
  return nullptr;
}

Scene make_scene(const Judgement& j) {
  const Teardown& t = j.evidence;
  Scene s;
  s.judgement = &j;
  s.client = t.client;
  s.reset = t.reset() != nullptr ? t.reset() : first_late_reset(t);
  s.first = first_to_close(j);
  if (j.verdict->family == Family::timeout) {
    s.closer = facts::who_gave_up(t);
  } else if (s.reset != nullptr) {
    s.closer = s.rst().sender;
  } else {
    s.closer = j.verdict->family == Family::setup ? t.client : s.first;
  }
  return s;
}

std::string role(const Scene& s, Side side) { return side == s.client ? "the client" : "the server"; }

std::string named(const Scene& s, Side side) {
  std::string out = side == s.client ? "client " : "server ";
  if (s.t().roles_by_ports) out += "(by port) ";
  return out + to_string(s.c().address(side));
}

bool response_arrived(const Scene& s) {
  const PayloadContext& response = s.end(s.server()).payload;
  const Endpoint& asker = s.end(s.client);
  if (!response.is_http || !response.length_known || s.t().quality.lossy) return false;
  const bool is_last = response.message.frame > asker.payload.message.frame;
  if (after(s.end(s.server()).data_end, response.message_end)) return false;  // a further one began there
  return is_last && asker.has_ack && at_or_after(asker.rcv_nxt, response.message_end);
}

std::uint64_t response_short_by(const Scene& s) {
  const PayloadContext& response = s.end(s.server()).payload;
  const PayloadContext& request = s.end(s.client).payload;
  if (!request.is_http || !response.is_http || !response.length_known || s.t().quality.lossy) return 0;
  if (response.message.frame < request.message.frame) return 0;
  const std::int32_t missing = distance(s.end(s.server()).data_end, response.message_end);
  return missing > 0 ? static_cast<std::uint64_t>(missing) : 0;
}

bool lacks_last_chunk(const Scene& s) {
  const PayloadContext& response = s.end(s.server()).payload;
  const Quality& q = s.t().quality;
  return response.is_chunked && response.last_chunk == LastChunk::missing && !q.lossy && !q.reordered &&
         response.message.frame > s.end(s.client).payload.message.frame;
}

bool request_unanswered(const Scene& s) {
  const PayloadContext& request = s.end(s.client).payload;
  if (!request.is_http || s.t().quality.lossy || s.t().quality.one_sided) return false;
  return s.end(s.server()).last_data.frame < request.message.frame;
}

std::int64_t between(const Moment& from, const Moment& to) {
  if (!from.seen() || !to.seen() || to.time_ns < from.time_ns) return 0;
  return to.time_ns - from.time_ns;
}

}  // namespace tcpteardown
