// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"
#include "report/fields.h"

namespace tcpteardown {

enum class Annotate : int { every_frame, telling_frames };

void register_preferences(int protocol);

// What the core decides by.
[[nodiscard]] Settings settings();
// Which frames of a connection get the tree.
[[nodiscard]] Annotate annotate();
// Expert infos below it are not shown.
[[nodiscard]] Severity least_severity();

}  // namespace tcpteardown
