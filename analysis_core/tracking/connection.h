// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "tracking/endpoint.h"
#include "tracking/zeek_history.h"
#include "wire/segment.h"

// The facts about one connection. Records; never judges.
namespace tcpteardown {

// A opened the connection (first SYN), or sent its first captured segment. Which of the two is
// the client is evidence, see evidence/roles.h.
enum class Side : std::uint8_t { a, b };

[[nodiscard]] constexpr Side other(Side side) { return side == Side::a ? Side::b : Side::a; }

// What a segment was for the one who sent it.
enum class SegmentKind : std::uint8_t {
  syn,
  syn_ack,
  data,
  fin,
  pure_ack,
  retransmission,
  keep_alive,
  window_probe,
  reset,
};

// A segment as it is remembered for a short while.
struct RecentSegment {
  Moment at;
  Seq seq;
  Seq ack;
  std::uint32_t length = 0;  // payload bytes
  std::uint16_t window = 0;
  std::uint16_t ip_id = 0;
  std::uint32_t ts_value = 0;
  Flags flags;
  std::uint8_t hop_limit = 0;
  bool has_ip_id = false;
  bool has_ts = false;
  SegmentKind kind = SegmentKind::pure_ack;
};

// The segment that a RST without ACK answers: its ACK field is the RST's sequence number
// (RFC 9293 §3.5.2, first group), see evidence/reset.h.
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
  std::uint32_t receiver_window = 0;  // bytes, scaled; 0 if it was closed
  bool receiver_has_sack = false;
  Seq receiver_sack_edge;
  bool receiver_has_seq = false;
  Seq receiver_snd_nxt;
  Seq receiver_data_end;
  bool sender_has_rcv_nxt = false;
  Seq sender_rcv_nxt;  // highest ACK its sender had sent before
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
  bool fin_unseen = false;   // an ACK one beyond all data: perhaps a FIN not captured
  std::int64_t idle_ns = 0;  // since the last new data or FIN, before it or its trigger
  bool idle_known = false;
  Moment sender_last_before;
  std::int64_t sender_waited_ns = 0;    // since it last sent data, or sent it again
  std::int64_t receiver_waited_ns = 0;  // the same for its receiver
  std::uint16_t receiver_resends = 0;   // of data that its sender had not acknowledged
  std::uint16_t sender_later_resends = 0;
  Run sender_resends;
  Run sender_keep_alives;
  Run sender_window_probes;
  bool sender_zero_window = false;  // the sender's own window was closed
  bool receiver_zero_window = false;
  bool sender_fin_sent = false;
  bool sender_fin_acked = false;
  bool receiver_fin_sent = false;
  bool receiver_fin_acked = false;
  bool syn_inside = false;             // its sender had sent a SYN inside the live connection
  std::uint32_t receiver_burst = 0;    // data segments in a row that its receiver had sent
  std::int64_t receiver_burst_ns = 0;  // first to last of them
  bool receiver_burst_acked = false;   // part of that burst was acknowledged before
  std::uint64_t sender_bytes = 0;
  std::uint64_t receiver_bytes = 0;

  // Afterwards
  Moment sender_sent_more;   // its purported sender sent data or a FIN, and not by reordering
  Moment sender_acked_more;  // its purported sender acknowledged what it had not before
  Moment sender_kept_mute;   // its purported sender spoke, and still had not seen the trigger
  Moment receiver_acked;     // its receiver acknowledged anything
  Seq receiver_ack_after;    // the highest of those
  Moment receiver_spoke;     // its receiver sent any segment that is no RST
  Moment challenge;          // its receiver answered at once with an unchanged ACK
};

// What one frame did; see tcpteardown.event of the field reference.
enum class Event : std::uint8_t {
  none,
  fin,
  fin_retransmitted,
  fin_acked,
  reset,
  challenge_ack,
  half_close_data,
  syn_inside,
  icmp_error,
  fastclose,
};

// The facts that the RFC 9293 states of both ends follow from, see state/tcp_state.h.
struct StateFacts {
  bool a_syn : 1 = false;  // sent a SYN without ACK
  bool b_syn : 1 = false;
  bool a_syn_ack : 1 = false;
  bool b_syn_ack : 1 = false;
  bool established : 1 = false;  // third step seen, or the capture starts after it
  bool a_fin : 1 = false;
  bool b_fin : 1 = false;
  bool a_fin_acked : 1 = false;
  bool b_fin_acked : 1 = false;
  bool a_fin_is_answer : 1 = false;  // its ACK covers the peer's FIN
  bool b_fin_is_answer : 1 = false;
  bool reset : 1 = false;  // a RST that its receiver takes, by what was known when it came

  friend bool operator==(const StateFacts&, const StateFacts&) = default;
};

// A frame at which something happened: an event, or a change of the states.
struct Mark {
  FrameNumber frame = 0;
  Event event = Event::none;
  Side sender = Side::a;
  StateFacts states;  // after this frame
};

// The longest time that one side let the other wait for data after its request.
struct Wait {
  std::int64_t duration_ns = 0;
  Moment request;  // last data of the one who waited
  Moment answer;
  Side waiting = Side::a;
  bool request_was_acked = false;
};

// ICMP errors about this connection.
struct IcmpFacts {
  std::uint16_t count = 0;
  Moment first;
  Moment last;
  IpAddress sender;
  bool is_icmpv6 = false;
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  Side about = Side::a;  // whose segment could not be delivered
  bool about_syn = false;
};

// A SYN (or SYN-ACK) inside the live connection that may start the next one.
struct PendingSyn {
  Moment at;
  Side sender = Side::a;
  Seq seq;
  bool is_syn_ack = false;
  TcpOptions options;
  bool other_spoke = false;
  Moment challenge;  // the challenge ACK of RFC 9293 §3.10.7.4
};

// A packet of the client as the server sees it come in.
struct InboundPacket {
  std::uint32_t ack = 0;
  bool syn : 1 = false;
  bool fin : 1 = false;
  bool rst : 1 = false;
  bool rst_ack : 1 = false;
  bool data : 1 = false;
};

inline constexpr std::size_t kInboundKept = 10;
inline constexpr std::size_t kResetsKept = 8;
inline constexpr std::size_t kMarksKept = 24;
inline constexpr std::size_t kRecentKept = 8;

// The first RSTs of a connection and the latest one. Most connections have none, so the room
// for them is taken with the first, once, and copied with the connection.
class ResetLog {
 public:
  ResetLog() = default;
  ResetLog(const ResetLog& log)
      : kept_(log.kept_ ? std::make_unique<Kept>(*log.kept_) : nullptr), count_(log.count_) {}
  ResetLog(ResetLog&&) noexcept = default;
  ResetLog& operator=(const ResetLog& log) { return *this = ResetLog(log); }
  ResetLog& operator=(ResetLog&&) noexcept = default;
  ~ResetLog() = default;

  // Room for one more; when all is taken, the latest gives way. Throws only std::bad_alloc.
  Reset& add() {
    if (!kept_) kept_ = std::make_unique<Kept>();
    const std::size_t slot = count_ < kResetsKept ? count_ : kResetsKept - 1;
    if (count_ < 0xffff) ++count_;
    (*kept_)[slot] = {};
    return (*kept_)[slot];
  }
  [[nodiscard]] Reset& operator[](std::size_t i) { return (*kept_)[i]; }
  [[nodiscard]] const Reset& operator[](std::size_t i) const { return (*kept_)[i]; }
  [[nodiscard]] std::size_t kept() const { return count_ < kResetsKept ? count_ : kResetsKept; }
  [[nodiscard]] std::uint16_t count() const { return count_; }  // all seen

 private:
  using Kept = std::array<Reset, kResetsKept>;
  std::unique_ptr<Kept> kept_;
  std::uint16_t count_ = 0;
};

struct Connection {
  TcpEndpoint a_address;
  TcpEndpoint b_address;
  Endpoint a;
  Endpoint b;

  Moment first;
  Moment last;
  Moment before_last;  // the frame before it
  std::uint32_t frames = 0;
  std::uint32_t duplicates = 0;  // copies of a packet already seen
  bool has_stream = false;
  std::uint32_t stream = 0;  // tcp.stream
  bool truncated = false;    // a header cut by the snap length
  bool time_ran_backwards = false;

  bool handshake_acked = false;  // the third step was seen, or data after a SYN-ACK
  Moment handshake_done;
  std::int64_t round_trip_ns = 0;  // SYN to the ACK of the SYN-ACK; 0: not seen
  Moment bad_syn_ack;              // a SYN-ACK that acknowledges what was never sent
  Moment stale_ack;                // a SYN answered by an ACK of an old connection
  Wait longest_wait;
  Moment last_activity;              // new data, FIN or handshake of either side
  std::int64_t quiet_before_ns = 0;  // between that and the activity before it
  IcmpFacts icmp;

  PendingSyn pending;
  bool superseded = false;  // a later connection of the same ends followed
  Moment next_syn;          // its SYN
  bool next_established = false;

  ResetLog resets;
  bool reset_taken = false;  // a RST came that its receiver takes, as far as known then
  bool over = false;         // both FINs, or reset_taken: the next SYN is a new connection
  Moment fastclose;          // MP_FASTCLOSE (RFC 8684 §3.5)

  std::array<std::array<RecentSegment, kRecentKept>, 2> recent{};  // per side, a ring
  std::array<std::uint8_t, 2> recent_next{};
  std::array<Mark, kMarksKept> marks{};
  std::uint8_t mark_count = 0;
  std::array<InboundPacket, kInboundKept> inbound{};  // of side A, if it sent the SYN
  std::uint8_t inbound_count = 0;
  Moment last_inbound;
  StateFacts last_states;
  ZeekHistory zeek;

  [[nodiscard]] Endpoint& side(Side s) { return s == Side::a ? a : b; }
  [[nodiscard]] const Endpoint& side(Side s) const { return s == Side::a ? a : b; }
  [[nodiscard]] const TcpEndpoint& address(Side s) const { return s == Side::a ? a_address : b_address; }
};

// Folds one segment into the facts.
void fold(Connection& connection, const Segment& segment);
// Folds an ICMP error about this connection.
void fold(Connection& connection, const IcmpError& error);

// The state facts as of the last segment folded in.
[[nodiscard]] StateFacts state_facts(const Connection& connection);

// Which side sent a segment with this source.
[[nodiscard]] inline Side side_of(const Connection& connection, const TcpEndpoint& source) {
  return source == connection.a_address ? Side::a : Side::b;
}

}  // namespace tcpteardown
