// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/symptom.h"

#include <algorithm>
#include <array>

#include "evidence/exchange.h"
#include "verdict/catalogue.h"
#include "verdict/questions.h"

namespace tcpteardown {
namespace {

Symptom symptom_of(Errno error) {
  switch (error) {
    case Errno::econnreset: return Symptom::reset_by_peer;
    case Errno::epipe: return Symptom::broken_pipe;
    case Errno::etimedout: return Symptom::timed_out;
    case Errno::econnrefused: return Symptom::refused;
    case Errno::ehostunreach:
    case Errno::enetunreach:
    case Errno::eacces: return Symptom::unreachable;
    case Errno::none:
    case Errno::eof:
    case Errno::unknown: break;
  }
  return Symptom::none;
}

// The first error of a program; what follows it is its consequence.
Symptom first_symptom(const ErrnoList& seen) {
  for (std::size_t i = 0; i < seen.count; ++i) {
    if (const Symptom symptom = symptom_of(seen.values[i]); symptom != Symptom::none) return symptom;
  }
  return Symptom::none;
}

bool sees_end(const ErrnoList& seen) {
  const auto end = seen.values.begin() + seen.count;
  return std::find(seen.values.begin(), end, Errno::eof) != end;
}

// The server closed without a byte, or before the HTTP response was whole.
bool lacks_response(const Teardown& t) {
  if (t.quality.lossy || t.quality.one_sided || t.quality.midstream) return false;
  const Exchange exchange = find_exchange(t);
  const Endpoint& client = t.connection->side(t.client);
  const Endpoint& server = t.connection->side(t.server());
  return client.bytes > 0 &&
         (server.bytes == 0 || exchange.request.unanswered || exchange.response.cut_short());
}

// Nobody told the program anything, or the capture does not show it: it waits, or gave up by itself.
SeenSymptom waiting(const Teardown& t, const Ruling& ruling) {
  if (ruling.row->id == "setup-no-reply"_verdict) return {Symptom::timed_out, true, false};
  if (ruling.row->family != Family::timeout) return {};
  const bool is_client = questions::who_gave_up(t) == t.client;
  return {Symptom::timed_out, is_client, !is_client};
}

}  // namespace

SeenSymptom find_symptom(const Teardown& t, const Ruling& ruling) {
  const ErrnoList client = ruling.row->errnos(t, t.client);
  const Symptom by_client = first_symptom(client);
  const Symptom by_server = first_symptom(ruling.row->errnos(t, t.server()));
  if (by_client == Symptom::none && by_server == Symptom::none) {
    if (sees_end(client) && lacks_response(t)) return {Symptom::unanswered, true, false};
    return waiting(t, ruling);
  }
  const bool is_clients =
      by_server == Symptom::none || (by_client != Symptom::none && by_client <= by_server);
  const Symptom symptom = is_clients ? by_client : by_server;
  return {symptom, by_client == symptom, by_server == symptom};
}

std::string_view to_string(Symptom symptom) {
  switch (symptom) {
    case Symptom::none: break;
    case Symptom::reset_by_peer: return "connection reset by peer";
    case Symptom::broken_pipe: return "broken pipe, if it wrote again";
    case Symptom::timed_out: return "timed out, or still waiting";
    case Symptom::refused: return "connection refused";
    case Symptom::unreachable: return "no route, or not allowed";
    case Symptom::unanswered: return "closed without a whole answer";
  }
  return "";
}

}  // namespace tcpteardown
