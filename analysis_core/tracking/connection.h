// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "tracking/endpoint.h"
#include "tracking/reset.h"
#include "tracking/side.h"
#include "tracking/zeek_history.h"
#include "wire/segment.h"
#include "wire/thresholds.h"

// The facts about one connection. Records; never judges.
namespace tcpteardown {

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

// The longest time that one side let the other wait for data after it had acknowledged the request.
struct Wait {
  std::int64_t duration_ns = 0;
  Moment request;  // last data of the one who waited
  Moment answer;
  Side waiting = Side::a;
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
  Seq ack;
  TcpOptions options;
  bool other_spoke = false;
  Moment challenge;  // the challenge ACK of RFC 9293 §3.10.7.4
};

// A SYN, and the SYN-ACK that came for it from another address: two connections of the table, of which each
// knows the other.
struct Elsewhere {
  Moment syn;
  Moment answer;
  TcpEndpoint other_end;      // where the answer came from; of the answer: who had been asked
  std::uint32_t partner = 0;  // the other one's place in the table; of several answers the latest
  std::uint32_t earlier = 0;  // of an answer: the one before it
  bool is_repeated = false;   // and there is one
  bool is_answer = false;     // this one began with the answer
  bool same_stamp = false;    // its TSecr is the SYN's TSval
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
inline constexpr std::size_t kMarksKept = 24;
inline constexpr std::size_t kRecentKept = 8;

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
  Moment late_syn;  // its SYN once more, which had been delayed on the way
  Moment damaged;   // the first segment with a wrong checksum where its sender's others are right
  std::uint16_t damaged_count = 0;

  bool handshake_acked = false;  // the third step was seen, or data after a SYN-ACK
  Moment handshake_done;
  std::int64_t round_trip_ns = 0;  // SYN to the ACK of the SYN-ACK; 0: not seen
  Moment bad_syn_ack;              // a SYN-ACK that acknowledges what was never sent
  Seq bad_syn_ack_seq;             // its number, and that
  Seq bad_syn_ack_ack;
  Moment stale_ack;   // a SYN first answered by an ACK of an old connection
  Moment old_closed;  // that one, if it is the earlier one here: when its second FIN was acknowledged
  Elsewhere elsewhere;
  Moment sign_of_elsewhere;  // a RST of the client, or a SYN-ACK, that may tell of such an answer
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
  Side fastclose_by = Side::a;

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

// Whether that side's data or FIN stayed without an ACK and was never sent again, for longer than any
// stack waits: then the capture lacks what came.
[[nodiscard]] bool left_unrepeated(const Connection& connection, Side sender, std::int64_t end_ns);

// Whether that side's FIN was never captured and an ACK one beyond all its data proves it: one such number
// may be a byte, but not where its peer has closed as well.
[[nodiscard]] bool fin_is_inferred(const Connection& connection, Side side);

// Whether that side's FIN answers its peer's: its ACK field covers that FIN. One that was not captured
// is the answer if the other one is not: FINs seldom cross.
[[nodiscard]] bool fin_is_answer(const Connection& connection, Side side);

// Several round trips, or `least` where they are shorter or not known.
[[nodiscard]] inline std::int64_t round_trips_ns(const Connection& connection, std::int64_t least) {
  return std::max(threshold::kRoundTrips * connection.round_trip_ns, least);
}

// The state facts as of the last segment folded in.
[[nodiscard]] StateFacts state_facts(const Connection& connection);

// Which side sent a segment with this source.
[[nodiscard]] inline Side side_of(const Connection& connection, const TcpEndpoint& source) {
  return source == connection.a_address ? Side::a : Side::b;
}

}  // namespace tcpteardown
