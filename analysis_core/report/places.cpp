// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/places.h"

#include <algorithm>
#include <array>
#include <vector>

#include "report/phrasing.h"

namespace tcpteardown {
namespace {

std::string_view in_words(Errno e) {
  switch (e) {
    case Errno::none: return "no error";
    case Errno::eof: return "the end of the data (EOF)";
    case Errno::unknown: return "";
    case Errno::econnreset:
    case Errno::epipe:
    case Errno::econnrefused:
    case Errno::etimedout:
    case Errno::ehostunreach:
    case Errno::enetunreach:
    case Errno::eacces: break;
  }
  return to_string(e);
}

std::string in_words(const ErrnoList& list) {
  std::string out;
  for (std::size_t i = 0; i < list.count; ++i) {
    const std::string_view word = in_words(list.values[i]);
    if (word.empty()) continue;
    if (!out.empty()) out += ", then ";
    out += word;
    if (list.values[i] == Errno::epipe && i > 0) out += " if it writes";
  }
  return out;
}

bool sees_nothing(const ErrnoList& list) { return list.count == 1 && list.values[0] == Errno::none; }

// What each application sees; nothing is said about an end where the wire cannot tell.
std::string applications(const Scene& s) {
  const ErrnoList& client = s.judgement->client_errno;
  const ErrnoList& server = s.judgement->server_errno;
  if (sees_nothing(client) && sees_nothing(server)) return " Neither application sees an error.";
  const std::string of_client = in_words(client);
  const std::string of_server = in_words(server);
  if (of_client.empty() && of_server.empty()) return "";
  if (of_server.empty()) return " On Linux the client's application sees " + of_client + ".";
  if (of_client.empty()) return " On Linux the server's application sees " + of_server + ".";
  if (of_client == of_server) return " On Linux both applications see " + of_client + ".";
  return " On Linux the client's application sees " + of_client + " and the server's sees " + of_server + ".";
}

constexpr std::array kRolePlaces{
    Place{"client", "the client", [](const Scene& s) { return named(s, s.client); }},
    Place{"server", "the server", [](const Scene& s) { return named(s, s.server()); }},
    Place{"closer", "one side", [](const Scene& s) { return named(s, s.closer); }},
    Place{"peer", "its peer", [](const Scene& s) { return named(s, s.peer()); }},
    Place{"first", "the first to close", [](const Scene& s) { return named(s, s.first); }},
    Place{"second", "the other side", [](const Scene& s) { return named(s, s.second()); }},
    Place{"the_client", "the client", [](const Scene& s) { return role(s, s.client); }},
    Place{"the_server", "the server", [](const Scene& s) { return role(s, s.server()); }},
    Place{"the_closer", "the resetting side", [](const Scene& s) { return role(s, s.closer); }},
    Place{"the_peer", "its peer", [](const Scene& s) { return role(s, s.peer()); }},
    Place{"the_named", "the host that the RST names", [](const Scene& s) { return role(s, s.closer); }},
    Place{"the_sender", "the sender", [](const Scene& s) { return role(s, s.closer); }},
    Place{"the_silent", "the other side", [](const Scene& s) { return role(s, s.peer()); }},
    Place{"the_first", "the first to close", [](const Scene& s) { return role(s, s.first); }},
    Place{"the_second", "the other side", [](const Scene& s) { return role(s, s.second()); }},
    Place{"server_port", "N", [](const Scene& s) { return std::to_string(s.c().address(s.server()).port); }},
    Place{"apps", "", applications},
    Place{"totals", "all data", totals},
    Place{"last_frame", "N", [](const Scene& s) { return std::to_string(s.c().last.frame); }},
};

template <typename Filler>
std::string expand(std::string_view text, Filler filler) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    if (const Place* place = find_place(text.substr(open + 1, close - open - 1))) out += filler(*place);
    text.remove_prefix(close + 1);
  }
  return out;
}

std::vector<const Place*> sorted_places() {
  std::vector<const Place*> sorted;
  for (const auto list :
       {role_places(), opening_places(), closing_places(), half_close_places(), reset_places(),
        trigger_places(), loss_places(), timeout_places(), third_party_places(), unfinished_places()}) {
    for (const Place& place : list) sorted.push_back(&place);
  }
  std::sort(sorted.begin(), sorted.end(), [](const Place* x, const Place* y) { return x->name < y->name; });
  return sorted;
}

}  // namespace

std::string totals(const Scene& s) {
  const std::uint64_t client = s.end(s.client).bytes;
  const std::uint64_t server = s.end(s.server()).bytes;
  if (client == 0 && server == 0) return "no data";
  return joined(client == 0 ? "" : byte_count(client) + " from the client",
                server == 0 ? "" : byte_count(server) + " from the server");
}

std::span<const Place> role_places() { return kRolePlaces; }

const Place* find_place(std::string_view name) {
  static const std::vector<const Place*> sorted = sorted_places();
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), name,
                                      [](const Place* place, std::string_view n) { return place->name < n; });
  return found != sorted.end() && (*found)->name == name ? *found : nullptr;
}

std::string fill_in(std::string_view text, const Scene& scene) {
  return expand(text, [&scene](const Place& place) { return place.fill(scene); });
}

std::string fill_in_generic(std::string_view text) {
  return expand(text, [](const Place& place) { return std::string(place.generic); });
}

}  // namespace tcpteardown
