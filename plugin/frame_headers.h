// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <epan/address.h>
#include <epan/packet_info.h>
#include <glib.h>

#include <cstdint>

#include "tracking/connection_table.h"
#include "wire/flow_key.h"

// What the wrappers before TCP and ICMP leave for the post-dissector of the same frame. Lives in
// the packet's memory pool; no destructor runs, so only plain values.
namespace tcpteardown {

// One TCP header of the frame. A frame has several inside tunnels.
struct SeenHeader {
  const guint8* where = nullptr;  // its first byte, to know it again
  FlowKey key;
  address source{};  // as epan knows them, to look up its conversation
  address destination{};
  guint32 source_port = 0;
  guint32 destination_port = 0;
  bool quoted = false;  // a copy inside an ICMP error
  bool known = false;   // `connection` is set
  ConnectionIndex connection = 0;
  SeenHeader* next = nullptr;
};

// The ICMP header that was entered last.
struct SeenIcmp {
  bool is_icmpv6 = false;
  guint8 type = 0;
  guint8 code = 0;
  address sender{};
};

struct FrameHeaders {
  SeenHeader* first = nullptr;
  SeenHeader* last = nullptr;
  unsigned count = 0;
  bool has_icmp = false;
  SeenIcmp icmp;
};

// A frame made to nest headers without end gets this far; epan's own limit is near.
inline constexpr unsigned kHeadersKept = 64;

// Of this frame; nullptr if no wrapper was called.
[[nodiscard]] FrameHeaders* find_frame_headers(packet_info* pinfo);
// Made if there are none yet.
[[nodiscard]] FrameHeaders* frame_headers(packet_info* pinfo);

}  // namespace tcpteardown
