// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/row_tables.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <string_view>
#include <tuple>
#include <vector>

#include "findings/phrasing.h"
#include "formats/table.h"
#include "formats/wall_clock.h"
#include "verdict/catalogue.h"
#include "verdict/judge.h"

namespace tcpteardown {
namespace {

using Places = std::vector<std::uint32_t>;

// Kinds of one symptom that are listed: as many as one reads (our choice).
constexpr std::size_t kMostKinds = 8;

struct Kind {
  Symptom symptom = Symptom::none;
  bool by_client = false;
  bool by_server = false;
  Initiator initiator = Initiator::unknown;
  VerdictId id = {};

  friend auto operator<=>(const Kind&, const Kind&) = default;
};

Kind kind_of(const ReportRow& row) {
  return {row.seen.symptom, row.seen.by_client, row.seen.by_server, row.initiator, row.id};
}

struct Group {
  Kind kind;
  Places places;
  std::uint32_t worst = 0;
};

std::string_view seen_by(const Kind& kind) {
  if (kind.by_client && kind.by_server) return "both";
  return kind.by_client ? "client" : "server";
}

// One that is silent may be dead, or not be reached: that is nobody's doing.
bool is_silence(VerdictId id) {
  return row_of(id).initiator == InitiatorRule::silent_side || id == "setup-no-reply"_verdict;
}

std::string_view ended_by(Initiator initiator, VerdictId id) {
  if (is_silence(id) && initiator == Initiator::client) return "silent client";
  if (is_silence(id) && initiator == Initiator::server) return "silent server";
  switch (initiator) {
    case Initiator::client: return "client";
    case Initiator::server: return "server";
    case Initiator::both: return "both";
    case Initiator::network: return "the path";
    case Initiator::none: return "nobody";
    case Initiator::unknown: break;
  }
  return "not shown";
}

// "10.0.0.1:443", or the one that occurs most and how many others there are.
std::string servers_of(std::span<const ReportRow> connections, const Places& places) {
  Places sorted = places;
  const auto server = [&](std::uint32_t place) -> const TcpEndpoint& { return connections[place].server; };
  std::sort(sorted.begin(), sorted.end(),
            [&](std::uint32_t x, std::uint32_t y) { return server(x) < server(y); });
  std::size_t most = 0;
  std::size_t kinds = 0;
  TcpEndpoint frequent;
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin;
    while (end < sorted.size() && server(sorted[end]) == server(sorted[begin])) ++end;
    if (end - begin > most) frequent = server(sorted[begin]);
    most = std::max(most, end - begin);
    ++kinds;
    begin = end;
  }
  std::string text = to_string(frequent);
  if (kinds > 1) text += " and " + grouped(kinds - 1) + " more";
  return text;
}

// "stream 10, frame 52, 10:03:15.123456".
std::string where(const ReportRow& row, bool with_date) {
  const Moment& at = row.ended() ? row.decisive : row.last;
  std::string text = row.stream ? "stream " + digits(*row.stream) + ", " : "";
  text += in_frame(at.frame) + ", ";
  return text + (with_date ? date_at(at.time_ns) + ' ' : "") + time_at(at.time_ns);
}

std::vector<Group> groups_of(std::span<const ReportRow> connections, const IsWorse& is_worse) {
  std::map<Kind, Group> by_kind;
  for (std::uint32_t i = 0; i < connections.size(); ++i) {
    if (connections[i].seen.symptom == Symptom::none) continue;
    Group& group = by_kind[kind_of(connections[i])];
    if (group.places.empty() || is_worse(i, group.worst)) group.worst = i;
    group.places.push_back(i);
  }
  std::vector<Group> groups;
  for (auto& [kind, group] : by_kind) {
    group.kind = kind;
    groups.push_back(std::move(group));
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Group& x, const Group& y) {
    return std::tuple(x.kind.symptom, y.places.size()) < std::tuple(y.kind.symptom, x.places.size());
  });
  return groups;
}

void add_symptom(std::vector<Cells>& rows, std::span<const ReportRow> connections,
                 std::span<const Group> groups, bool with_date) {
  std::uint64_t all = 0;
  for (const Group& group : groups) all += group.places.size();
  rows.push_back({"\n  " + std::string(to_string(groups.front().kind.symptom)) + ": " +
                  counted(all, "connection", "connections")});
  for (const Group& group : groups.first(std::min(groups.size(), kMostKinds))) {
    rows.push_back({grouped(group.places.size()), std::string(seen_by(group.kind)),
                    std::string(ended_by(group.kind.initiator, group.kind.id)),
                    std::string(row_of(group.kind.id).slug), servers_of(connections, group.places),
                    where(connections[group.worst], with_date)});
  }
  if (groups.size() > kMostKinds) {
    std::uint64_t rest = 0;
    for (const Group& group : groups.subspan(kMostKinds)) rest += group.places.size();
    rows.push_back({"    ... " + grouped(rest) + " more of other kinds"});
  }
}

// --- hosts -------------------------------------------------------------------------------------

TcpEndpoint host_of(const ReportRow& row, HostSide side) {
  return side == HostSide::server ? row.server : TcpEndpoint{row.client.address, 0};
}

struct HostCount {
  TcpEndpoint host;
  std::uint64_t connections = 0;
  std::uint64_t worth_a_look = 0;
  std::uint64_t by_server = 0;
  std::uint64_t by_client = 0;
  std::uint64_t by_silence = 0;
  std::uint64_t by_others = 0;
  LostBytes lost;
  VerdictId mostly = {};  // of those worth a look
};

void count(HostCount& host, const ReportRow& row, std::map<VerdictId, std::uint64_t>& verdicts) {
  ++host.connections;
  host.lost.certain += row.lost.certain;
  host.lost.possible += row.lost.possible;
  if (!is_worth_a_look(row)) return;
  ++host.worth_a_look;
  ++verdicts[row.id];
  if (is_silence(row.id)) {
    ++host.by_silence;
    return;
  }
  switch (row.initiator) {
    case Initiator::server: ++host.by_server; return;
    case Initiator::client: ++host.by_client; return;
    case Initiator::both:
    case Initiator::network:
    case Initiator::none:
    case Initiator::unknown: ++host.by_others; return;
  }
}

std::vector<HostCount> count_hosts(std::span<const ReportRow> connections, HostSide side) {
  Places places(connections.size());
  std::iota(places.begin(), places.end(), 0U);
  const auto host = [&](std::uint32_t place) { return host_of(connections[place], side); };
  std::sort(places.begin(), places.end(),
            [&](std::uint32_t x, std::uint32_t y) { return host(x) < host(y); });
  std::vector<HostCount> hosts;
  for (std::size_t at = 0; at < places.size();) {
    HostCount one;
    one.host = host(places[at]);
    std::map<VerdictId, std::uint64_t> verdicts;
    for (; at < places.size() && host(places[at]) == one.host; ++at) {
      count(one, connections[places[at]], verdicts);
    }
    const auto most = std::max_element(verdicts.begin(), verdicts.end(),
                                       [](const auto& x, const auto& y) { return x.second < y.second; });
    if (most != verdicts.end()) one.mostly = most->first;
    hosts.push_back(one);
  }
  std::stable_sort(hosts.begin(), hosts.end(), [](const HostCount& x, const HostCount& y) {
    return std::tuple(y.worth_a_look, y.connections) < std::tuple(x.worth_a_look, x.connections);
  });
  return hosts;
}

Cells line_of(const HostCount& host, HostSide side) {
  return {side == HostSide::server ? to_string(host.host) : to_string(host.host.address),
          grouped(host.connections),
          grouped_or_dash(host.worth_a_look),
          grouped_or_dash(host.by_server),
          grouped_or_dash(host.by_client),
          grouped_or_dash(host.by_silence),
          grouped_or_dash(host.by_others),
          grouped_or_dash(host.lost.certain),
          grouped_or_dash(host.lost.possible),
          host.worth_a_look > 0 ? std::string(row_of(host.mostly).slug) : "-"};
}

}  // namespace

void append_symptoms(std::string& out, std::span<const ReportRow> connections, const IsWorse& is_worse) {
  const std::vector<Group> groups = groups_of(connections, is_worse);
  if (groups.empty()) return;
  constexpr std::array kAligns{Align::right, Align::left, Align::left, Align::left, Align::left, Align::left};
  const bool with_date = !are_of_one_day(connections);
  std::vector<Cells> rows{{"times", "seen by", "ended by", "verdict", "server", "look at (UTC)"}};
  for (std::size_t begin = 0; begin < groups.size();) {
    std::size_t end = begin;
    while (end < groups.size() && groups[end].kind.symptom == groups[begin].kind.symptom) ++end;
    add_symptom(rows, connections, std::span{groups}.subspan(begin, end - begin), with_date);
    begin = end;
  }
  out += '\n';
  append_table(out, rows, kAligns);
}

void append_hosts(std::string& out, std::span<const ReportRow> connections, HostSide side, std::size_t most) {
  const std::vector<HostCount> hosts = count_hosts(connections, side);
  constexpr std::array kAligns{Align::left,  Align::right, Align::right, Align::right, Align::right,
                               Align::right, Align::right, Align::right, Align::right, Align::left};
  std::vector<Cells> rows{{side == HostSide::server ? "server" : "client", "connections", "worth a look",
                           "by server", "by client", "silence", "others", "bytes lost", "perhaps lost",
                           "mostly"}};
  for (const HostCount& host : std::span{hosts}.first(std::min(hosts.size(), most))) {
    rows.push_back(line_of(host, side));
  }
  out += '\n';
  append_table(out, rows, kAligns);
  if (hosts.size() > most) {
    out += "  ... " + grouped(hosts.size() - most) + " more: --by " +
           (side == HostSide::server ? "server" : "client") + '\n';
  }
}

bool are_of_one_day(std::span<const ReportRow> connections) {
  return std::all_of(connections.begin(), connections.end(), [&](const ReportRow& c) {
    return utc_day(c.last.time_ns) == utc_day(connections.front().first.time_ns);
  });
}

bool have_several_servers(std::span<const ReportRow> connections) {
  return std::any_of(connections.begin(), connections.end(),
                     [&](const ReportRow& row) { return row.server != connections.front().server; });
}

}  // namespace tcpteardown
