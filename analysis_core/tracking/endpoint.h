// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "wire/segment.h"
#include "wire/seq.h"

// What is known of one side of a connection: the facts about its sending half and about what
// it acknowledged. RFC 9293's RCV.NXT of one side is the other side's SND.UNA; it is stored
// once, with the side that sent the ACK. A frame number of 0 means "not seen".
namespace tcpteardown {

// A moment of the capture.
struct Moment {
  FrameNumber frame = 0;
  std::int64_t time_ns = 0;  // since the epoch; meaningful if seen()

  [[nodiscard]] constexpr bool seen() const { return frame != 0; }
};

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
  std::int64_t idle_ns = 0;           // since the activity before the first one

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

  void add(Moment now, std::int64_t previous_ns) {
    if (count < 0xffff) ++count;
    if (!first.seen()) first = now;
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

// An IP-ID that far above the one before still belongs to the same counter (our choice).
inline constexpr std::uint16_t kIpIdStep = 1000;

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

// Whether the last chunk of a chunked HTTP message was the latest data (RFC 9112 §7.1).
enum class LastChunk : std::uint8_t { unknown, missing, sent };

// What the payload itself shows of the application protocol, as context for words and hints.
struct PayloadContext {
  bool is_http = false;
  bool is_tls = false;
  bool last_is_tls_alert = false;     // the latest data segment is one TLS alert record, and not a fatal one
  std::uint8_t fatal_alert_code = 0;  // of a fatal TLS alert sent in clear (RFC 8446 §6.2)
  Moment fatal_alert;
  bool is_chunked = false;  // the latest HTTP response
  LastChunk last_chunk = LastChunk::unknown;
  std::uint8_t http_pending = 0;  // requests without a response yet
  bool bodiless_pending = false;  // one of them is HEAD or CONNECT, whose response has no body
  bool length_known = false;      // HTTP Content-Length
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
  std::uint32_t syn_bytes = 0;  // payload in the SYN (TCP Fast Open, RFC 7413)
  std::uint16_t mss = 0;        // bytes; 0: not announced
  bool has_window_scale = false;
  std::uint8_t window_scale = 0;
  bool offers_timestamps = false;
  std::uint16_t syn_window = 0;  // of the SYN or SYN-ACK, as on the wire
  bool is_mptcp = false;
  bool is_mptcp_join = false;

  // Sending
  bool has_seq = false;
  Seq first_seq;
  Seq snd_nxt;                        // highest sequence number sent, plus one; a RST never raises it
  Seq data_end;                       // the same for payload alone
  std::uint64_t bytes = 0;            // payload sent, each byte once, holes included
  std::uint32_t segments = 0;         // without RSTs and copies
  std::uint32_t data_segments = 0;    // that brought new data
  std::uint32_t longest_segment = 0;  // payload bytes
  Moment odd_segment;                 // a segment a little shorter than the longest inside a bulk transfer
  std::uint32_t odd_length = 0;
  Moment first_data;
  Moment last_data;      // that brought new data
  Moment last_segment;   // any but RSTs
  Seq ack_at_last_data;  // SEG.ACK of the last segment with new data
  bool has_ack_at_last_data = false;
  StampClock stamps;
  bool has_ts = false;

  // Data without data from the other side between: how a transfer is going on.
  std::uint32_t burst_segments = 0;
  Moment burst_start;
  Seq burst_seq;  // first byte of the burst

  // Receiving
  bool has_ack = false;
  Seq rcv_nxt;          // highest ACK sent in a segment that is no RST
  Moment ack_advanced;  // when that last grew
  bool has_sack = false;
  Seq sack_edge;  // right edge of the highest SACK block sent
  std::uint16_t window_raw = 0;
  bool zero_window = false;
  Moment zero_window_since;

  // Unanswered
  Seq resend_seq;
  Run resends;  // of the oldest unacknowledged byte, without progress
  Seq later_resend_seq;
  Run later_resends;  // of one segment behind that byte, and not of the byte itself
  Run keep_alives;
  Run window_probes;
  std::uint32_t retransmissions = 0;  // all of them
  Moment last_retransmission;
  std::int64_t longest_resend_ns = 0;  // the longest interval between two of one run

  // Closing
  Fin fin;
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

  // Habits
  HopLimits hop_limits;
  bool has_ip_id = false;
  std::uint16_t last_ip_id = 0;   // of the last packet with a non-zero id
  std::uint16_t ip_id_steps = 0;  // ids a little above the one before: a counter
  std::uint16_t ip_id_leaps = 0;  // all others
  bool df_known = false;          // IPv4: whether its segments mostly forbid fragments
  bool sends_df = false;
  std::uint64_t link_source = 0;  // first MAC address seen; 0: none
  std::uint64_t last_link_source = 0;
  std::uint8_t last_hop_limit = 0;

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
