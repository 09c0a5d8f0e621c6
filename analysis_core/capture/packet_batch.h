// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "capture/frame_decoder.h"
#include "tracking/own_facts.h"

namespace tcpteardown {

// One of a frame's packets, which is decoded where it stays.
struct Packet {
  Packet(const RawFrame& from, std::uint32_t packet)
      : frame(from), contents(decode_frame(from, packet)), is_first(packet == 0) {
    frame.bytes = {};
  }

  RawFrame frame;  // without its bytes
  FrameContents contents;
  bool is_first;  // of its frame
};

// Decoded packets that outlive the reader's buffer.
class PacketBatch {
 public:
  PacketBatch() {
    packets_.reserve(kPackets);
    payload_.resize(kPayload);
  }

  // Whatever is in it.
  [[nodiscard]] bool has_room_for(const RawFrame& frame) const {
    return packets_.empty() || (packets_.size() < kPackets && payload_.size() - used_ >= frame.bytes.size());
  }
  // One of the frame's packets, by number. Returns whether there are more.
  bool add(const RawFrame& frame, std::uint32_t number) {
    Packet& packet = packets_.emplace_back(frame, number);
    if (packet.contents.header) packet.contents.header->segment.payload = kept(payload_of(packet.contents));
    return packet.contents.has_more_packets;
  }
  [[nodiscard]] std::span<const Packet> packets() const { return packets_; }
  void clear() {
    packets_.clear();
    used_ = 0;
  }

 private:
  // Small enough that what one thread wrote lies in a cache when the other reads it (our choice).
  static constexpr std::size_t kPackets = 256;
  static constexpr std::size_t kPayload = 256 * 1024;  // bytes

  // What is read of it later. Of nearly all packets that is nothing.
  [[nodiscard]] static std::span<const std::uint8_t> payload_of(const FrameContents& contents) {
    if (!contents.header || !needs_payload(contents.header->segment)) return {};
    return contents.header->segment.payload;
  }
  [[nodiscard]] std::span<const std::uint8_t> kept(std::span<const std::uint8_t> payload) {
    if (payload.empty()) return {};
    if (payload.size() > payload_.size()) payload_.resize(payload.size());  // of an empty batch
    std::copy(payload.begin(), payload.end(), payload_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += payload.size();
    return std::span(payload_).subspan(used_ - payload.size(), payload.size());
  }

  std::vector<Packet> packets_;
  std::vector<std::uint8_t> payload_;
  std::size_t used_ = 0;
};

}  // namespace tcpteardown
