// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstddef>
#include <cstdint>

#include "capture/layers.h"

// IEEE 802.11, and what capture programs put in front of its frames. Its numbers are little-endian.
// Wireshark gives no sender's hardware address of such frames in the way it does for Ethernet; so neither do
// we.
namespace tcpteardown {
namespace {

// The first byte of a frame: version 0 and type 2, data.
constexpr unsigned kVersionAndType = 0x0f;
constexpr unsigned kData = 0x08;
constexpr unsigned kNoPayload = 0x40;  // subtypes of data frames
constexpr unsigned kQos = 0x80;
// The second byte.
constexpr unsigned kToAndFromDs = 0x03;
constexpr unsigned kProtected = 0x40;
constexpr unsigned kHasHtControl = 0x80;

std::uint16_t little_u16(ByteView view, std::size_t at) {
  return static_cast<std::uint16_t>(view.u8(at + 1) << 8 | view.u8(at));
}
std::uint32_t little_u32(ByteView view, std::size_t at) {
  return std::uint32_t{little_u16(view, at + 2)} << 16 | little_u16(view, at);
}

std::size_t rounded_up_to_4(std::size_t size) { return (size + 3) / 4 * 4; }

// IEEE 802.11-2020 §9.3.2.2.2: several packets in one frame, each behind two addresses and a length,
// and all but the last filled up to four bytes.
Step read_aggregate(ByteView view, LayerContext& context) {
  constexpr std::size_t kSubframeHeader = 14;
  const auto size = [](ByteView subframe) { return rounded_up_to_4(kSubframeHeader + subframe.u16(12)); };
  for (std::uint32_t i = 0; i < context.packet; ++i) view = view.after(size(view));
  if (!view.has(kSubframeHeader)) return {};
  context.has_more_packets = view.has(size(view) + kSubframeHeader);
  return {read_llc, view.after(kSubframeHeader).with_length(view.u16(12))};
}

// §9.2.3: frame control (2), duration (2), three addresses, sequence control (2); then, where they
// belong, a fourth address, QoS control (2) and HT control (4).
Step read_data(ByteView view, unsigned control, unsigned flags, bool is_padded, LayerContext& context) {
  context.link_source = 0;
  context.is_understood = (control & kVersionAndType) != kData || (control & kNoPayload) != 0;
  if (context.is_understood) return {};  // management, control, or data without any
  if ((flags & kProtected) != 0) {
    context.obstacle = {"encrypted 802.11 data", {}};
    return {};
  }
  const bool is_later_fragment = (view.u8(22) & 0x0fU) != 0;
  context.is_understood = is_later_fragment;
  if (is_later_fragment) return {};
  std::size_t header = 24;
  if ((flags & kToAndFromDs) == kToAndFromDs) header += 6;
  const bool is_aggregate = (control & kQos) != 0 && (view.u8(header) & 0x80U) != 0;
  if ((control & kQos) != 0) header += (flags & kHasHtControl) != 0 ? 6 : 2;
  if (is_padded) header = rounded_up_to_4(header);
  if (!view.has(header)) return {};
  return {is_aggregate ? read_aggregate : read_llc, view.after(header)};
}

Step read_padded_wlan(ByteView view, LayerContext& context) {
  return read_data(view, view.u8(0), view.u8(1), true, context);
}

}  // namespace

Step read_wlan(ByteView view, LayerContext& context) {
  return read_data(view, view.u8(0), view.u8(1), false, context);
}

// Some access points exchange the two bytes of the frame control (Wireshark's preference capwap.swap_fc).
Step read_wlan_of_tunnel(ByteView view, LayerContext& context) {
  const bool is_swapped = (view.u8(0) & kVersionAndType) != kData && (view.u8(1) & kVersionAndType) == kData;
  if (!is_swapped) return read_wlan(view, context);
  return read_data(view, view.u8(1), view.u8(0), false, context);
}

// radiotap.org: version, filler, length, a bit for each field that is present; bit 31: more such bits follow.
// The flags come behind the clock (bit 0, eight bytes, aligned), and one of them tells of padding.
Step read_radiotap(ByteView view, LayerContext& /*context*/) {
  const std::size_t length = little_u16(view, 2);
  if (!view.has(length) || length < 8 || view.u8(0) != 0) return {};
  const std::uint32_t present = little_u32(view, 4);
  std::size_t at = 8;
  for (std::uint32_t bits = present; (bits & 0x8000'0000U) != 0 && at + 4 <= length; at += 4) {
    bits = little_u32(view, at);
  }
  if ((present & 1U) != 0) at = (at + 7) / 8 * 8 + 8;
  const bool is_padded = (present & 2U) != 0 && at < length && (view.u8(at) & 0x20U) != 0;
  return {is_padded ? read_padded_wlan : read_wlan, view.after(length)};
}

// AbsoluteValue Systems' header: a magic number and the length, both big-endian.
Step read_avs(ByteView view, LayerContext& /*context*/) {
  const std::uint32_t length = view.u32(4);
  if (length < 8 || !view.has(length)) return {};
  return {read_wlan, view.after(length)};
}

// The header of Prism cards: message code, and the length in the byte order of the machine that captured. The
// same link type was used for AVS' header.
Step read_prism(ByteView view, LayerContext& context) {
  constexpr std::uint32_t kAvsMagic = 0x8021'1000;  // and a version in the last four bits
  if ((view.u32(0) & 0xffff'fff0U) == kAvsMagic) return read_avs(view, context);
  const std::uint32_t little = little_u32(view, 4);
  const std::uint32_t length = little <= 0xffff ? little : view.u32(4);
  if (length < 8 || !view.has(length)) return {};
  return {read_wlan, view.after(length)};
}

}  // namespace tcpteardown
