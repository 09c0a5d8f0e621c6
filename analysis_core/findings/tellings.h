// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "findings/finding.h"
#include "findings/story.h"

// How each verdict is told. What decides is in verdict/; every sentence about it stands in this room,
// once, beside the fact it needs. One file a family.
namespace tcpteardown {

// Nothing where it does not apply.
using FindingRule = std::optional<Finding> (*)(const Story&);

// What to check next. The first rule that holds speaks; the last one always does (holds: nullptr)
// and stands on the verdict's page as well, so it asks a story for nothing but names of parts.
struct AdviceRule {
  bool (*holds)(const Story&);
  std::string (*text)(const Story&);  // sentences; begins in lower case, ends with a period
};

// How one verdict is told.
struct Telling {
  VerdictId id = {};
  std::string (*summary)(const Story&) =
      nullptr;                            // one line: who did what in which frame, and was anything lost
  std::span<const FindingRule> findings;  // of this verdict alone, most telling first
  std::span<const AdviceRule> advice;
};

[[nodiscard]] std::span<const Telling> tellings_of_setup();
[[nodiscard]] std::span<const Telling> tellings_of_handshake();   // of the same family
[[nodiscard]] std::span<const Telling> tellings_of_unaccepted();  // likewise
[[nodiscard]] std::span<const Telling> tellings_of_graceful();
[[nodiscard]] std::span<const Telling> tellings_of_half_closed();
[[nodiscard]] std::span<const Telling> tellings_of_abort();
[[nodiscard]] std::span<const Telling> tellings_of_resets_as_close();
[[nodiscard]] std::span<const Telling> tellings_of_crossed_aborts();
[[nodiscard]] std::span<const Telling> tellings_of_aborts_around_fin();
[[nodiscard]] std::span<const Telling> tellings_of_reactive();
[[nodiscard]] std::span<const Telling> tellings_of_rejections();  // of the same family
[[nodiscard]] std::span<const Telling> tellings_of_timeout();
[[nodiscard]] std::span<const Telling> tellings_of_forged_fins();
[[nodiscard]] std::span<const Telling> tellings_of_the_rest();  // interference, open, inconclusive

// Findings that may stand beside any verdict, most useful first.
[[nodiscard]] std::span<const FindingRule> third_party_findings();  // was it really that host
[[nodiscard]] std::span<const FindingRule> application_findings();  // HTTP, TLS, MPTCP, waits, idle timers
[[nodiscard]] std::span<const FindingRule> packet_findings();       // the RST's packet, other odd packets
[[nodiscard]] std::span<const FindingRule> quality_findings();      // what the capture does not show
[[nodiscard]] std::span<const FindingRule> program_findings();      // what each application saw

// The telling of a verdict; every row of the catalogue has one (tests/catalogue checks it).
[[nodiscard]] const Telling& telling_of(VerdictId id);

// The texts of a report.
[[nodiscard]] std::string make_summary(const Story& story);
// By kind, in the order of FindingKind; within a kind the most telling first.
[[nodiscard]] std::vector<Finding> make_findings(const Story& story);
// The evidence as one paragraph, at most 60 words: what does not fit is left to the list.
[[nodiscard]] std::string make_explanation(std::span<const Finding> findings);
[[nodiscard]] std::string make_advice(const Story& story);

// The advice on the page of a verdict.
[[nodiscard]] std::string general_advice(const Verdict& verdict);

}  // namespace tcpteardown
