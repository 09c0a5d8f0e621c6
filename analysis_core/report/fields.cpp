// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/fields.h"

#include <algorithm>
#include <array>

namespace tcpteardown {
namespace {

using F = FieldType;
using R = const Report&;
using N = const FrameNote&;

void text(Values& out, std::string_view value) {
  if (!value.empty()) out.push_back({.text = value});
}

// The names of a value that has an order, the least first.
constexpr std::array<std::string_view, 5> kSeverities{"none", "chat", "note", "warn", "error"};
constexpr std::array<std::string_view, 3> kConfidences{"low", "medium", "high"};
constexpr std::array<std::string_view, 3> kLosses{"none", "possible", "certain"};

void level(Values& out, std::span<const std::string_view> levels, std::string_view name) {
  const auto found = std::find(levels.begin(), levels.end(), name);
  if (found != levels.end()) out.push_back({.text = name, .number = found - levels.begin()});
}

template <typename Strings>
void texts(Values& out, const Strings& values) {
  for (const auto& value : values) text(out, value);
}

void findings(Values& out, const std::vector<Finding>& all) {
  for (const Finding& finding : all) out.push_back({.finding = &finding});
}

void number(Values& out, std::uint64_t value) { out.push_back({.number = static_cast<std::int64_t>(value)}); }

void frame(Values& out, FrameNumber value) {
  if (value != 0) number(out, value);
}

template <typename Integer>
void if_known(Values& out, const std::optional<Integer>& value) {
  if (value) out.push_back({.number = *value});
}

constexpr std::array kConnectionFields{
    ConnectionField{"verdict", F::text, false, "Verdict",
                    "How the connection ended; so far, on the first pass",
                    [](R r, Values& v) { text(v, r.verdict); }},
    ConnectionField{"family", F::text, false, "Family", "The kind of ending that the verdict belongs to",
                    [](R r, Values& v) { text(v, r.family); }},
    ConnectionField{"summary", F::text, false, "Summary", "Who ended the connection and how, in one line",
                    [](R r, Values& v) { text(v, r.summary); }},
    ConnectionField{"finding", F::finding, true, "Finding",
                    "What the answer rests on: its kind and one clause, with frame numbers",
                    [](R r, Values& v) { findings(v, r.findings); }},
    ConnectionField{"explanation", F::text, false, "Explanation",
                    "The evidence as one paragraph, with frame numbers",
                    [](R r, Values& v) { text(v, r.explanation); }},
    ConnectionField{"advice", F::text, false, "Advice", "What to check next",
                    [](R r, Values& v) { text(v, r.advice); }},
    ConnectionField{"severity", F::level, false, "Severity",
                    "The highest severity among the connection's expert infos",
                    [](R r, Values& v) { level(v, kSeverities, r.severity); }, kSeverities},
    ConnectionField{"confidence", F::level, false, "Confidence",
                    "How sure the verdict is: high, medium or low",
                    [](R r, Values& v) { level(v, kConfidences, r.confidence); }, kConfidences},
    ConnectionField{"confidence_reason", F::text, false, "Confidence reason",
                    "What keeps the verdict from being sure",
                    [](R r, Values& v) { text(v, r.confidence_reason); }},
    ConnectionField{"retry", F::text, false, "Retry",
                    "Whether the last request may be repeated: safe, unsafe or unknown",
                    [](R r, Values& v) { text(v, r.retry); }},
    ConnectionField{"initiator", F::text, false, "Initiator",
                    "Who ended the connection: client, server, both, network, none or unknown",
                    [](R r, Values& v) { text(v, r.initiator); }},
    ConnectionField{"loss", F::level, false, "Data loss", "Whether data was lost: none, possible or certain",
                    [](R r, Values& v) { level(v, kLosses, r.loss); }, kLosses},
    ConnectionField{"stage", F::text, false, "Stage",
                    "How far the connection had come when the decisive event came",
                    [](R r, Values& v) { text(v, r.stage); }},
    ConnectionField{"decisive_frame", F::frame_number, false, "Decisive frame",
                    "The frame that ended the connection",
                    [](R r, Values& v) { frame(v, r.decisive_frame); }},
    ConnectionField{"first_fin_frame", F::frame_number, false, "First FIN", "The first frame with FIN",
                    [](R r, Values& v) { frame(v, r.first_fin_frame); }},
    ConnectionField{"first_rst_frame", F::frame_number, false, "First RST", "The first frame with RST",
                    [](R r, Values& v) { frame(v, r.first_rst_frame); }},
    ConnectionField{"trigger_frame", F::frame_number, false, "Trigger",
                    "The segment that a reactive RST answers",
                    [](R r, Values& v) { frame(v, r.trigger_frame); }},
    ConnectionField{"client.final_state", F::text, false, "Client's last proven state",
                    "RFC 9293 state of the client proven at the end of the capture",
                    [](R r, Values& v) { text(v, r.client_final_state); }},
    ConnectionField{"server.final_state", F::text, false, "Server's last proven state",
                    "RFC 9293 state of the server proven at the end of the capture",
                    [](R r, Values& v) { text(v, r.server_final_state); }},
    ConnectionField{"client.errno", F::text, false, "Client application sees",
                    "What the client's system calls return, as Linux reports it, in order",
                    [](R r, Values& v) { text(v, r.client_errno); }},
    ConnectionField{"server.errno", F::text, false, "Server application sees",
                    "What the server's system calls return, as Linux reports it, in order",
                    [](R r, Values& v) { text(v, r.server_errno); }},
    ConnectionField{"client.unacked", F::unsigned_number, false, "Client's unacknowledged bytes",
                    "Bytes the client sent that were never acknowledged",
                    [](R r, Values& v) { number(v, r.client_unacked); }},
    ConnectionField{"server.unacked", F::unsigned_number, false, "Server's unacknowledged bytes",
                    "Bytes the server sent that were never acknowledged",
                    [](R r, Values& v) { number(v, r.server_unacked); }},
    ConnectionField{"client.unread_max", F::unsigned_number, false, "Client's unread bytes at most",
                    "Most bytes the client had acknowledged and may never have read",
                    [](R r, Values& v) { number(v, r.client_unread_max); }},
    ConnectionField{"server.unread_max", F::unsigned_number, false, "Server's unread bytes at most",
                    "Most bytes the server had acknowledged and may never have read",
                    [](R r, Values& v) { number(v, r.server_unread_max); }},
    ConnectionField{"half_close", F::boolean, false, "Half-close used",
                    "Data flowed towards the side that had sent its FIN",
                    [](R r, Values& v) { number(v, r.half_close ? 1 : 0); }},
    ConnectionField{"half_close.by", F::text, false, "Half-closed by",
                    "The side that had sent its FIN and still received data",
                    [](R r, Values& v) { text(v, r.half_close_by); }},
    ConnectionField{"half_close.bytes", F::unsigned_number, false, "Bytes after the FIN",
                    "Bytes acknowledged by the side that had sent its FIN",
                    [](R r, Values& v) {
                      if (r.half_close) number(v, r.half_close_bytes);
                    }},
    ConnectionField{"half_close.duration", F::duration, false, "Time after the FIN",
                    "From the FIN to the last data towards its sender",
                    [](R r, Values& v) { if_known(v, r.half_close_duration_ns); }},
    ConnectionField{"suspicion", F::unsigned_number, false, "Suspicion",
                    "How likely a third party forged the ending, 0 to 100",
                    [](R r, Values& v) { number(v, r.suspicion); }},
    ConnectionField{"indicator", F::text, true, "Indicator", "Evidence of a third party, by name",
                    [](R r, Values& v) { texts(v, r.indicators); }},
    ConnectionField{"tampering", F::text, false, "Tampering signature",
                    "The published tampering signature that the client's packets match; a pattern, no proof",
                    [](R r, Values& v) { text(v, r.tampering); }},
    ConnectionField{"cause_hint", F::text, true, "Cause hint",
                    "Causes that agree with the segments, most likely first",
                    [](R r, Values& v) { texts(v, r.cause_hints); }},
    ConnectionField{"idle_before_end", F::duration, false, "Idle before the end",
                    "Time without data before the decisive event or its trigger",
                    [](R r, Values& v) { if_known(v, r.idle_before_end_ns); }},
    ConnectionField{"quality", F::text, true, "Capture quality",
                    "How much of the connection the capture shows",
                    [](R r, Values& v) { texts(v, r.quality); }},
    ConnectionField{"client.address", F::address, false, "Client's address",
                    "IP address of the client, to group by",
                    [](R r, Values& v) { v.push_back({.address = &r.client_end.address}); }},
    ConnectionField{"client.port", F::unsigned_number, false, "Client's port", "TCP port of the client",
                    [](R r, Values& v) { number(v, r.client_end.port); }},
    ConnectionField{"server.address", F::address, false, "Server's address",
                    "IP address of the server, to group by",
                    [](R r, Values& v) { v.push_back({.address = &r.server_end.address}); }},
    ConnectionField{"server.port", F::unsigned_number, false, "Server's port", "TCP port of the server",
                    [](R r, Values& v) { number(v, r.server_end.port); }},
    ConnectionField{"end_time", F::moment, false, "End", "When the decisive frame was captured",
                    [](R r, Values& v) {
                      if (r.decisive_frame != 0) v.push_back({.number = r.decisive_ns});
                    }},
    ConnectionField{"tls_alert", F::text, false, "TLS alert",
                    "The fatal TLS alert that was sent in clear, by its name",
                    [](R r, Values& v) { text(v, r.tls_alert); }},
    ConnectionField{"conn_state", F::text, false, "Zeek conn_state", "The same connection in Zeek's notation",
                    [](R r, Values& v) { text(v, r.conn_state); }},
    ConnectionField{"history", F::text, false, "Zeek history",
                    "The same connection's history in Zeek's letters",
                    [](R r, Values& v) { text(v, r.history); }},
};

constexpr std::array kFrameFields{
    FrameField{"final", F::boolean, "Ends the connection",
               "Present on the one frame that decided how the connection ended",
               [](N n, Values& v) {
                 if (n.final_frame) number(v, 1);
               }},
    FrameField{"event", F::text, "Event", "What this frame did to the connection",
               [](N n, Values& v) { text(v, n.event); }},
    FrameField{"client.state", F::text, "Client state",
               "RFC 9293 state of the client proven after this frame",
               [](N n, Values& v) { text(v, n.client_state); }},
    FrameField{"server.state", F::text, "Server state",
               "RFC 9293 state of the server proven after this frame",
               [](N n, Values& v) { text(v, n.server_state); }},
    FrameField{"rst.shape", F::text, "RST shape",
               "What this RST looks like: active, reactive, refusal, bare or reflected",
               [](N n, Values& v) { text(v, n.rst_shape); }},
    FrameField{"rst.fate", F::text, "RST fate",
               "What its receiver makes of this RST by RFC 9293 and RFC 5961",
               [](N n, Values& v) { text(v, n.rst_fate); }},
    FrameField{"rst.ttl_delta", F::signed_number, "RST hop limit difference",
               "TTL or hop limit of this RST less that of the same sender's other packets",
               [](N n, Values& v) { if_known(v, n.rst_ttl_delta); }},
    FrameField{"rst.ipid_delta", F::signed_number, "RST IP-ID difference",
               "IP identification of this RST less that of the same sender's last packet",
               [](N n, Values& v) { if_known(v, n.rst_ipid_delta); }},
};

}  // namespace

std::span<const ConnectionField> connection_fields() { return kConnectionFields; }
std::span<const FrameField> frame_fields() { return kFrameFields; }

}  // namespace tcpteardown
