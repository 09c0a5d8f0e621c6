// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "report/report_row.h"

namespace tcpteardown {

// An address, a port, or both.
struct HostFilter {
  std::optional<IpAddress> address;
  std::optional<std::uint16_t> port;

  [[nodiscard]] bool fits(const TcpEndpoint& end) const;
};

// Which connections are reported: those that fit all that is given.
struct Selection {
  std::optional<std::uint32_t> stream;  // tcp.stream
  std::optional<VerdictId> verdict;
  std::optional<HostFilter> host;        // of either end
  std::optional<std::int64_t> since_ns;  // since the epoch; some of it was captured then or later
  std::optional<std::int64_t> until_ns;  // or earlier

  [[nodiscard]] bool takes_all() const;
  [[nodiscard]] bool takes(const ReportRow& row) const;
};

// "10.0.0.1", "10.0.0.1:443", ":443", "fd00::1", "[fd00::1]:443"; nothing if it is none of these.
[[nodiscard]] std::optional<HostFilter> parse_host(std::string_view word);

// "2026-11-20", "2026-11-20T10:03", "2026-11-20 10:03:11.5"; UTC, or with an offset behind it ("+01:00").
// Nothing if it is no such time, or outside of 1678 to 2261, which 64 bits of nanoseconds hold.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view word);

}  // namespace tcpteardown
