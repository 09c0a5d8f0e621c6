// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "report/scene.h"

// Sentences that may stand behind any explanation: rules over the facts, the most useful first.
namespace tcpteardown {

// A rule gives a whole sentence without blanks around it, or nothing where it does not apply.
using ContextRule = std::string (*)(const Scene&);

[[nodiscard]] std::span<const ContextRule> application_rules();  // HTTP, MPTCP, waits, idle timers
[[nodiscard]] std::span<const ContextRule> packet_rules();       // the RST's packet, other events
[[nodiscard]] std::span<const ContextRule> third_party_rules();  // was it really that host
[[nodiscard]] std::span<const ContextRule> quality_rules();      // what the capture does not show

// The tampering signature that the client's packets match, with what it is worth.
[[nodiscard]] std::string tampering_clause(const Scene& scene);

// The first sentences that apply, `most` at most.
[[nodiscard]] std::vector<std::string> context_sentences(const Scene& scene, std::size_t most);

}  // namespace tcpteardown
