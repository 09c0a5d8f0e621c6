// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "evidence/teardown.h"

namespace tcpteardown {

// Which of the 19 signatures of "Global, Passive Detection of Connection Tampering" (SIGCOMM
// 2023, table 1) the client's packets match, as the server sees them; empty if none. A
// signature is a pattern and no proof: a quarter of all connections look like this.
[[nodiscard]] std::string_view tampering_signature(const Teardown& teardown);

// The stage of a signature as Cloudflare Radar names it ("TCP resets and timeouts"), and how many
// of all connections in the study were cut off there, by whomever.
struct TamperingStage {
  std::string_view name;
  std::string_view of_all;
};
[[nodiscard]] TamperingStage tampering_stage(std::string_view signature);

}  // namespace tcpteardown
