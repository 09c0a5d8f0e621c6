// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "evidence/teardown.h"
#include "verdict/judge.h"

namespace tcpteardown {

// What a program said of the end of a connection, or its log: the words people bring along. In the order in
// which a report lists them.
enum class Symptom : std::uint8_t {
  none,
  reset_by_peer,  // ECONNRESET
  broken_pipe,    // EPIPE behind the end of the data, if it wrote
  timed_out,      // ETIMEDOUT, or nothing yet: it waits
  refused,        // ECONNREFUSED
  unreachable,    // EHOSTUNREACH, ENETUNREACH, EACCES
  unanswered,     // the end of the data where a response should stand
};

struct SeenSymptom {
  Symptom symptom = Symptom::none;
  bool by_client = false;
  bool by_server = false;
};

// Of both programs' errors the one that comes first in Symptom, and who saw it.
[[nodiscard]] SeenSymptom find_symptom(const Teardown& teardown, const Ruling& ruling);

[[nodiscard]] std::string_view to_string(Symptom symptom);  // "connection reset by peer"; "" for none

}  // namespace tcpteardown
