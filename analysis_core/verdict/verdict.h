// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "evidence/teardown.h"

namespace tcpteardown {

enum class Family : std::uint8_t {
  setup,
  graceful,
  half_closed,
  abort,
  reactive,
  timeout,
  interference,
  open,
  inconclusive,
};

enum class Severity : std::uint8_t { none, chat, note, warn, error };

enum class Confidence : std::uint8_t { low, medium, high };

// Who is named as the initiator (SPEC section 5), by role or by rule.
enum class Blame : std::uint8_t {
  first_fin,  // the side whose FIN was no answer; both if neither was
  reset_sender,
  both,
  client,
  server,
  icmp_sender,  // the server if it reported itself, else the network
  silent_side,  // the one that stopped answering
  network,
  nobody,
  unknown,
};

// One row of the catalogue. The first row that holds, from top to bottom, is the verdict.
struct Verdict {
  std::string_view slug;  // kebab-case; once released never renamed or reused
  Family family;
  Severity severity;
  bool (*holds)(const Teardown&);
  std::string_view summary;  // the expert info's text: lower-case start, no final period
  Blame blame;
  Confidence cap;        // never more confident than this
  std::string_view rfc;  // the rule's source: standard, stack behaviour, or our choice
  // The same ending in a form that harms nobody (own expert info, severity chat).
  bool (*harmless)(const Teardown&) = nullptr;
};

// The catalogue in the order of the procedure.
[[nodiscard]] std::span<const Verdict> catalogue();
// The row of a slug; nullptr if there is none.
[[nodiscard]] const Verdict* find_verdict(std::string_view slug);

[[nodiscard]] std::string_view to_string(Family family);
[[nodiscard]] std::string_view to_string(Severity severity);
[[nodiscard]] std::string_view to_string(Confidence confidence);

}  // namespace tcpteardown
