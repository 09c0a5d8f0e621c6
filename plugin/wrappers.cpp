// SPDX-License-Identifier: GPL-2.0-or-later
#include "wrappers.h"

#include <epan/packet.h>
#include <epan/proto.h>

#include <algorithm>
#include <array>
#include <span>

#include "capture_session.h"
#include "frame_headers.h"
#include "ids.h"
#include "read_segment.h"

// A wrapper takes the place of a dissector in the table of IP protocols, writes down the header and
// calls the dissector it replaced. Of the ways to see TCP headers it is the only one that sees each
// of them in every pass: tap data are missing in the first of two passes and in the GUI's clicks,
// and values from the protocol tree do not tell which header they belong to.
namespace tcpteardown {
namespace {

struct Wrapped {
  const char* parent = nullptr;       // filter name of the protocol whose dissector is replaced
  const char* description = nullptr;  // as "Decode As" lists it
  const char* filter_name = nullptr;
  guint32 ip_protocol = 0;  // number in the IP header
  dissector_t before = nullptr;
  int protocol = -1;
  dissector_handle_t replaced = nullptr;
};

int before_tcp(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* data);
int before_icmp(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* data);
int before_icmpv6(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* data);

Wrapped tcp{"tcp", "TCP (seen by TCP Teardown)", "tcpteardown.tcp", 6, before_tcp};
Wrapped icmp{"icmp", "ICMP (seen by TCP Teardown)", "tcpteardown.icmp", 1, before_icmp};
Wrapped icmpv6{"icmpv6", "ICMPv6 (seen by TCP Teardown)", "tcpteardown.icmpv6", 58, before_icmpv6};
constexpr std::array<Wrapped*, 3> kAll{&tcp, &icmp, &icmpv6};

bool is_enabled() {
  static const protocol_t* const ours = find_protocol_by_id(ids.protocol);
  return proto_is_protocol_enabled(ours);
}

bool is_repeated(const FrameHeaders& headers, const guint8* where) {
  return std::any_of(headers.begin(), headers.end(),
                     [where](const SeenHeader& header) { return header.where == where; });
}

SeenHeader& append(FrameHeaders& headers, const guint8* where, const TcpEndpoint& source,
                   const TcpEndpoint& destination) {
  SeenHeader& header = headers.seen[headers.count++];
  header.where = where;
  const Ends ends = ends_of(source, destination);
  header.key = ends.key;
  header.from_low = ends.from_low;
  header.quoted = header.known = false;
  return header;
}

void remember_segment(tvbuff_t* tvb, std::span<const guint8> bytes, packet_info* pinfo, void* ip_header,
                      FrameHeaders& headers) {
  const bool is_new = !PINFO_FD_VISITED(pinfo);
  SegmentRead read = read_segment(tvb, bytes, pinfo, ip_header, is_new ? Extent::whole : Extent::ends);
  if (!read.readable) return;
  append(headers, bytes.data(), read.segment.source, read.segment.destination);
  if (is_new) session_add(read.segment, headers);
}

void remember_quoted(std::span<const guint8> bytes, packet_info* pinfo, FrameHeaders& headers) {
  // Other protocols quote headers in errors too (CLNP for one); those tell nothing about TCP.
  if (!headers.has_icmp) return;
  const IcmpErrorRead read = read_icmp_error(bytes, pinfo, headers.icmp);
  if (!read.readable) return;
  SeenHeader& header = append(headers, bytes.data(), read.error.quoted_source, read.error.quoted_destination);
  header.quoted = true;
  if (!PINFO_FD_VISITED(pinfo)) session_add(read.error, header);
}

void remember(tvbuff_t* tvb, packet_info* pinfo, void* ip_header) {
  FrameHeaders& headers = frame_headers(pinfo);
  const unsigned captured = tvb_captured_length(tvb);
  if (headers.count >= kHeadersKept || captured == 0) return;
  const std::span<const guint8> bytes{tvb_get_ptr(tvb, 0, static_cast<gint>(captured)), captured};
  // A dissector may try the same bytes twice; that is one segment.
  if (is_repeated(headers, bytes.data())) return;
  if (pinfo->flags.in_error_pkt)
    remember_quoted(bytes, pinfo, headers);
  else
    remember_segment(tvb, bytes, pinfo, ip_header, headers);
}

int before_tcp(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* data) {
  if (is_enabled()) remember(tvb, pinfo, data);
  return call_dissector_only(tcp.replaced, tvb, pinfo, tree, data);
}

// Type and code are the first two bytes of ICMP and of ICMPv6 (RFC 792, RFC 4443 §2.1). Its
// dissectors do not hand them on, and a reassembled message is without its IP header.
void remember_icmp(tvbuff_t* tvb, packet_info* pinfo, bool is_icmpv6) {
  if (!is_enabled() || tvb_captured_length(tvb) < 2) return;
  std::array<guint8, 2> start{};
  tvb_memcpy(tvb, start.data(), 0, start.size());
  FrameHeaders& headers = frame_headers(pinfo);
  headers.has_icmp = true;
  headers.icmp = {
      .is_icmpv6 = is_icmpv6, .type = start[0], .code = start[1], .has_sender = false, .sender = {}};
  headers.icmp.has_sender = read_address(pinfo->src, headers.icmp.sender);
}

int before_icmp(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* data) {
  remember_icmp(tvb, pinfo, false);
  return call_dissector_only(icmp.replaced, tvb, pinfo, tree, data);
}

int before_icmpv6(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void* data) {
  remember_icmp(tvb, pinfo, true);
  return call_dissector_only(icmpv6.replaced, tvb, pinfo, tree, data);
}

}  // namespace

void register_wrappers() {
  for (Wrapped* wrapped : kAll) {
    // In name only, and below the protocol that is wrapped: who disables TCP disables the wrapper,
    // and who disables our protocol does not lose TCP.
    wrapped->protocol =
        proto_register_protocol_in_name_only(wrapped->description, wrapped->description, wrapped->filter_name,
                                             proto_get_id_by_filter_name(wrapped->parent), FT_PROTOCOL);
  }
}

void install_wrappers() {
  for (Wrapped* wrapped : kAll) {
    wrapped->replaced = dissector_get_uint_handle(find_dissector_table("ip.proto"), wrapped->ip_protocol);
    if (wrapped->replaced == nullptr) continue;
    dissector_add_uint("ip.proto", wrapped->ip_protocol,
                       create_dissector_handle(wrapped->before, wrapped->protocol));
  }
}

}  // namespace tcpteardown
