// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "evidence/fin_order.h"
#include "tracking/connection.h"
#include "tracking/connection_table.h"
#include "wire/thresholds.h"

// What the facts of a connection mean for its end, with a frame number for every claim. The
// catalogue (verdict/catalogue.h) asks only questions about this.
namespace tcpteardown {

// What a RST looks like, before asking why it was sent.
enum class Shape : std::uint8_t {
  active,     // RST,ACK at SND.NXT: the sender's own stack tore a live connection down
  reactive,   // RST at the ACK number of a segment that it answers: the socket is gone
  refusal,    // RST,ACK that answers a SYN (RFC 9293 §3.5.2, first group)
  bare,       // RST without a usable ACK, and nothing that it could answer
  reflected,  // IP-ID and window copied from the opposite side's last packet
};

// What became of a RST at its receiver (RFC 9293 §3.10.7.4; RFC 5961; Linux tcp_validate_incoming).
enum class Fate : std::uint8_t { accepted, challenged, ignored_old, ignored_beyond, redundant, unknown };

[[nodiscard]] constexpr bool did_not_count(Fate fate) {
  return fate == Fate::challenged || fate == Fate::ignored_old || fate == Fate::ignored_beyond;
}

struct JudgedReset {
  Reset facts;
  Shape shape = Shape::bare;
  Fate fate = Fate::unknown;
  std::optional<std::int32_t> ttl_delta;
  std::optional<std::int32_t> ipid_delta;
};

enum class Loss : std::uint8_t { none, possible, certain };

// What may have been lost of the data that one side sent.
struct DirectionLoss {
  std::uint64_t unacked = 0;           // bytes sent, never acknowledged
  std::uint64_t unacked_at_reset = 0;  // of the side that resets: outstanding at that moment
  std::uint64_t rejected = 0;          // of those, bytes that drew a RST from a closed socket
  std::uint64_t unread_max = 0;        // bytes acknowledged that the aborting receiver may not have read
  Loss loss = Loss::none;
};

struct Quality {
  bool full = false;  // both directions from the SYN, nothing of the rest
  bool midstream = false;
  bool one_sided = false;
  bool lossy = false;
  bool truncated = false;
  bool reordered = false;
  bool duplicated = false;
  bool short_tail = false;  // the capture ends sooner after the connection's last frame than silence_ns
};

struct Teardown {
  const Connection* connection = nullptr;
  CaptureEnd end;
  std::int64_t idle_threshold_ns = 0;
  std::int64_t silence_ns = 0;  // what must be silent before a timeout is claimed, at least

  // Roles: the client sent the SYN
  Side client = Side::a;
  bool roles_by_ports = false;  // no handshake seen: lower port, or first sender

  // Resets
  std::array<JudgedReset, kResetsKept> resets{};
  std::size_t reset_count = 0;       // kept ones
  int decisive_reset = -1;           // index into resets; -1: no RST ended the connection
  FrameNumber confirming_reset = 0;  // the RST that counted where the decisive one was challenged or too late

  // Closing
  bool a_fin = false;  // sent, or proven by an ACK alone
  bool b_fin = false;
  bool a_fin_acked = false;
  bool b_fin_acked = false;
  FinOrder fins;
  Moment closed;                     // the later ACK of the two FINs
  bool closed_before_reset = false;  // both FINs were acknowledged before any accepted RST

  DirectionLoss a_loss;  // of the data that A sent
  DirectionLoss b_loss;
  bool only_tls_alert_lost = false;  // what was lost is one TLS alert (close_notify)
  Quality quality;
  std::int64_t tail_ns = 0;    // from the connection's last frame to the capture's end
  bool took_syn_back = false;  // the client reset the SYN-ACK, and the server held to it: see find_resets()
  bool forged = false;         // hard evidence that a third party made the decisive RST
  bool forged_fin = false;     // hard evidence that a third party made a FIN that its receiver took
  Side forged_fin_by_name = Side::a;  // in whose name; only if forged_fin
  bool rejected_mid_path = false;     // the decisive RST answers a segment its purported sender never saw

  [[nodiscard]] const JudgedReset* reset() const {
    return decisive_reset < 0 ? nullptr : &resets[static_cast<std::size_t>(decisive_reset)];
  }
  [[nodiscard]] Side server() const { return other(client); }
  // The RST counted at its receiver: by itself, or by another one that confirmed it.
  [[nodiscard]] bool reset_accepted() const {
    return reset() != nullptr && (reset()->fate == Fate::accepted || confirming_reset != 0);
  }
  [[nodiscard]] bool fin(Side s) const { return s == Side::a ? a_fin : b_fin; }
  [[nodiscard]] bool fin_acked(Side s) const { return s == Side::a ? a_fin_acked : b_fin_acked; }
  [[nodiscard]] const DirectionLoss& loss(Side sender) const { return sender == Side::a ? a_loss : b_loss; }
};

// Thresholds that a user may choose.
struct Settings {
  std::int64_t idle_threshold_ns = threshold::kIdle;
  std::int64_t silence_ns = threshold::kSilence;

  friend bool operator==(const Settings&, const Settings&) = default;
};

[[nodiscard]] Teardown gather(const Connection& connection, CaptureEnd end, const Settings& settings = {});

}  // namespace tcpteardown
