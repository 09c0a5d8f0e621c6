// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "evidence/teardown.h"

namespace tcpteardown {

[[nodiscard]] Shape shape_of(const Connection& connection, const Reset& reset);

// What its receiver made of it, by the receiver's own rules and by what came later.
[[nodiscard]] Fate fate_of(const Connection& connection, const Reset& reset);

// Against the same sender's other packets; empty where it means nothing.
[[nodiscard]] std::optional<std::int32_t> ttl_delta(const Reset& reset);
[[nodiscard]] std::optional<std::int32_t> ipid_delta(const Reset& reset);

// Its purported sender went on as if nothing had happened, so it did not send it (Weaver, Sommer and
// Paxson, "Detecting Forged TCP Reset Packets", NDSS 2009).
[[nodiscard]] bool sender_went_on(const Reset& reset);

// Fills resets, decisive_reset, forged and rejected_mid_path; needs the FINs.
void find_resets(Teardown& teardown);

}  // namespace tcpteardown
