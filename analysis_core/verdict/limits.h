// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "verdict/verdict.h"

namespace tcpteardown {

// Which verdicts a limit is for.
struct Applies {
  enum class To : std::uint8_t { all, family, listed, all_but_listed };

  To scope;
  Family family;                  // To::family
  std::array<VerdictId, 3> rows;  // To::listed, To::all_but_listed; `count` of them are used
  std::uint8_t count;

  [[nodiscard]] constexpr std::span<const VerdictId> listed() const { return {rows.data(), count}; }
  [[nodiscard]] bool to(const Verdict& row) const;
};

// What keeps an answer from being sure, and how sure it may be all the same.
struct Limit {
  Confidence at_most;
  Applies applies_to;
  bool (*holds)(const Teardown&);
  std::string_view why;  // a clause
};

// All limits, in the order in which they are named: of equal ones the first is the reason.
[[nodiscard]] std::span<const Limit> limits();

// The reason that is none while the capture goes on.
inline constexpr std::string_view kEndsTooSoon = "capture ends too soon";

struct RatedConfidence {
  Confidence confidence = Confidence::high;
  std::string_view reason;  // why it is no higher, as a clause; empty if it is high
};

[[nodiscard]] RatedConfidence rate_confidence(const Teardown& t, const Verdict& row);

}  // namespace tcpteardown
