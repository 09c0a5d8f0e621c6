// SPDX-License-Identifier: GPL-2.0-or-later
#include "register.h"

#include <epan/conversation.h>
#include <epan/packet.h>
#include <epan/proto.h>
#include <epan/tap.h>

#include <cstdio>
#include <cstdlib>
#include <string>

// Does not stand alone: needs packet.h and conversation.h before it.
#include <epan/dissectors/packet-tcp.h>

#include "capture_session.h"
#include "check_filter.h"
#include "command_line.h"
#include "fields.h"
#include "frame_headers.h"
#include "ids.h"
#include "preferences.h"
#include "present.h"
#include "read_segment.h"
#include "report_tap.h"
#include "statistics.h"
#include "wrappers.h"

namespace tcpteardown {
namespace {

// Points into `from`.
address as_epan(const IpAddress& from) {
  address to{};
  set_address(&to, from.is_ipv6 ? AT_IPv6 : AT_IPv4, from.is_ipv6 ? 16 : 4, from.bytes.data());
  return to;
}

// The number is TCP's own, and exists only after TCP has dissected the frame. A connection may have begun in
// an earlier frame than the one that tells that it is a connection; the stream of that frame is its own.
void look_up_stream(const SeenHeader& header) {
  const FrameNumber frame = session_wants_stream_of(header.connection);
  if (frame == 0) return;
  const address source = as_epan(header.source().address);
  const address destination = as_epan(header.destination().address);
  const conversation_t* conversation = find_conversation(frame, &source, &destination, CONVERSATION_TCP,
                                                         header.source().port, header.destination().port, 0);
  if (conversation == nullptr) return;
  const auto* analysis = static_cast<const tcp_analysis*>(conversation_get_proto_data(conversation, ids.tcp));
  if (analysis != nullptr) session_set_stream(header.connection, analysis->stream);
}

void fold_segments(const packet_info* pinfo, FrameHeaders& headers) {
  for (const SeenHeader& header : session_fold(headers, pinfo->num)) {
    if (header.known) look_up_stream(header);
  }
  session_forget_folded();
}

void find_connections(const packet_info* pinfo, FrameHeaders& headers) {
  if (!PINFO_FD_VISITED(pinfo)) return;
  for (SeenHeader& header : headers) session_find(header, pinfo->num);
}

// The post-dissector: called for every frame, after all others.
int after_frame(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, void*) {
  if (!PINFO_FD_VISITED(pinfo) && (pinfo->presence_flags & PINFO_HAS_TS) != 0) {
    session_note_time(frame_time_ns(pinfo));
  }
  pinfo->current_proto = kProtocolName;  // of the expert infos; a dissector in name only keeps the last one's
  FrameHeaders* headers = take_frame_headers(pinfo);
  if (headers == nullptr || headers->count == 0) return 0;
  const Wanted wanted = wanted_of(tree, pinfo);
  const bool is_read = wanted.fields || wanted.experts || have_tap_listener(ids.tap);
  if (is_read || session_must_fold()) fold_segments(pinfo, *headers);
  if (!is_read) return 0;
  find_connections(pinfo, *headers);
  if (wanted.fields || wanted.experts) {
    for (const SeenHeader& header : *headers) present(tvb, pinfo, tree, header, wanted);
  }
  tap_queue_packet(ids.tap, pinfo, headers);
  return 0;
}

// What is wrong with a filter on tshark's command line; empty if nothing is. Whoever types into the window's
// sees what it finds.
std::string problem_of_filters() {
  for (const std::string& word : words_of_command_line()) {
    if (word.starts_with("tcpteardown,")) continue;  // of -z, which looks for itself
    if (std::string problem = problem_of_names(word); !problem.empty()) return problem;
  }
  return {};
}

// As tshark does with a filter that it cannot read, before anything is printed.
void refuse_wrong_filters() {
  constexpr int kInvalidFilter = 4;  // tshark's exit status for one (wsutil/exitcodes)
  const std::string problem = problem_of_filters();
  if (problem.empty()) return;
  static_cast<void>(std::fputs(("tshark: " + problem + '\n').c_str(), stderr));
  std::exit(kInvalidFilter);
}

void on_capture_start() noexcept {
  static bool is_first = true;
  try {
    if (is_first && is_tshark()) refuse_wrong_filters();
  } catch (...) {  // without memory there is no look at it
  }
  is_first = false;
  show_texts_open();
  session_start();
}

}  // namespace

void register_protocol() {
  ids.protocol = proto_register_protocol(kProtocolName, kProtocolName, kFilterName);
  ids.tcp = proto_get_id_by_filter_name("tcp");
  ids.tap = register_tap(kFilterName);
  register_fields(ids.protocol);
  register_preferences(ids.protocol);
  register_wrappers();
  register_report_taps();
  if (!is_tshark()) {  // which prints its own, see report_tables.h
    register_verdict_statistics();
    register_connection_statistics();
  }
  register_init_routine(on_capture_start);
  register_cleanup_routine(session_end);
  // In name only, as the wrappers: epan keeps no list of layers for it. Who disables our protocol disables
  // it.
  const int after =
      proto_register_protocol_in_name_only("TCP Teardown (after the frame)", "TCP Teardown (after the frame)",
                                           "tcpteardown.after", ids.protocol, FT_PROTOCOL);
  register_postdissector(create_dissector_handle(after_frame, after));
}

void register_handoff() { install_wrappers(); }

}  // namespace tcpteardown
