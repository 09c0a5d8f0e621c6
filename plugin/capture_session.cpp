// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture_session.h"

#include <glib.h>

#include <array>
#include <memory>
#include <vector>

#include "preferences.h"
#include "report/last_segments.h"
#include "report/so_far.h"
#include "waiting_segments.h"

namespace tcpteardown {
namespace {

// A report that was made lately. Once the whole capture has been read nothing changes any more, so
// that the later passes find most reports here.
struct CachedReport {
  std::uint64_t version = 0;  // of the session when it was made; 0: empty
  ConnectionIndex connection = 0;
  Detail detail = Detail::facts;
  Known known = Known::all;
  Report report;
};

constexpr std::size_t kReportsCached = 128;

std::uint64_t random_seed() { return std::uint64_t{g_random_int()} << 32 | g_random_int(); }

struct Session {
  ConnectionTable table{random_seed()};
  WaitingSegments waiting;
  std::array<CachedReport, kReportsCached> cache;
  std::vector<bool> said_final;  // by ConnectionIndex, in a single pass
};

std::unique_ptr<Session> session;
std::uint64_t version = 1;  // goes on growing from capture to capture
std::uint64_t number = 0;
Settings made_with;  // the reports in the cache

Report make(const Connection& connection, Detail detail, Known known) {
  const CaptureEnd end = session->table.capture_end();
  Report report = detail == Detail::texts ? make_report(connection, end, settings())
                                          : make_report_without_text(connection, end, settings());
  if (known == Known::so_far) keep_to_what_was_seen(report, is_over(connection));
  return report;
}

// One for which there is no memory stays unknown; the others go on.
void fold_waiting(FrameNumber frame) {
  while (session->waiting.any()) {
    ++version;
    try {
      session->waiting.fold_into(session->table, frame);
    } catch (...) {
      continue;
    }
  }
}

}  // namespace

void session_start() noexcept {
  ++version;
  ++number;
  try {
    session = std::make_unique<Session>();
  } catch (...) {
    session.reset();
  }
}

void session_end() noexcept { session.reset(); }

void session_add(const Segment& segment, const FrameHeaders& headers) noexcept {
  if (session) session->waiting.add(segment, headers);
}

bool session_must_fold() noexcept { return session && session->waiting.must_be_folded(); }

std::span<const SeenHeader> session_fold(FrameHeaders& headers, FrameNumber frame) noexcept {
  if (!session) return {};
  fold_waiting(frame);
  session->waiting.tell(headers, frame);
  return session->waiting.folded();
}

void session_forget_folded() noexcept {
  if (session) session->waiting.forget_folded();
}

// Behind the segments that came before it.
void session_add(const IcmpError& error, SeenHeader& header) noexcept {
  if (!session) return;
  fold_waiting(error.frame);
  ++version;
  try {
    const std::optional<ConnectionIndex> index = session->table.add(error);
    header.known = index.has_value();
    header.connection = index.value_or(0);
  } catch (...) {
    header.known = false;
  }
}

void session_note_time(std::int64_t time_ns) noexcept {
  if (!session) return;
  ++version;
  session->table.note_time(time_ns);
}

void session_find(SeenHeader& header, FrameNumber frame) noexcept {
  if (!session) return;
  const std::optional<ConnectionIndex> index = session->table.find(header.key, frame);
  header.known = index.has_value();
  header.connection = index.value_or(0);
}

FrameNumber session_wants_stream_of(ConnectionIndex index) noexcept {
  if (!session || index >= session->table.size()) return 0;
  return session->table.wants_stream_of(index);
}

void session_set_stream(ConnectionIndex index, std::uint32_t stream) noexcept {
  if (!session) return;
  ++version;
  session->table.set_stream(index, stream);
}

std::size_t session_size() noexcept { return session ? session->table.size() : 0; }

std::uint64_t session_number() noexcept { return number; }

std::uint64_t session_version() noexcept { return version; }

const Report* session_report(ConnectionIndex index, Detail detail, Known known) noexcept {
  if (!session || index >= session->table.size()) return nullptr;
  // Not every program that changes a preference (sharkd) says so to the protocol.
  if (settings() != made_with) {
    ++version;
    made_with = settings();
  }
  CachedReport& cached = session->cache[index % kReportsCached];
  if (cached.version == version && cached.connection == index && cached.detail >= detail &&
      cached.known == known) {
    return &cached.report;
  }
  try {
    cached.version = 0;
    cached.report = make(session->table.facts(index), detail, known);
    cached.connection = index;
    cached.detail = detail;
    cached.known = known;
    cached.version = version;
    return &cached.report;
  } catch (...) {
    return nullptr;
  }
}

std::optional<ReportRow> session_report_row(ConnectionIndex index) noexcept {
  if (!session || index >= session->table.size()) return std::nullopt;
  try {
    return make_report_row(session->table.facts(index), session->table.capture_end(), settings());
  } catch (...) {
    return std::nullopt;
  }
}

std::optional<FrameNote> session_note(ConnectionIndex index, const Report& report, FrameNumber frame,
                                      Known known) noexcept {
  if (!session || index >= session->table.size()) return std::nullopt;
  try {
    return note_frame(session->table.facts(index), report, frame, known);
  } catch (...) {
    return std::nullopt;
  }
}

bool session_say_final(ConnectionIndex index) noexcept {
  if (!session) return false;
  try {
    std::vector<bool>& said = session->said_final;
    if (said.size() <= index) said.resize(session->table.size());
    if (said[index]) return false;
    said[index] = true;
    return true;
  } catch (...) {
    return false;
  }
}

void session_add_last_segments(ConnectionIndex index, Report& report) noexcept {
  if (!session || index >= session->table.size()) return;
  try {
    report.last_segments = last_segments(session->table.facts(index), report);
  } catch (...) {
    report.last_segments.clear();
  }
}

}  // namespace tcpteardown
