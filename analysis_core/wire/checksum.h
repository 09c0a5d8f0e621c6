// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "wire/flow_key.h"
#include "wire/segment.h"

namespace tcpteardown {

// Reads the checksum of a TCP header with its options, all of it, and no payload (RFC 9293 §3.1). With one, a
// capture may have been made unreadable on purpose, checksums left as they were; and it takes time.
[[nodiscard]] Checksum read_checksum(std::span<const std::uint8_t> header, const IpAddress& source,
                                     const IpAddress& destination);

}  // namespace tcpteardown
