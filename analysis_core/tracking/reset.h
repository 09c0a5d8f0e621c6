// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tracking/acceptance.h"
#include "tracking/endpoint.h"
#include "tracking/side.h"
#include "wire/segment.h"

// What is written down about each RST of a connection.
namespace tcpteardown {

// The segment that a RST without ACK answers: its ACK field is the RST's sequence number
// (RFC 9293 §3.5.2, first group), see evidence/classify_reset.h.
struct Trigger {
  Moment at;
  Seq seq;
  Seq ack;
  std::uint32_t length = 0;
  bool fin = false;
  bool syn = false;
  SegmentKind kind = SegmentKind::pure_ack;
  std::uint16_t window = 0;
  std::uint16_t ip_id = 0;
  bool has_ip_id = false;
  Moment earliest;  // the first segment that the RST could answer as well

  [[nodiscard]] constexpr bool seen() const { return at.seen(); }
};

// One RST with what was known when it came, and what became of the connection afterwards.
struct Reset {
  Moment at;
  Side sender = Side::a;
  Seq seq;
  Seq ack;
  bool has_ack = false;
  std::uint16_t window = 0;
  std::uint32_t payload_length = 0;
  std::array<char, 64> text{};  // the first bytes of its payload, as captured (RFC 9293 §3.5.3)
  std::uint8_t text_size = 0;
  std::uint8_t hop_limit = 0;
  std::uint16_t ip_id = 0;
  bool has_ip_id = false;
  bool dont_fragment = false;
  bool has_ts = false;
  std::uint32_t ts_echo = 0;
  MptcpOption mptcp = MptcpOption::none;
  std::uint8_t mptcp_reason = 0;
  std::uint64_t link_source = 0;

  // When it came
  bool sender_has_seq = false;
  Seq sender_snd_nxt;
  Seq sender_highest;          // with the sequence numbers of its earlier RSTs
  bool sender_missed = false;  // holes or missed bytes in the sender's direction
  bool receiver_has_ack = false;
  Seq receiver_rcv_nxt;               // highest ACK its receiver had sent
  Seq receiver_ack_arrived;           // the highest of these that its sender can have had when it reset
  std::uint32_t receiver_window = 0;  // bytes, scaled; 0 if it was closed
  bool receiver_has_sack = false;
  Seq receiver_sack_edge;
  bool receiver_has_seq = false;
  Seq receiver_snd_nxt;
  Seq receiver_data_end;
  bool sender_has_rcv_nxt = false;
  Seq sender_rcv_nxt;      // highest ACK its sender had sent before
  Seq sender_highest_ack;  // with the ACK fields of its earlier RSTs
  Seq receiver_fresh;      // its receiver's data from here on was sent too late to be acknowledged before it
  std::uint16_t sender_window_before = 0;
  bool sender_had_window = false;
  std::uint8_t usual_hop_limit = 0;
  std::uint32_t usual_hop_limit_seen = 0;
  std::uint8_t nearest_hop_limit = 0;     // of all that its sender had used, the one like the RST's
  std::uint32_t same_hop_limit_seen = 0;  // packets of its sender with the RST's own hop limit
  bool first_hop_limit = false;           // its sender's first packet had it, too
  Moment mirror;                          // a packet of its receiver with the RST's IP-ID and window
  std::optional<std::uint16_t> sender_last_ip_id;
  std::optional<std::uint16_t> newest_ip_id;  // the same with its RSTs, this one included, that continue it
  StampClock sender_stamps;
  std::uint32_t sender_ts = 0;  // the newest time stamp its sender is known to have used
  bool sender_had_ts = false;   // by then, the RST's own included
  Trigger trigger;
  Acceptance acceptance = Acceptance::unknown;  // by its receiver, as far as known then
  bool fin_unseen = false;                      // an ACK one beyond all data: perhaps a FIN not captured
  std::int64_t idle_ns = 0;                     // since the last new data or FIN, before it or its trigger
  bool idle_known = false;
  Moment sender_last_before;
  std::int64_t sender_waited_ns = 0;    // since it last sent data, or sent it again
  std::int64_t receiver_waited_ns = 0;  // the same for its receiver
  std::uint16_t receiver_resends = 0;   // of data that its sender had not acknowledged
  std::uint16_t sender_later_resends = 0;
  Run sender_resends;
  Run sender_keep_alives;
  Run sender_window_probes;
  Run sender_probes_until_open;     // of a window that its trigger opened
  bool sender_zero_window = false;  // the sender's own window was closed
  bool receiver_zero_window = false;
  bool sender_has_edge = false;
  Seq sender_edge_ack;  // its ACK field when the right edge of its window last moved
  bool sender_fin_sent = false;
  bool sender_fin_acked = false;
  bool receiver_fin_sent = false;
  bool receiver_fin_acked = false;
  bool before_third_step = false;      // the handshake was not complete
  bool syn_inside = false;             // its sender had sent a SYN inside the live connection
  std::uint32_t receiver_burst = 0;    // data segments in a row that its receiver had sent
  std::int64_t receiver_burst_ns = 0;  // first to last of them
  bool receiver_burst_acked = false;   // part of that burst was acknowledged before
  std::uint64_t sender_bytes = 0;
  std::uint64_t receiver_bytes = 0;

  // Afterwards
  Moment sender_sent_more;         // its purported sender sent data or a FIN, and not by reordering
  bool sent_more_by_time = false;  // that shows by its time alone
  Moment sender_acked_more;        // its purported sender acknowledged what it had not before
  Moment sender_kept_mute;         // its purported sender spoke, and still had not seen the trigger
  Moment receiver_acked;           // its receiver acknowledged anything
  Seq receiver_ack_after;          // the highest of those
  Moment acked_beside;    // an ACK of more was captured so soon behind it that it may have come before
  Moment receiver_spoke;  // its receiver sent any segment that is no RST
  Moment challenge;       // its receiver answered at once with an unchanged ACK
};

inline constexpr std::size_t kResetsKept = 8;

// The first RSTs of a connection, the first one that its receiver takes, and the latest one, in the
// order of capture: whoever floods a connection with RSTs that do not count must not hide the one that
// does. Most connections have none or one, so room for more is taken as they come.
class ResetLog {
 public:
  // When all room is taken, the one that matters least gives way. Throws only std::bad_alloc.
  void add(const Reset& reset);
  [[nodiscard]] Reset& operator[](std::size_t i) { return kept_[i]; }
  [[nodiscard]] const Reset& operator[](std::size_t i) const { return kept_[i]; }
  [[nodiscard]] std::size_t kept() const { return kept_.size(); }
  [[nodiscard]] std::uint16_t count() const { return count_; }  // all seen

 private:
  std::vector<Reset> kept_;
  std::uint16_t count_ = 0;
};

}  // namespace tcpteardown
