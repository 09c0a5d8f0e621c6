// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/so_far.h"

#include <string>

#include "verdict/limits.h"

namespace tcpteardown {
namespace {

constexpr std::string_view kMoreMayFollow = "what follows is not known yet";

}  // namespace

bool is_over(const Connection& connection) {
  // connect() fails at once (Linux tcp_v4_err() in SYN-SENT).
  const bool is_unreachable = connection.icmp.about_syn && !connection.handshake_acked;
  return connection.reset_taken || is_unreachable ||
         (connection.a.fin.is_acked() && connection.b.fin.is_acked());
}

void keep_to_what_was_seen(Report& report, bool over) {
  if (!report.confidence_reason.empty() && (!over || report.confidence_reason == kEndsTooSoon))
    report.confidence_reason = kMoreMayFollow;
  if (over || report.summary.empty()) return;
  report.summary = std::string{report.verdict} + " so far; the connection is not over";
  report.findings.clear();
  report.explanation.clear();
  report.advice.clear();
}

}  // namespace tcpteardown
