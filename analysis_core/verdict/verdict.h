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

// Who is named as the initiator, by role or by rule.
enum class InitiatorRule : std::uint8_t {
  first_fin,  // the side whose FIN was no answer; both if neither was
  reset_sender,
  both,
  client,
  unless_unheard,  // the client, or the network where it went on repeating its SYN
  server,
  icmp_sender,  // the server if it reported itself, else the network
  silent_side,  // the one that stopped answering
  network,
  nobody,
  unknown,
};

// A row of the catalogue, by its place there. Written "graceful"_verdict (verdict/catalogue.h), so
// that a slug that does not exist does not compile.
enum class VerdictId : std::uint8_t {};

// An event that only the verdict tells.
enum class TriggerEvent : std::uint8_t { none, data_after_close, data_crossing_fin };

struct ErrnoList;                 // verdict/judge.h
enum class Retry : std::uint8_t;  // verdict/judge.h

// One row of the catalogue. The first row that holds, from top to bottom, is the verdict. No column has a
// default, so that one that is forgotten does not compile.
struct Verdict {
  std::string_view slug;  // kebab-case; once released never renamed or reused
  Family family;
  Severity severity;
  bool (*holds)(const Teardown&);
  std::string_view summary;  // the expert info's text: lower-case start, no final period
  InitiatorRule initiator;
  Moment (*decisive)(const Teardown&);         // the frame that ended it; not seen: none did
  ErrnoList (*errnos)(const Teardown&, Side);  // what the application of that side sees
  Retry (*retry)(const Teardown&);             // whether the last request may be repeated
  TriggerEvent trigger_event;                  // what the segment that the RST answers did
  std::string_view rfc;                        // the rule's source: standard, stack behaviour, or our choice
  // The same ending in a form that harms nobody (own expert info, severity chat); nullptr: there is none.
  bool (*harmless)(const Teardown&);
  VerdictId id = {};  // its place, which the catalogue fills in itself
};

// The catalogue in the order of the procedure.
[[nodiscard]] std::span<const Verdict> catalogue();
[[nodiscard]] const Verdict& row_of(VerdictId id);
// The row of a slug that a user wrote; nullptr if there is none.
[[nodiscard]] const Verdict* find_verdict(std::string_view slug);

[[nodiscard]] std::string_view to_string(Family family);
[[nodiscard]] std::string_view to_string(Severity severity);
[[nodiscard]] std::string_view to_string(Confidence confidence);
[[nodiscard]] std::string_view to_string(TriggerEvent event);  // "" for none

}  // namespace tcpteardown
