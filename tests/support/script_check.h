// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "capture/analysis.h"
#include "capture/seg_script.h"
#include "report/report.h"

namespace tcpteardown::test {

// The value that an expectation asks for, as CSV shows it; empty optional: the field is absent. `problem`
// is set where there is nothing to ask (no such connection, frame or field).
struct Answer {
  std::optional<std::string> value;
  std::string problem;
};

// A field of a connection by its JSON key.
[[nodiscard]] Answer value_of(const Report& report, const std::string& name);

[[nodiscard]] Answer answer(const Expectation& expectation, const Script& script, const Analysis& analysis);

[[nodiscard]] bool is_met(const Expectation& expectation, const Answer& found);

// One sentence for each expectation that is not met: "line 9: verdict is open, not graceful".
[[nodiscard]] std::vector<std::string> unmet(const Script& script, const Analysis& analysis);

// All .seg files below a folder, sorted.
[[nodiscard]] std::vector<std::string> scripts_below(const std::string& folder);

}  // namespace tcpteardown::test
