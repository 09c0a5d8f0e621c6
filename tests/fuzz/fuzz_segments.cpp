// SPDX-License-Identifier: GPL-2.0-or-later
// Arbitrary streams of segments and ICMP errors between a few hosts, in numbers near each other so that they
// meet: what the decoder would never let through, and what no host would ever send.
#include <array>

#include "fuzz_bytes.h"
#include "fuzz_report.h"

namespace tcpteardown::fuzz {
namespace {

TcpEndpoint endpoint(std::uint8_t choice, bool is_ipv6) {
  TcpEndpoint end;
  end.address.is_ipv6 = is_ipv6;
  end.address.bytes[3] = choice & 1U;
  end.port = static_cast<std::uint16_t>(choice >> 1 & 1U);
  return end;
}

Seq number(ByteReader& bytes, Seq base) {
  const std::uint8_t how = bytes.u8();
  if (how < 200) return base + how - 100;
  return how < 240 ? base + bytes.u16() : Seq{bytes.u32()};
}

Segment segment(ByteReader& bytes, FrameNumber frame, std::int64_t time_ns) {
  constexpr Seq kBase{0xffff'ffc0};  // most streams cross the wrap
  const std::uint8_t ends = bytes.u8();
  const bool is_ipv6 = (ends & 0x80U) != 0;
  Segment s;
  s.frame = frame;
  s.time_ns = time_ns;
  s.source = endpoint(ends & 3U, is_ipv6);
  s.destination = endpoint(ends >> 2 & 3U, is_ipv6);
  s.flags = flags_from_byte(bytes.u8());
  s.seq = number(bytes, kBase);
  s.ack = number(bytes, kBase);
  s.window = bytes.u8();
  s.payload_length = bytes.u8();
  if (s.payload_length > 250) s.payload_length = bytes.u32();
  s.payload_length_known = (ends & 0x40U) == 0;
  s.options = parse_options(bytes.take(bytes.u8() % 41));
  s.options_complete = (ends & 0x20U) == 0;
  s.payload = bytes.take(bytes.u8());
  s.hop_limit = bytes.u8();
  s.has_ip_id = !is_ipv6;
  s.ip_id = bytes.u8();
  s.dont_fragment = (ends & 0x10U) != 0;
  s.link_source = bytes.u8();
  return s;
}

}  // namespace
}  // namespace tcpteardown::fuzz

namespace {

// The same segments into tables that keep more of them, fewer, or none before they fold them into facts.
struct Tables {
  using Table = tcpteardown::ConnectionTable;

  explicit Tables(std::uint64_t seed) : all{Table{seed}, Table{seed, 60}, Table{seed, 0}} {}

  template <typename What>
  void add(const What& what) {
    for (Table& table : all) static_cast<void>(table.add(what));
  }
  void note_time(std::int64_t time_ns) {
    for (Table& table : all) table.note_time(time_ns);
  }

  std::array<Table, 3> all;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tcpteardown;
  fuzz::ByteReader bytes{data, size};
  Tables tables{bytes.u8()};
  const ConnectionTable& table = tables.all[0];
  std::int64_t time_ns = 0;
  for (FrameNumber frame = 1; !bytes.is_empty(); ++frame) {
    const std::uint8_t step = bytes.u8();
    // Mostly milliseconds, sometimes minutes, sometimes backwards or anywhere.
    time_ns += step < 200 ? step * 1'000'000 : (step - 230) * std::int64_t{10'000'000'000};
    if (step == 255) time_ns = static_cast<std::int64_t>(bytes.u64());
    const Segment s = fuzz::segment(bytes, frame, time_ns);
    tables.note_time(time_ns);
    if (step % 16 == 7) {
      const IcmpError error{.frame = frame,
                            .time_ns = time_ns,
                            .sender = s.destination.address,
                            .is_icmpv6 = s.source.address.is_ipv6,
                            .type = s.hop_limit,
                            .code = s.options.sack_blocks,
                            .quoted_source = s.source,
                            .quoted_destination = s.destination,
                            .quoted_seq = s.seq};
      tables.add(error);
    } else {
      tables.add(s);
      fuzz::demand(table.find(flow_key(s.source, s.destination), frame).has_value());
    }
  }
  fuzz::report_all(table);
  for (const ConnectionTable& kept_otherwise : tables.all) {
    fuzz::demand(fuzz::rows_of(kept_otherwise) == fuzz::rows_of(table));
  }
  return 0;
}
