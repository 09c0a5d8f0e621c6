// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <epan/packet.h>

#include "frame_headers.h"
#include "prepare.h"

namespace tcpteardown {

// What of ours somebody reads in this dissection.
[[nodiscard]] Wanted wanted_of(proto_tree* tree, const packet_info* pinfo);
// The tree "TCP Teardown" and the expert infos of one TCP header of the frame.
void present(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, const SeenHeader& header, Wanted wanted);

}  // namespace tcpteardown
