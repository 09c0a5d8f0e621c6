// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/host_table.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>
#include <vector>

#include "findings/phrasing.h"
#include "formats/badness.h"
#include "formats/table.h"
#include "verdict/judge.h"
#include "verdict/outcome.h"

namespace tcpteardown {
namespace {

// Hosts that are told apart, so that a scan of all ports takes no more memory than that (our choice).
constexpr std::size_t kMostHosts = 20'000;

}  // namespace

void HostTable::add(const ReportRow& row) {
  const TcpEndpoint host = side_ == HostSide::server ? row.server : TcpEndpoint{row.client.address, 0};
  if (hosts_.size() >= kMostHosts && !hosts_.contains(host)) {
    ++left_out_;
    return;
  }
  Count& count = hosts_[host];
  ++count.connections;
  count.lost.certain += row.lost.certain;
  count.lost.possible += row.lost.possible;
  if (!is_worth_a_look(row)) return;
  ++count.worth_a_look;
  ++count.verdicts[row.id];
  if (outcome::is_silence(row_of(row.id))) {
    ++count.by_silence;
  } else if (row.initiator == Initiator::server) {
    ++count.by_server;
  } else if (row.initiator == Initiator::client) {
    ++count.by_client;
  } else {
    ++count.by_others;
  }
}

void HostTable::append(std::string& out, std::size_t most) const {
  std::vector<const std::pair<const TcpEndpoint, Count>*> sorted;
  for (const auto& host : hosts_) sorted.push_back(&host);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* x, const auto* y) {
    return std::tuple(y->second.worth_a_look, y->second.connections) <
           std::tuple(x->second.worth_a_look, x->second.connections);
  });
  constexpr std::array kAligns{Align::left,  Align::right, Align::right, Align::right, Align::right,
                               Align::right, Align::right, Align::right, Align::right, Align::left};
  const std::string name = side_ == HostSide::server ? "server" : "client";
  std::vector<Cells> rows{{name, "connections", "worth a look", "by server", "by client", "silence", "others",
                           "bytes lost", "perhaps lost", "mostly"}};
  for (std::size_t i = 0; i < sorted.size() && i < most; ++i) {
    const auto& [host, count] = *sorted[i];
    const auto mostly = std::max_element(count.verdicts.begin(), count.verdicts.end(),
                                         [](const auto& x, const auto& y) { return x.second < y.second; });
    rows.push_back({side_ == HostSide::server ? to_string(host) : to_string(host.address),
                    grouped(count.connections), grouped_or_dash(count.worth_a_look),
                    grouped_or_dash(count.by_server), grouped_or_dash(count.by_client),
                    grouped_or_dash(count.by_silence), grouped_or_dash(count.by_others),
                    grouped_or_dash(count.lost.certain), grouped_or_dash(count.lost.possible),
                    mostly == count.verdicts.end() ? "-" : std::string(row_of(mostly->first).slug)});
  }
  out += '\n';
  append_table(out, rows, kAligns);
  if (sorted.size() > most) out += "  ... " + grouped(sorted.size() - most) + " more: --by " + name + '\n';
  if (left_out_ > 0) {
    out += "  ... and " + counted(left_out_, "connection", "connections") + " of further " + name + "s\n";
  }
}

}  // namespace tcpteardown
