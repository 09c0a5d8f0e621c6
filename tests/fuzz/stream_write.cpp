// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "stream.h"
#include "stream_format.h"

namespace tcpteardown::fuzz {
namespace {

// The numbers that addresses and ports get, in the order in which they come.
class Names {
 public:
  explicit Names(std::span<const Item> items) {
    for (const Item& item : items) {
      if (const auto* s = std::get_if<Segment>(&item)) note(s->source.port, s->destination.port);
    }
  }

  std::optional<std::uint8_t> host(const IpAddress& address) {
    const auto found = std::find(hosts_.begin(), hosts_.end(), address);
    const auto number = static_cast<std::uint8_t>(found - hosts_.begin());
    if (number >= kHosts) return std::nullopt;
    if (found == hosts_.end()) hosts_.push_back(address);
    return number;
  }
  std::optional<std::uint8_t> end(const TcpEndpoint& end) {
    const std::optional<std::uint8_t> number = host(end.address);
    const std::optional<std::uint8_t> port = this->port(end.port);
    if (!number || !port) return std::nullopt;
    return static_cast<std::uint8_t>(*number + *port * kHosts);
  }

 private:
  // The lower port of a flow is called a server's: without a SYN the order decides who is client.
  void note(std::uint16_t one, std::uint16_t other) {
    servers_.insert(std::min(one, other));
    if (one != other) clients_.insert(std::max(one, other));
  }
  std::optional<std::uint8_t> port(std::uint16_t port) {
    const bool is_server = servers_.contains(port);
    std::vector<std::uint16_t>& known = is_server ? server_ports_ : client_ports_;
    const auto found = std::find(known.begin(), known.end(), port);
    const auto number = static_cast<unsigned>(found - known.begin());
    if (number >= (is_server ? kServerPorts : kPorts - kServerPorts)) return std::nullopt;
    if (found == known.end()) known.push_back(port);
    return static_cast<std::uint8_t>(is_server ? number : kServerPorts + number);
  }

  std::vector<IpAddress> hosts_;
  std::set<std::uint16_t> servers_;
  std::set<std::uint16_t> clients_;
  std::vector<std::uint16_t> server_ports_;
  std::vector<std::uint16_t> client_ports_;
};

std::uint8_t subtype_of(MptcpOption option) {  // RFC 8684 §3
  switch (option) {
    case MptcpOption::capable: return 0;
    case MptcpOption::join: return 1;
    case MptcpOption::dss: return 2;
    case MptcpOption::fastclose: return 7;
    case MptcpOption::tcprst: return 8;
    case MptcpOption::none:
    case MptcpOption::other: return 15;
  }
  return 15;
}

std::vector<std::uint8_t> options_bytes(const TcpOptions& options) {
  ByteWriter bytes;
  if (options.mss) {
    bytes.put(std::array<std::uint8_t, 2>{2, 4});
    bytes.u16(*options.mss);
  }
  if (options.window_scale) bytes.put(std::array<std::uint8_t, 3>{3, 3, *options.window_scale});
  if (options.has_timestamps) {
    bytes.put(std::array<std::uint8_t, 2>{8, 10});
    bytes.u32(options.ts_value);
    bytes.u32(options.ts_echo);
  }
  if (options.mptcp != MptcpOption::none) {
    const auto first = static_cast<std::uint8_t>(subtype_of(options.mptcp) << 4);
    bytes.put(std::array<std::uint8_t, 4>{30, 4, first, options.mptcp_reset_reason});
  }
  const std::size_t room = 40 - bytes.bytes().size();
  const auto blocks = static_cast<std::uint8_t>(std::min<std::size_t>(options.sack_blocks, (room - 2) / 8));
  if (blocks > 0) bytes.put(std::array<std::uint8_t, 2>{5, static_cast<std::uint8_t>(2 + 8 * blocks)});
  for (std::size_t i = 0; i < blocks; ++i) {
    bytes.u32(options.sack[i][0].raw);
    bytes.u32(options.sack[i][1].raw);
  }
  return bytes.bytes();
}

class StreamWriter {
 public:
  explicit StreamWriter(std::span<const Item> items) : names_(items) {}

  void add(const Segment& s) {
    const std::optional<std::uint8_t> source = names_.end(s.source);
    const std::optional<std::uint8_t> destination = names_.end(s.destination);
    if (!source || !destination) return;
    const std::uint16_t sender = SequenceNumbers::sender(*source, *destination);
    const bool is_long = s.payload_length > 255;
    out_.u8(static_cast<std::uint8_t>((s.source.address.is_ipv6 ? kIpv6 : 0) |
                                      (s.payload_length_known ? 0 : kLengthUnknown) |
                                      (s.options_complete ? 0 : kOptionsCut) |
                                      (s.dont_fragment ? kDontFragment : 0) | (is_long ? kLongPayload : 0)));
    add_time(s.time_ns);
    out_.u8(*source);
    out_.u8(*destination);
    out_.u8(static_cast<std::uint8_t>(s.flags.fin | s.flags.syn << 1 | s.flags.rst << 2 | s.flags.psh << 3 |
                                      s.flags.ack << 4 | s.flags.urg << 5));
    numbers_.write_seq(out_, sender, s.seq);
    numbers_.write_ack(out_, sender, s.ack);
    out_.u16(s.window);
    if (is_long) out_.u32(s.payload_length);
    if (!is_long) out_.u8(static_cast<std::uint8_t>(s.payload_length));
    add_short(options_bytes(s.options), 40);
    add_short(s.payload, 255);
    out_.u8(s.hop_limit);
    out_.u16(s.ip_id);
    out_.u8(static_cast<std::uint8_t>(s.link_source));
    numbers_.note(sender, s);
  }

  void add(const IcmpError& error) {
    const std::optional<std::uint8_t> source = names_.end(error.quoted_source);
    const std::optional<std::uint8_t> destination = names_.end(error.quoted_destination);
    const std::optional<std::uint8_t> reporter = names_.host(error.sender);
    if (!source || !destination || !reporter) return;
    out_.u8(static_cast<std::uint8_t>(kIcmp | (error.is_icmpv6 ? kIpv6 : 0)));
    add_time(error.time_ns);
    out_.put(std::array<std::uint8_t, 5>{*source, *destination, *reporter, error.type, error.code});
    numbers_.write_seq(out_, SequenceNumbers::sender(*source, *destination), error.quoted_seq);
  }

  [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return out_.bytes(); }

 private:
  // Times are shifted to where every stream starts.
  void add_time(std::int64_t time_ns) {
    const std::int64_t step = has_time_ ? time_ns - time_ns_ : 0;
    has_time_ = true;
    time_ns_ = time_ns;
    const std::int64_t us = step / 1'000;
    if (step == 0) {
      out_.u8(kSameTime);
    } else if (step > 0 && step % 1'000'000'000 == 0 && step / 1'000'000'000 < 256) {
      out_.u8(kSeconds);
      out_.u8(static_cast<std::uint8_t>(step / 1'000'000'000));
    } else if (step > 0 && step % 1'000'000 == 0 && step / 1'000'000 < 65'536) {
      out_.u8(step / 1'000'000 < 256 ? kMilliseconds : kManyMilliseconds);
      if (step / 1'000'000 < 256) out_.u8(static_cast<std::uint8_t>(step / 1'000'000));
      if (step / 1'000'000 >= 256) out_.u16(static_cast<std::uint16_t>(step / 1'000'000));
    } else if (step > 0 && step % 1'000 == 0 && us < 0x1'0000'0000) {
      out_.u8(us < 256 ? kMicroseconds : kManyMicroseconds);
      if (us < 256) out_.u8(static_cast<std::uint8_t>(us));
      if (us >= 256) out_.u32(static_cast<std::uint32_t>(us));
    } else {
      out_.u8(kAnyStep);
      out_.u64(static_cast<std::uint64_t>(step));
    }
  }

  void add_short(std::span<const std::uint8_t> bytes, std::size_t most) {
    const auto kept = bytes.first(std::min(bytes.size(), most));
    out_.u8(static_cast<std::uint8_t>(kept.size()));
    out_.put(kept);
  }

  Names names_;
  ByteWriter out_;
  SequenceNumbers numbers_;
  std::int64_t time_ns_ = 0;
  bool has_time_ = false;
};

}  // namespace

std::vector<std::uint8_t> write_stream(std::span<const Item> items) {
  StreamWriter writer{items};
  for (const Item& item : items) {
    std::visit([&writer](const auto& value) { writer.add(value); }, item);
  }
  return writer.bytes();
}

}  // namespace tcpteardown::fuzz
