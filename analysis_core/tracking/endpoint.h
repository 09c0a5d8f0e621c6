// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "tracking/fin_claim.h"
#include "tracking/moment.h"
#include "wire/payload_signs.h"
#include "wire/segment.h"
#include "wire/seq.h"

// What is known of one side of a connection: the facts about its sending half and about what
// it acknowledged. RFC 9293's RCV.NXT of one side is the other side's SND.UNA; it is stored
// once, with the side that sent the ACK. A frame number of 0 means "not seen".
namespace tcpteardown {

// One FIN as the capture shows it. Retransmissions are counted, not listed, so that a hostile
// capture cannot make a Connection grow.
struct Fin {
  Seq seq;  // the sequence number that the FIN itself occupies
  Moment first;
  Moment last;    // of the original or its latest retransmission
  Moment acked;   // first ACK from the peer that covers seq
  Seq ack_field;  // SEG.ACK of the first FIN segment: what its sender had received
  bool has_ack_field = false;
  std::uint16_t retransmissions = 0;
  std::int64_t last_interval_ns = 0;  // between the last two copies
  std::int64_t idle_ns = -1;          // before the first one, as its sender saw it; -1: not known

  [[nodiscard]] constexpr bool sent() const { return first.seen(); }
  [[nodiscard]] constexpr bool is_acked() const { return acked.seen(); }
};

// A run of segments that the peer did not answer: retransmissions of the oldest unacknowledged
// byte, keep-alive probes or zero-window probes. Any progress of the peer ends the run.
struct Run {
  std::uint16_t count = 0;
  Moment first;
  Moment last;
  std::int64_t last_interval_ns = 0;  // to the segment before the last one
  std::int64_t since_ns = 0;          // when the segment before the first one came
  std::uint16_t reported = 0;         // ICMP errors about one of them

  void add(Moment now, std::int64_t previous_ns) {
    if (count < 0xffff) ++count;
    if (!first.seen()) {
      first = now;
      since_ns = previous_ns;
    }
    last_interval_ns = now.time_ns - previous_ns;
    last = now;
  }
};

// Sequence space of this side that the capture skipped, up to four holes at a time.
struct Hole {
  Seq start;
  Seq end;                    // start == end: unused
  bool acknowledged = false;  // by the peer: the bytes arrived, the capture missed them
};

// How often this side's packets carried which TTL or hop limit; the four commonest first seen.
struct HopLimits {
  struct Entry {
    std::uint8_t value = 0;
    std::uint32_t count = 0;
  };
  std::array<Entry, 4> entries{};
};

// The clock behind a sender's TSval (RFC 7323 §5.4): its first and its newest reading.
struct StampClock {
  std::uint32_t first_value = 0;
  std::uint32_t value = 0;
  std::int64_t first_ns = 0;  // when they were captured
  std::int64_t time_ns = 0;
};

// Two TSvals of one sender, on their circle (RFC 7323 §5.2).
[[nodiscard]] constexpr bool newer_stamp(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) > 0;
}

// Segments with a side's address and ports whose numbers lie far from all that it sent.
struct Strange {
  Moment at;                  // the first
  Seq end;                    // behind the latest
  std::uint8_t in_a_row = 0;  // without one between that fits
  bool moved = false;         // more came there: they are its numbers since
};

// What the payload itself shows of the application protocol, as context for words and hints.
struct PayloadContext {
  bool is_http = false;
  bool is_tls = false;
  bool last_is_tls_alert = false;     // the latest data segment is one TLS alert record, and not a fatal one
  std::uint8_t fatal_alert_code = 0;  // of a fatal TLS alert sent in clear (RFC 8446 §6.2)
  Moment fatal_alert;
  bool is_switched = false;  // 101: what follows is no HTTP (RFC 9110 §15.2.2)
  bool is_chunked = false;   // the latest HTTP response
  LastChunk last_chunk = LastChunk::unknown;
  std::uint8_t http_pending = 0;  // requests without a response yet
  std::array<Seq, 4> pending_at;  // where the first of these begin
  bool has_body = false;          // the latest request, as its Content-Length says
  Seq body;                       // where that begins
  bool bodiless_pending = false;  // one of them is HEAD or CONNECT, whose response has no body
  bool length_known = false;      // HTTP Content-Length
  bool surely_has_body = false;   // the latest message; a response without its request may have none
  std::uint16_t http_status = 0;  // of the latest response; 0: none seen
  Seq message_end;                // end of the latest HTTP message, if length_known
  Moment message;                 // the segment that started it
};

struct Endpoint {
  // Opening
  bool has_iss = false;
  Seq iss;
  Moment syn;  // first SYN or SYN-ACK
  Moment last_syn;
  std::uint16_t syn_count = 0;
  std::uint16_t synack_count = 0;
  Run late_syn_acks;            // sent again behind the third step of the handshake
  Moment first_plain;           // its first segment that is neither SYN nor RST
  std::uint32_t syn_bytes = 0;  // payload in the SYN (TCP Fast Open, RFC 7413)
  std::uint16_t mss = 0;        // bytes; 0: not announced
  bool has_window_scale = false;
  std::uint8_t window_scale = 0;
  bool offers_timestamps = false;
  std::uint16_t syn_window = 0;  // of the SYN or SYN-ACK, as on the wire
  std::uint16_t syn_ip_id = 0;   // of the first one
  bool is_mptcp = false;
  bool is_mptcp_join = false;

  // Sending
  bool has_seq = false;
  Seq first_seq;
  Seq snd_nxt;                        // highest sequence number sent, plus one; a RST never raises it
  Seq data_end;                       // the same for payload alone
  bool rest_in_fragments = false;     // of its newest data only the first IP fragment was read
  std::uint64_t bytes = 0;            // payload sent, each byte once, holes included
  std::uint32_t segments = 0;         // without RSTs and copies
  std::uint32_t data_segments = 0;    // that brought new data
  std::uint32_t longest_segment = 0;  // payload bytes
  Moment odd_segment;                 // a segment a little shorter than the longest inside a bulk transfer
  std::uint32_t odd_length = 0;
  Moment first_data;
  Moment last_data;      // that brought new data
  Moment late_data;      // its first sight, though it had been sent before, unseen
  Moment last_segment;   // any but RSTs
  Seq ack_at_last_data;  // SEG.ACK of the last segment with new data
  bool has_ack_at_last_data = false;
  Seq turn_seq;  // first byte it sent since its ACK fields last told of new data of the peer: what it says
                 // now
  Moment turn;   // the segment with that byte
  Seq turn_ack;  // its ACK field
  std::uint32_t turn_segments = 0;  // as the network carried them, from there on, with the same ACK field
  std::uint32_t turn_resets = 0;    // RSTs without ACK that can answer one of these
  bool turn_was_reset = false;      // as many: the first of them drew one
  StampClock stamps;
  bool has_ts = false;

  // Data without data from the other side between: how a transfer is going on.
  std::uint32_t burst_segments = 0;
  Moment burst_start;
  Seq burst_seq;        // first byte of the burst
  Moment before_burst;  // its last new data before the burst

  // Receiving
  std::uint32_t ack_shift = 0;  // its ACK fields are higher by this than its peer's numbers as captured
  bool has_ack = false;
  Seq rcv_nxt;                 // highest ACK sent in a segment that is no RST
  Seq first_ack;               // the first one
  std::uint32_t ack_step = 0;  // by how much it last grew
  Moment ack_advanced;         // when that last grew
  Moment strange_ack;          // the first ACK field far from all that its peer sent
  bool has_ack_stamp = false;
  std::uint32_t ack_stamp = 0;  // TSval of the segment in which it grew
  bool has_sack = false;
  Seq sack_edge;  // right edge of the highest SACK block sent
  std::uint16_t window_raw = 0;
  bool zero_window = false;
  Moment zero_window_since;
  bool has_edge = false;
  Seq edge;      // right edge of its receive window, as last announced
  Seq edge_ack;  // its ACK field when that edge was first announced

  // Unanswered
  Seq resend_seq;
  Run resends;  // of the oldest unacknowledged byte, without progress
  Seq later_resend_seq;
  Run later_resends;  // of one segment behind that byte, and not of the byte itself
  Seq deaf_seq;
  Run deaf_resends;  // of data that its peer had acknowledged: it never heard of that
  Run keep_alives;
  Run window_probes;
  Run probes_until_open;              // the same when the window opened again
  Moment opened;                      // by this segment of the peer
  std::uint32_t retransmissions = 0;  // all of them
  Moment last_retransmission;
  std::int64_t longest_resend_ns = 0;  // the longest interval between two of one run

  // Sizes, in bytes of payload
  std::uint32_t resend_length = 0;      // the shortest of the run of resends
  std::uint32_t longest_delivered = 0;  // of a segment that its peer acknowledged
  Seq forgotten_seq;                    // first byte of what was in flight and is not remembered any more
  std::uint32_t forgotten_length = 0;   // the longest of that; 0: none

  // Closing
  Fin fin;
  FinClaim fin_claim;
  bool peer_acked_one_beyond = false;  // ACK = SND.NXT+1: an unseen FIN, or one unseen byte
  Moment one_beyond;
  Seq one_beyond_ack;
  bool sent_after_peer_fin = false;  // new data whose ACK covers the peer's FIN
  Seq after_fin_start;               // its first byte
  Moment after_fin_first;
  Moment after_fin_last;
  Moment data_beyond_fin;  // payload beyond its own FIN

  // Capture
  std::array<Hole, 4> holes{};
  std::uint64_t missed_bytes = 0;  // acknowledged by the peer, never captured
  bool acked_unseen = false;       // its data was acknowledged by a segment that is not in the capture
  bool reordered = false;
  Strange strange;
  std::uint16_t good_checksums = 0;
  std::uint16_t bad_checksums = 0;

  // Habits
  HopLimits hop_limits;
  bool has_ip_id = false;
  std::uint16_t last_ip_id = 0;   // of the last packet with a non-zero id
  std::uint16_t ip_id_steps = 0;  // ids a little above the one before: a counter
  std::uint16_t ip_id_leaps = 0;  // all others
  std::uint16_t df_in_a_row =
      0;                        // IPv4: its latest segments that forbid fragments, without one that does not
  std::uint32_t stamped = 0;    // segments with time stamps, but for the FIN of fin_claim
  std::uint32_t unstamped = 0;  // likewise without them
  std::uint64_t link_source = 0;  // first MAC address seen; 0: none
  std::uint64_t last_link_source = 0;

  PayloadContext payload;
};

// The hop limit this side's packets mostly carry; 0 if none is known. `seen` is how many
// packets stand behind it.
struct UsualHopLimit {
  std::uint8_t value = 0;
  std::uint32_t seen = 0;
};
[[nodiscard]] UsualHopLimit usual_hop_limit(const Endpoint& endpoint);

// When a segment with this TSval would have been captured, had it come as its sender's others
// did. Negative where the clock's rate is not known well enough.
[[nodiscard]] std::int64_t expected_time(const StampClock& clock, std::uint32_t value);

}  // namespace tcpteardown
