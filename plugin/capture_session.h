// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "frame_headers.h"
#include "report/report.h"
#include "report/report_row.h"
#include "tracking/connection_table.h"
#include "wire/segment.h"

// What is remembered between the frames and passes of one capture. Nothing here calls epan, and
// nothing throws: when memory runs out, a header stays unknown.
namespace tcpteardown {

// Called by epan when a capture is opened or dissected anew, and when it is closed.
void session_start() noexcept;
void session_end() noexcept;

// First dissection of a frame only, in the capture's order. A segment, that of the last header, waits until
// it is folded.
void session_add(const Segment& segment, const FrameHeaders& headers) noexcept;
void session_add(const IcmpError& error, SeenHeader& header) noexcept;
void session_note_time(std::int64_t time_ns) noexcept;

// At a frame's end: whether those that wait should be folded in even if nobody reads of this frame.
[[nodiscard]] bool session_must_fold() noexcept;
// Folds them in, and tells the headers of this frame which connections are theirs. What was folded is
// returned, as its connections may lack their stream; valid until session_forget_folded().
[[nodiscard]] std::span<const SeenHeader> session_fold(FrameHeaders& headers, FrameNumber frame) noexcept;
void session_forget_folded() noexcept;

// Any dissection: which connection the header belongs to, as far as is known now.
void session_find(SeenHeader& header, FrameNumber frame) noexcept;

// The frame whose stream number the connection still lacks: its first; 0 if it has one.
[[nodiscard]] FrameNumber session_wants_stream_of(ConnectionIndex index) noexcept;
void session_set_stream(ConnectionIndex index, std::uint32_t stream) noexcept;

[[nodiscard]] std::size_t session_size() noexcept;
// Tells one session from the next.
[[nodiscard]] std::uint64_t session_number() noexcept;
// Grows with everything that is folded in; while it stays, every report does.
[[nodiscard]] std::uint64_t session_version() noexcept;
// How much of a report somebody reads.
enum class Detail : std::uint8_t { facts, texts };
// As of now; nullptr without a session or memory. Valid until the next call into the session.
[[nodiscard]] const Report* session_report(ConnectionIndex index, Detail detail = Detail::texts,
                                           Known known = Known::all) noexcept;
// What tables count of it, as of now; empty without a session or memory.
[[nodiscard]] std::optional<ReportRow> session_report_row(ConnectionIndex index) noexcept;
// What the frame did in that connection; empty without a session or memory.
[[nodiscard]] std::optional<FrameNote> session_note(ConnectionIndex index, const Report& report,
                                                    FrameNumber frame, Known known) noexcept;
// Whether a single pass may say now that this connection ended: it says so once.
[[nodiscard]] bool session_say_final(ConnectionIndex index) noexcept;

// For the drawing of the text report; leaves them out when memory runs out.
void session_add_last_segments(ConnectionIndex index, Report& report) noexcept;

}  // namespace tcpteardown
