// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>

#include "findings/finding.h"
#include "findings/story.h"

// What the aborts without a FIN of the resetter have in common; defined in abort.cpp.
namespace tcpteardown {

[[nodiscard]] std::string resetter(const Story& story);  // or somebody in its name
[[nodiscard]] std::optional<Finding> fin_had_not_come(const Story& story);
[[nodiscard]] std::optional<Finding> looks_like_kill(const Story& story);

}  // namespace tcpteardown
