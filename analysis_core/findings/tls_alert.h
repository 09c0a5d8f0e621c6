// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>

#include "findings/finding.h"
#include "findings/story.h"

// A fatal alert in clear (RFC 8446 §6.2) tells why, whoever closes or resets then.
namespace tcpteardown {

[[nodiscard]] std::optional<Finding> tls_alert(const Story& story);

// Whether one came before the end, and what it means for the end is not asked: whose RST that was comes
// first.
[[nodiscard]] bool tls_gave_up(const Story& story);
// "the server's TLS had given up (protocol_version)".
[[nodiscard]] std::string tls_clause(const Story& story);
// What to check next, by the alert.
[[nodiscard]] std::string tls_advice(const Story& story);

}  // namespace tcpteardown
