// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/symptom_table.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "findings/phrasing.h"
#include "formats/table.h"
#include "formats/wall_clock.h"
#include "verdict/judge.h"
#include "verdict/outcome.h"

namespace tcpteardown {
namespace {

// Kinds of one symptom that are listed: as many as one reads (our choice).
constexpr std::size_t kMostKinds = 8;
// Servers that are told apart in one kind. A scan has more, and nobody asks how many (our choice).
constexpr std::size_t kMostServers = 1000;

std::string_view seen_by(bool client, bool server) {
  if (client && server) return "both";
  return client ? "client" : "server";
}

std::string_view ended_by(Initiator initiator, VerdictId id) {
  const bool silence = outcome::is_silence(row_of(id));
  switch (initiator) {
    case Initiator::client: return silence ? "silent client" : "client";
    case Initiator::server: return silence ? "silent server" : "server";
    case Initiator::both: return "both";
    case Initiator::network: return "the path";
    case Initiator::none: return "nobody";
    case Initiator::unknown: break;
  }
  return "not shown";
}

// "10.0.0.1:443", or the one that occurs most and how many others there are.
std::string servers_text(const std::map<TcpEndpoint, std::uint64_t>& servers, bool has_more) {
  const auto most = std::max_element(servers.begin(), servers.end(),
                                     [](const auto& x, const auto& y) { return x.second < y.second; });
  const std::string text = to_string(most->first);
  if (has_more) return text + " and over " + grouped(servers.size() - 1) + " more";
  return servers.size() == 1 ? text : text + " and " + grouped(servers.size() - 1) + " more";
}

// "stream 10, frame 52, 10:03:15.123456".
std::string where(const ReportRow& row, bool with_date) {
  const Moment& at = row.ended() ? row.decisive : row.last;
  std::string text = row.stream ? "stream " + digits(*row.stream) + ", " : "";
  text += in_frame(at.frame) + ", ";
  return text + (with_date ? date_at(at.time_ns) + ' ' : "") + time_at(at.time_ns);
}

}  // namespace

void SymptomTable::add(const ReportRow& row, const Badness& badness) {
  if (row.seen.symptom == Symptom::none) return;
  const Kind kind{row.seen.symptom, row.seen.by_client, row.seen.by_server, row.initiator, row.id};
  Group& group = groups_[kind];
  if (group.connections == 0 || badness < group.badness) {
    group.badness = badness;
    group.worst = row;
  }
  ++group.connections;
  const auto server = group.servers.find(row.server);
  if (server != group.servers.end()) {
    ++server->second;
  } else if (group.servers.size() < kMostServers) {
    group.servers.emplace(row.server, 1);
  } else {
    group.has_more_servers = true;
  }
}

void SymptomTable::append_kind(std::vector<Cells>& rows, const Kind& kind, const Group& group,
                               bool with_date) {
  rows.push_back({grouped(group.connections), std::string(seen_by(kind.by_client, kind.by_server)),
                  std::string(ended_by(kind.initiator, kind.id)), std::string(row_of(kind.id).slug),
                  servers_text(group.servers, group.has_more_servers), where(group.worst, with_date)});
}

void SymptomTable::append(std::string& out, bool with_date) const {
  if (groups_.empty()) return;
  std::vector<const std::pair<const Kind, Group>*> sorted;
  for (const auto& group : groups_) sorted.push_back(&group);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* x, const auto* y) {
    return std::tuple(x->first.symptom, y->second.connections) <
           std::tuple(y->first.symptom, x->second.connections);
  });
  constexpr std::array kAligns{Align::right, Align::left, Align::left, Align::left, Align::left, Align::left};
  std::vector<Cells> rows{{"times", "seen by", "ended by", "verdict", "server", "look at (UTC)"}};
  for (auto begin = sorted.begin(); begin != sorted.end();) {
    const Symptom symptom = (*begin)->first.symptom;
    const auto end =
        std::find_if(begin, sorted.end(), [&](const auto* group) { return group->first.symptom != symptom; });
    std::uint64_t all = 0;
    std::uint64_t listed = 0;
    std::vector<Cells> kinds;
    for (auto group = begin; group != end; ++group) {
      all += (*group)->second.connections;
      if (kinds.size() == kMostKinds) continue;
      listed += (*group)->second.connections;
      append_kind(kinds, (*group)->first, (*group)->second, with_date);
    }
    rows.push_back(
        {"\n  " + std::string(to_string(symptom)) + ": " + counted(all, "connection", "connections")});
    rows.insert(rows.end(), kinds.begin(), kinds.end());
    if (listed < all) rows.push_back({"    ... " + grouped(all - listed) + " more of other kinds"});
    begin = end;
  }
  out += '\n';
  append_table(out, rows, kAligns);
}

}  // namespace tcpteardown
