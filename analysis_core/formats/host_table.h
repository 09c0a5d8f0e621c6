// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "report/report_row.h"

namespace tcpteardown {

enum class HostSide : std::uint8_t { client, server };

// A line for each server (address and port) or client (address): how many of its connections are worth a
// look, and whose doing that was. Those with most of them stand first.
class HostTable {
 public:
  explicit HostTable(HostSide side) : side_(side) {}

  void add(const ReportRow& row);
  [[nodiscard]] std::size_t size() const { return hosts_.size(); }
  // At most `most` of them, and how many there are besides.
  void append(std::string& out, std::size_t most) const;

 private:
  struct Count {
    std::uint64_t connections = 0;
    std::uint64_t worth_a_look = 0;
    std::uint64_t by_server = 0;
    std::uint64_t by_client = 0;
    std::uint64_t by_silence = 0;
    std::uint64_t by_others = 0;
    LostBytes lost;
    std::map<VerdictId, std::uint64_t> verdicts;  // of those worth a look
  };

  HostSide side_;
  std::map<TcpEndpoint, Count> hosts_;  // at most kMostHosts
  std::uint64_t left_out_ = 0;          // connections of further ones
};

}  // namespace tcpteardown
