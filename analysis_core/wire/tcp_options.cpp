// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "wire/segment.h"

// The options of a TCP header: RFC 9293 §3.1 and §3.2, RFC 7323, RFC 2018, RFC 8684.
namespace tcpteardown {
namespace {

using Bytes = std::span<const std::uint8_t>;

enum Kind : std::uint8_t {
  kEnd = 0,
  kNoOperation = 1,
  kMss = 2,
  kWindowScale = 3,
  kSack = 5,
  kTimestamps = 8,
  kMptcp = 30,
};

constexpr std::uint8_t kMaxWindowScale = 14;  // RFC 7323 §2.3: a larger shift is used as 14

std::uint16_t read16(Bytes b) { return static_cast<std::uint16_t>(b[0] << 8 | b[1]); }

std::uint32_t read32(Bytes b) {
  return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
}

// RFC 2018 §3: pairs of edges, 8 bytes each. A length that is no whole number of blocks is
// not understood, and neither by the receiver.
void read_sack(Bytes body, TcpOptions& options) {
  if (body.size() % 8 != 0) return;
  const std::size_t blocks = std::min(body.size() / 8, options.sack.size());
  for (std::size_t i = 0; i < blocks; ++i) {
    options.sack[i] = {Seq{read32(body.subspan(8 * i))}, Seq{read32(body.subspan(8 * i + 4))}};
  }
  options.sack_blocks = static_cast<std::uint8_t>(blocks);
}

MptcpOption mptcp_subtype(std::uint8_t first_byte) {
  switch (first_byte >> 4) {
    case 0: return MptcpOption::capable;
    case 1: return MptcpOption::join;
    case 2: return MptcpOption::dss;
    case 7: return MptcpOption::fastclose;
    case 8: return MptcpOption::tcprst;
    default: return MptcpOption::other;
  }
}

// What says most about how a connection ends or what it belongs to comes last.
int telling(MptcpOption option) {
  switch (option) {
    case MptcpOption::none: return 0;
    case MptcpOption::other: return 1;
    case MptcpOption::dss: return 2;
    case MptcpOption::capable: return 3;
    case MptcpOption::join: return 4;
    case MptcpOption::tcprst: return 5;
    case MptcpOption::fastclose: return 6;
  }
  return 0;
}

// RFC 8684 §3.6: MP_TCPRST is kind, length 4, subtype and flags, reason.
void read_mptcp(Bytes body, TcpOptions& options) {
  if (body.empty()) return;
  const MptcpOption found = mptcp_subtype(body[0]);
  if (found == MptcpOption::tcprst && body.size() != 2) return;
  if (telling(found) <= telling(options.mptcp)) return;
  options.mptcp = found;
  if (found == MptcpOption::tcprst) options.mptcp_reset_reason = body[1];
}

// One option without its kind and length. A length that is wrong for its kind: skipped.
void read_option(std::uint8_t kind, Bytes body, TcpOptions& options) {
  switch (kind) {
    case kMss:
      if (body.size() == 2) options.mss = read16(body);
      break;
    case kWindowScale:
      if (body.size() == 1) options.window_scale = std::min(body[0], kMaxWindowScale);
      break;
    case kSack: read_sack(body, options); break;
    case kTimestamps:
      if (body.size() != 8) break;
      options.has_timestamps = true;
      options.ts_value = read32(body);
      options.ts_echo = read32(body.subspan(4));
      break;
    case kMptcp: read_mptcp(body, options); break;
    default: break;
  }
}

}  // namespace

TcpOptions parse_options(std::span<const std::uint8_t> bytes) {
  TcpOptions options;
  while (!bytes.empty() && bytes[0] != kEnd) {
    if (bytes[0] == kNoOperation) {
      bytes = bytes.subspan(1);
      continue;
    }
    if (bytes.size() < 2 || bytes[1] < 2 || bytes[1] > bytes.size()) break;
    read_option(bytes[0], bytes.subspan(2, bytes[1] - 2U), options);
    bytes = bytes.subspan(bytes[1]);
  }
  return options;
}

}  // namespace tcpteardown
