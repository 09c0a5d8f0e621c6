// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "fuzz_bytes.h"
#include "wire/segment.h"

// Sequence numbers of a stream, told by what went before, the same for its reader and its writer.
namespace tcpteardown::fuzz {

class SequenceNumbers {
 public:
  // The sender is known by its source and destination numbers.
  [[nodiscard]] static std::uint16_t sender(std::uint8_t source, std::uint8_t destination) {
    return static_cast<std::uint16_t>(source << 8 | destination);
  }

  Seq read_seq(ByteReader& bytes, std::uint16_t sender) { return read(bytes, sender, of(sender).seq); }
  Seq read_ack(ByteReader& bytes, std::uint16_t sender) { return read(bytes, sender, of(sender).ack); }
  void write_seq(ByteWriter& bytes, std::uint16_t sender, Seq seq) {
    write(bytes, sender, of(sender).seq, seq);
  }
  void write_ack(ByteWriter& bytes, std::uint16_t sender, Seq ack) {
    write(bytes, sender, of(sender).ack, ack);
  }
  void note(std::uint16_t sender, const Segment& s) {
    Numbers& own = of(sender);
    own.seq = s.seq;
    own.ack = s.ack;
    if (!s.flags.rst) own.next = s.seq + s.payload_length + (s.flags.syn ? 1U : 0U) + (s.flags.fin ? 1U : 0U);
  }

 private:
  static constexpr Seq kBase{0xffff'ffc0};  // most streams cross the wrap
  struct Numbers {
    Seq next = kBase;  // behind the latest segment
    Seq seq = kBase;   // of the latest segment
    Seq ack = kBase;
  };

  Numbers& of(std::uint16_t sender) { return numbers_[sender]; }
  Seq reference(unsigned which, std::uint16_t sender, Seq latest) {
    switch (which & 3U) {
      case 0: return of(sender).next;
      case 1: return of(static_cast<std::uint16_t>(sender << 8 | sender >> 8)).next;
      case 2: return latest;
      default: return kBase;
    }
  }
  Seq read(ByteReader& bytes, std::uint16_t sender, Seq latest) {
    const unsigned how = bytes.u8();
    const Seq from = reference(how, sender, latest);
    switch (how >> 2 & 3U) {
      case 0: return from;
      case 1: return from + static_cast<std::uint32_t>(static_cast<std::int8_t>(bytes.u8()));
      case 2: return from + static_cast<std::uint32_t>(static_cast<std::int16_t>(bytes.u16()));
      default: return from + bytes.u32();
    }
  }
  // By the reference that needs the fewest bytes.
  void write(ByteWriter& bytes, std::uint16_t sender, Seq latest, Seq number) {
    unsigned best = 0;
    unsigned best_size = 4;
    for (unsigned which = 0; which < 4; ++which) {
      const unsigned size = size_of(distance(reference(which, sender, latest), number));
      if (size >= best_size) continue;
      best = which;
      best_size = size;
    }
    const auto delta = static_cast<std::uint32_t>(distance(reference(best, sender, latest), number));
    bytes.u8(static_cast<std::uint8_t>(best | best_size << 2));
    if (best_size == 1) bytes.u8(static_cast<std::uint8_t>(delta));
    if (best_size == 2) bytes.u16(static_cast<std::uint16_t>(delta));
    if (best_size == 3) bytes.u32(delta);
  }
  static unsigned size_of(std::int32_t delta) {
    if (delta == 0) return 0;
    if (delta >= -128 && delta < 128) return 1;
    return delta >= -32'768 && delta < 32'768 ? 2 : 3;
  }

  std::map<std::uint16_t, Numbers> numbers_;
};

}  // namespace tcpteardown::fuzz
