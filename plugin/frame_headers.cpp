// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame_headers.h"

namespace tcpteardown {
namespace {

FrameHeaders headers;

// Whose they are. The post-dissector ends a dissection: the same frame may be dissected again.
const packet_info* owner = nullptr;
guint32 frame = 0;

bool are_of(const packet_info* pinfo) { return owner == pinfo && frame == pinfo->num; }

}  // namespace

FrameHeaders& frame_headers(const packet_info* pinfo) {
  if (!are_of(pinfo)) {
    owner = pinfo;
    frame = pinfo->num;
    headers.count = 0;
    headers.has_icmp = false;
  }
  return headers;
}

FrameHeaders* take_frame_headers(const packet_info* pinfo) {
  const bool found = are_of(pinfo);
  owner = nullptr;
  return found ? &headers : nullptr;
}

}  // namespace tcpteardown
