// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "formats/badness.h"
#include "report/report_row.h"

namespace tcpteardown {

// What programs saw ("connection reset by peer"): how often, who saw it, who ended it, as which verdict, at
// which server, and where to look first.
class SymptomTable {
 public:
  void add(const ReportRow& row, const Badness& badness);
  // Nothing where no program saw anything. With dates where the time of day alone does not tell.
  void append(std::string& out, bool with_date) const;

 private:
  struct Kind {
    Symptom symptom = Symptom::none;
    bool by_client = false;
    bool by_server = false;
    Initiator initiator = Initiator::unknown;
    VerdictId id = {};

    friend auto operator<=>(const Kind&, const Kind&) = default;
  };
  struct Group {
    std::uint64_t connections = 0;
    Badness badness;  // of the worst one
    ReportRow worst;
    std::map<TcpEndpoint, std::uint64_t> servers;  // at most kMostServers; how many connections
    bool has_more_servers = false;
  };

  static void append_kind(std::vector<std::vector<std::string>>& rows, const Kind& kind, const Group& group,
                          bool with_date);

  std::map<Kind, Group> groups_;
};

}  // namespace tcpteardown
