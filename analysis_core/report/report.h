// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/teardown.h"
#include "findings/finding.h"
#include "tracking/connection.h"
#include "tracking/connection_table.h"
#include "verdict/verdict.h"
#include "wire/segment.h"

namespace tcpteardown {

// One RST of a connection, in words.
struct ResetReport {
  FrameNumber frame = 0;
  std::string_view from;          // client, server
  std::string_view shape;         // active, reactive, refusal, bare, reflected
  std::string_view fate;          // accepted, challenged, ignored-old, ignored-beyond, redundant, unknown
  FrameNumber trigger_frame = 0;  // 0: none
  std::optional<std::int32_t> ttl_delta;   // against the same sender's other packets
  std::optional<std::int32_t> ipid_delta;  // absent where meaningless (id 0 with DF, IPv6)
};

// A segment near the end of a connection, for a drawing of it. Numbers are relative, as Wireshark's.
struct LastSegment {
  enum class From : std::uint8_t { client, server, network };  // network: an ICMP error

  FrameNumber frame = 0;
  std::int64_t time_ns = 0;  // since the epoch
  From from = From::client;
  SegmentKind kind = SegmentKind::pure_ack;
  Flags flags = {};
  std::optional<std::uint32_t> seq =
      std::nullopt;  // absent where the capture never showed that side's numbers
  std::optional<std::uint32_t> ack = std::nullopt;
  std::uint32_t length = 0;  // payload bytes
  bool zero_window = false;
  bool icmp_about_client = false;  // From::network: whose segment the error quotes
  std::string_view event = {};     // slug of tcpteardown.event; empty: none
  bool is_decisive = false;
  bool is_trigger = false;
  bool is_after_end = false;  // came when the verdict was made
  bool gap_before = false;    // segments between this and the one before it are left out
};

// All that is said about one connection: the judgement in words and numbers. Made on demand
// from the facts; every adapter shows it through report/fields.h.
struct Report {
  std::optional<std::uint32_t> stream;  // tcp.stream
  std::string client;                   // address:port
  std::string server;
  std::int64_t start_ns = 0;  // since the epoch
  std::int64_t duration_ns = 0;
  FrameNumber first_frame = 0;
  FrameNumber last_frame = 0;
  std::uint32_t frames = 0;
  std::uint64_t client_bytes = 0;  // payload, each byte once
  std::uint64_t server_bytes = 0;

  VerdictId id = {};
  std::string_view verdict;  // its slug
  std::string_view family;
  std::string summary;
  std::vector<Finding> findings;  // by kind, the most telling first
  std::string explanation;        // those of kind evidence, joined
  std::string advice;
  std::string_view severity;  // highest of the connection's expert infos
  std::string_view confidence;
  std::string_view confidence_reason;  // a clause; empty if it is high
  std::string_view retry;              // safe, unsafe, unknown; empty where nothing was asked
  std::string_view initiator;
  std::string_view loss;
  std::string_view stage;
  FrameNumber decisive_frame = 0;
  std::int64_t decisive_ns = 0;  // when that was captured, since the epoch; 0 without such a frame
  FrameNumber first_fin_frame = 0;
  FrameNumber first_rst_frame = 0;
  FrameNumber trigger_frame = 0;
  std::string_view client_final_state;
  std::string_view server_final_state;
  std::string client_errno;
  std::string server_errno;
  std::uint64_t client_unacked = 0;
  std::uint64_t server_unacked = 0;
  std::uint64_t client_unread_max = 0;
  std::uint64_t server_unread_max = 0;
  bool half_close = false;
  std::string_view half_close_by;  // client, server; empty without half_close
  std::uint64_t half_close_bytes = 0;
  std::optional<std::int64_t> half_close_duration_ns;
  std::uint8_t suspicion = 0;  // 0 … 100
  std::vector<std::string> indicators;
  std::string_view tampering;  // empty: no signature
  std::vector<std::string> cause_hints;
  std::optional<std::int64_t> idle_before_end_ns;
  std::vector<std::string_view> quality;
  std::string_view conn_state;  // Zeek's
  std::string history;          // Zeek's
  std::vector<ResetReport> resets;
  std::vector<LastSegment> last_segments;  // how it ended, at most some twenty; for the text report only

  bool harmless_form = false;  // the verdict in its harmless form (own expert info, chat)
  bool data_lost = false;      // loss is certain: the second expert info
  bool ended = false;          // the connection ended: its decisive frame is "final"
};

// What one frame did and showed; of a frame that did nothing worth a word, only the states.
struct FrameNote {
  std::string_view event;         // empty: none. Slugs of the field tcpteardown.event
  std::string_view client_state;  // RFC 9293 state proven after this frame
  std::string_view server_state;
  bool final_frame = false;    // the one decisive frame of a connection that ended
  std::string_view rst_shape;  // empty: not a RST
  std::string_view rst_fate;
  std::optional<std::int32_t> rst_ttl_delta;
  std::optional<std::int32_t> rst_ipid_delta;
};

// The report of a connection as of now: after the last segment it is the final one.
// It has no last segments: see report/last_segments.h.
[[nodiscard]] Report make_report(const Connection& connection, CaptureEnd end, const Settings& settings = {});
// The same without summary, findings, explanation and advice, which take most of the time.
[[nodiscard]] Report make_report_without_text(const Connection& connection, CaptureEnd end,
                                              const Settings& settings = {});

// What a frame of that connection did, as of now.
[[nodiscard]] FrameNote note_frame(const Connection& connection, const Report& report, FrameNumber frame);

}  // namespace tcpteardown
