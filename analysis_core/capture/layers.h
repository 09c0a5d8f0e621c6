// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "capture/byte_view.h"
#include "wire/flow_key.h"

// The layers between a frame's first byte and a TCP header. Each function reads one header and
// names what follows; none calls another, so a frame cannot make the decoder recurse.
namespace tcpteardown {

enum class Layer : std::uint8_t {
  none,  // nothing that leads to TCP
  ethernet,
  ether_type,
  llc,
  linux_sll,
  linux_sll2,
  null_loopback,
  hdlc,
  ppp,
  pppoe,
  mpls,
  any_ip,
  ipv4,
  ipv6,
  ip_payload,
  gre,
  ether_ip,
  udp,
  vxlan,
  vxlan_gpe,
  geneve,
  gtp_u,
  ayiya,
  teredo,
  tcp,
  icmp,
  icmpv6,
};

// What the headers read so far say about what follows them.
struct LayerContext {
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
};

// Where the decoder stands.
struct Step {
  Layer layer = Layer::none;
  std::uint16_t type = 0;  // EtherType for ether_type, protocol number for ip_payload
  ByteView view;           // what follows the headers read so far
};

// The first layer of a frame of this link type (DLT_ value).
[[nodiscard]] Layer first_layer(int link_type);

// link_layers.cpp
[[nodiscard]] Step read_ethernet(ByteView view, LayerContext& context);
[[nodiscard]] Step read_llc(ByteView view);
[[nodiscard]] Step read_linux_sll(ByteView view, LayerContext& context);
[[nodiscard]] Step read_linux_sll2(ByteView view, LayerContext& context);
[[nodiscard]] Step read_null_loopback(ByteView view);
[[nodiscard]] Step read_hdlc(ByteView view);
[[nodiscard]] Step read_ppp(ByteView view);
[[nodiscard]] Step read_pppoe(ByteView view);
[[nodiscard]] Step read_mpls(ByteView view);
[[nodiscard]] Step read_ether_type(std::uint16_t type, ByteView view);

// ip_layers.cpp
[[nodiscard]] Step read_any_ip(ByteView view);
[[nodiscard]] Step read_ipv4(ByteView view, LayerContext& context);
[[nodiscard]] Step read_ipv6(ByteView view, LayerContext& context);
[[nodiscard]] Step read_ip_payload(std::uint16_t protocol, ByteView view, LayerContext& context);
[[nodiscard]] Step read_icmp(ByteView view, LayerContext& context);
[[nodiscard]] Step read_icmpv6(ByteView view, LayerContext& context);

// tunnel_layers.cpp
[[nodiscard]] Step read_gre(ByteView view);
[[nodiscard]] Step read_ether_ip(ByteView view);
[[nodiscard]] Step read_udp(ByteView view);
[[nodiscard]] Step read_vxlan(ByteView view);
[[nodiscard]] Step read_vxlan_gpe(ByteView view);
[[nodiscard]] Step read_geneve(ByteView view);
[[nodiscard]] Step read_gtp_u(ByteView view);
[[nodiscard]] Step read_ayiya(ByteView view);
[[nodiscard]] Step read_teredo(ByteView view);

}  // namespace tcpteardown
