// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "findings/finding.h"
#include "findings/story.h"

// Clauses that verdicts of several families need.
namespace tcpteardown {

// --- making a finding --------------------------------------------------------------------------
[[nodiscard]] Finding evidence(Frames frames, std::string text);
[[nodiscard]] Finding against(Frames frames, std::string text);
[[nodiscard]] Finding context(Frames frames, std::string text);
// What would look the same on the wire.
[[nodiscard]] Finding alternative(std::string text);
// Two ways in which a program makes its own system send a RST.
[[nodiscard]] inline std::optional<Finding> looks_like_kill(const Story&) {
  return alternative("process ended");
}
[[nodiscard]] inline std::optional<Finding> looks_like_unread(const Story&) {
  return alternative("closed with data unread");
}
[[nodiscard]] inline std::optional<Finding> looks_like_linger(const Story&) {
  return alternative("SO_LINGER with time 0");
}

// --- loss --------------------------------------------------------------------------------------
// "17,516 bytes from the server are lost"; empty if nothing of that direction is.
[[nodiscard]] std::string loss_of(const Story& story, Side sender);
// For the end of a summary: "; 17,516 bytes from the server are lost", "; nothing was outstanding on the
// wire".
[[nodiscard]] std::string loss_clause(const Story& story);
// The same where something is lost, else nothing.
[[nodiscard]] std::string some_loss(const Story& story);
// What met a closed socket, and that it is lost: "50 bytes from the client are lost".
[[nodiscard]] std::string rejected(const Story& story);
// "up to 1,448 of the client's acknowledged bytes may never have been read", where the summary tells only
// of what was not acknowledged.
[[nodiscard]] std::optional<Finding> unread_finding(const Story& story);
// The frame of that side's last data before the RST, as near as it is remembered.
[[nodiscard]] FrameNumber data_before_rst(const Story& story, Part part);
// "100 bytes from the client and 200 bytes from the server".
[[nodiscard]] std::string totals(const Story& story);

// --- the RST -----------------------------------------------------------------------------------
// "RST,ACK" or "RST".
[[nodiscard]] std::string rst_kind(const Story& story);
// "frame 31", of the RST.
[[nodiscard]] std::string rst_frame(const Story& story);
// What the RST alone tells, without asking why it was sent (RFC 9293 §3.5.2, §3.10.5).
[[nodiscard]] std::optional<Finding> rst_finding(const Story& story);
// The RST,ACK of the same side that came first and was challenged because data before it was still
// missing; the RST the verdict speaks of confirms it (RFC 9293 §3.10.7.4). nullptr if there is none.
[[nodiscard]] const JudgedReset* challenged_before(const Story& story);
// "6 more", or "at least 6 more" where not every RST of the connection was kept.
[[nodiscard]] std::string more_resets(const Story& story, std::size_t count);
// "the 120 bytes", "the keep-alive probe": the segment that the RST answers.
[[nodiscard]] std::string trigger_what(const Story& story);
[[nodiscard]] std::string trigger_frame(const Story& story);
// "after 350 s without data" where that is worth a word (a second and more), else empty.
[[nodiscard]] std::string after_pause(const Story& story);

// --- the FINs ----------------------------------------------------------------------------------
// "FIN in frame 4", "FIN not captured, but acknowledged in frame 6"
[[nodiscard]] std::string fin_brief(const Story& story, Part part);
// The FIN of one side with its repetitions and its ACK.
[[nodiscard]] std::optional<Finding> fin_finding(const Story& story, Part part);
// "FINs in frames 4 and 6", in the order of the capture.
[[nodiscard]] std::string both_fins(const Story& story);
// " 303 ms after the first", of the second FIN; empty where one was not captured.
[[nodiscard]] std::string fins_apart(const Story& story);
// Of the data that one side sent behind the other's FIN.
[[nodiscard]] Frames frames_behind_fin(const Story& story, Part sender);

// --- silence -----------------------------------------------------------------------------------
// How long the capture goes on: "22.2 s"; empty where it ends at that moment (less than 1 ms later).
[[nodiscard]] std::string time_left(const Story& story, const Moment& since);
// " in the 22.2 s after the last SYN", or that the capture ends with it.
[[nodiscard]] std::string up_to_the_end(const Story& story, const Moment& since,
                                        const std::string& last_what);
// "the server's last segment came 3.3 s before the last of them", from first to last in vain; nothing
// where that side spoke in between.
[[nodiscard]] std::optional<Finding> last_sign_of(const Story& story, Part silent, const Moment& first,
                                                  const Moment& last, const std::string& of_what);

// --- the RST's sender and what it had not heard ----------------------------------------------------
// Its name, or that somebody used it.
[[nodiscard]] std::string resetter(const Story& story);
// The peer's FIN, which the RST does not acknowledge.
[[nodiscard]] std::optional<Finding> fin_had_not_come(const Story& story);

// --- a request that its own sender broke off -------------------------------------------------------
// "the client's program: it gave up its own request before all of it was sent (error, time-out, cancelled)"
[[nodiscard]] std::string gave_up_request(const Story& story);

// --- ICMP --------------------------------------------------------------------------------------
// To follow "reported": "that the host is unreachable (ICMP type 3, code 1)".
[[nodiscard]] std::string icmp_meaning(const IcmpFacts& icmp);

// --- a third party -----------------------------------------------------------------------------
// The first segment of the RST's purported sender that it would not have sent after a reset of its own;
// not seen if there is none.
[[nodiscard]] Moment sign_of_life(const Story& story);
// "went on sending", "went on acknowledging": what that segment shows.
[[nodiscard]] std::string went_on(const Story& story);
// The proof that it made no RST.
[[nodiscard]] std::optional<Finding> lives_on(const Story& story);
// That segment was not sent before the RST and captured late.
[[nodiscard]] std::optional<Finding> no_late_segment(const Story& story);
// What the RST's hop limit says, where it is near its sender's usual one.
[[nodiscard]] std::optional<Finding> hop_limit_finding(const Story& story);

// --- the harmless form of a verdict ----------------------------------------------------------------
// All that was lost is one TLS alert, the close_notify with which TLS says good-bye.
[[nodiscard]] bool only_good_bye_lost(const Story& story);
[[nodiscard]] std::string read_until_good_bye(const Story& story);

}  // namespace tcpteardown
