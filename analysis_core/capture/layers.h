// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "capture/byte_view.h"
#include "capture/frame_decoder.h"
#include "wire/flow_key.h"

// The layers between a frame's first byte and a TCP header. Each function reads one header and names
// the function that reads what follows; none goes on by itself, so a frame cannot make the decoder recurse.
// A new layer is one function, and one row of the table at the end of its file.
namespace tcpteardown {

// What the headers read so far say about what follows them.
struct LayerContext {
  std::uint32_t packet = 0;  // which of a frame's packets is asked for, from 0
  bool has_more_packets = false;
  std::uint64_t link_source = 0;  // MAC address; 0: none
  IpAddress source;
  IpAddress destination;
  std::uint8_t hop_limit = 0;
  bool has_ip_id = false;
  std::uint16_t ip_id = 0;
  bool dont_fragment = false;
  bool first_fragment = false;  // the rest of this IP packet is in other frames
  bool length_known = true;
  // Set by the innermost ICMP error: what follows is a quotation.
  bool quoted = false;
  IpAddress icmp_sender;
  bool is_icmpv6 = false;
  std::uint8_t icmp_type = 0;
  std::uint8_t icmp_code = 0;
  // Set where the chain ends.
  std::optional<ByteView> tcp;  // at a TCP header
  bool is_understood = false;   // at something that we know, with or without TCP
  Obstacle obstacle;            // at something that we do not know
};

struct Step;
using ReadLayer = Step (*)(ByteView view, LayerContext& context);

// Where the decoder stands.
struct Step {
  ReadLayer read = nullptr;  // of the next header; null at the end
  ByteView view;             // what follows the headers read so far
};

// What a number in a header says of what follows it. Null is known to lead to no TCP header.
struct LayerRow {
  std::uint32_t number = 0;
  ReadLayer read = nullptr;
};

[[nodiscard]] constexpr const LayerRow* find_row(std::span<const LayerRow> table, std::uint32_t number) {
  for (const LayerRow& row : table) {
    if (row.number == number) return &row;
  }
  return nullptr;
}

// link_layers.cpp: the first layer of a frame. Null: no frame of this link type (DLT_ value) is read.
[[nodiscard]] ReadLayer reader_of_link_type(int link_type);
[[nodiscard]] Step read_ethernet(ByteView view, LayerContext& context);
[[nodiscard]] Step read_ppp(ByteView view, LayerContext& context);

// ether_types.cpp: what follows an EtherType.
[[nodiscard]] Step step_by_ether_type(std::uint16_t type, ByteView view, LayerContext& context);
// The same, of a field that holds a length instead where IEEE 802.2 follows.
[[nodiscard]] Step step_by_type_or_length(std::uint16_t field, ByteView view, LayerContext& context);
[[nodiscard]] Step read_llc(ByteView view, LayerContext& context);
[[nodiscard]] Step read_mpls(ByteView view, LayerContext& context);
[[nodiscard]] Step read_pppoe(ByteView view, LayerContext& context);

// wlan_layers.cpp: IEEE 802.11.
[[nodiscard]] Step read_wlan(ByteView view, LayerContext& context);
[[nodiscard]] Step read_wlan_of_tunnel(ByteView view, LayerContext& context);
[[nodiscard]] Step read_radiotap(ByteView view, LayerContext& context);
[[nodiscard]] Step read_avs(ByteView view, LayerContext& context);
[[nodiscard]] Step read_prism(ByteView view, LayerContext& context);

// ip_layers.cpp
[[nodiscard]] Step read_any_ip(ByteView view, LayerContext& context);
[[nodiscard]] Step read_ipv4(ByteView view, LayerContext& context);
[[nodiscard]] Step read_ipv6(ByteView view, LayerContext& context);
// What follows an IP header, or a header between it and what it carries.
[[nodiscard]] Step step_by_protocol(std::uint8_t protocol, ByteView view);

// tunnel_layers.cpp
[[nodiscard]] Step read_gre(ByteView view, LayerContext& context);
[[nodiscard]] Step read_ether_ip(ByteView view, LayerContext& context);
[[nodiscard]] Step read_udp(ByteView view, LayerContext& context);

}  // namespace tcpteardown
