// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <epan/packet_info.h>
#include <glib.h>

#include <array>
#include <cstdint>

#include "tracking/connection_table.h"
#include "wire/flow_key.h"

// What the wrappers before TCP and ICMP leave for the post-dissector and the taps of the same frame.
//
// It stands in one place for all frames: epan dissects one after the other, and room in each packet's memory
// pool would cost as much as all else that we do for a frame. Nothing in it points anywhere that might be
// gone.
namespace tcpteardown {

// One TCP header of the frame. A frame has several inside tunnels.
struct SeenHeader {
  const guint8* where = nullptr;  // its first byte, to know it again; never looked at
  FlowKey key;
  bool from_low = false;  // which end of the key sent it
  bool quoted = false;    // a copy inside an ICMP error
  bool known = false;     // `connection` is set
  ConnectionIndex connection = 0;

  [[nodiscard]] const TcpEndpoint& source() const { return from_low ? key.low : key.high; }
  [[nodiscard]] const TcpEndpoint& destination() const { return from_low ? key.high : key.low; }
};

// The ICMP header that was entered last.
struct SeenIcmp {
  bool is_icmpv6 = false;
  guint8 type = 0;
  guint8 code = 0;
  bool has_sender = false;
  IpAddress sender;
};

// A frame made to nest headers without end gets this far; epan's own limit is near.
inline constexpr unsigned kHeadersKept = 64;

struct FrameHeaders {
  std::array<SeenHeader, kHeadersKept> seen;
  unsigned count = 0;
  bool has_icmp = false;
  SeenIcmp icmp;

  [[nodiscard]] SeenHeader* begin() { return seen.data(); }
  [[nodiscard]] SeenHeader* end() { return seen.data() + count; }
  [[nodiscard]] const SeenHeader* begin() const { return seen.data(); }
  [[nodiscard]] const SeenHeader* end() const { return seen.data() + count; }
};

// For the wrappers: those of this frame so far, none if its dissection has just begun.
[[nodiscard]] FrameHeaders& frame_headers(const packet_info* pinfo);
// For the post-dissector, once: nullptr if no wrapper was called. They stay for the taps until the next
// frame.
[[nodiscard]] FrameHeaders* take_frame_headers(const packet_info* pinfo);

}  // namespace tcpteardown
