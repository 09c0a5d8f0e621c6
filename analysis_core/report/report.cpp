// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/report.h"

#include <algorithm>

#include "evidence/closing.h"
#include "evidence/idle_timers.h"
#include "evidence/suspicion.h"
#include "evidence/tampering.h"
#include "evidence/zeek_state.h"
#include "findings/tellings.h"
#include "state/tcp_state.h"
#include "verdict/hints.h"
#include "verdict/judge.h"

namespace tcpteardown {
namespace {

std::string join(const ErrnoList& list) {
  std::string text;
  for (std::size_t i = 0; i < list.count; ++i) {
    if (i > 0) text += ',';
    text += to_string(list.values[i]);
  }
  return text;
}

std::string_view role(const Teardown& t, Side side) { return side == t.client ? "client" : "server"; }

// Where a clock ran backwards, or frames were captured in the wrong order, no time has passed.
std::int64_t elapsed(Moment from, Moment to) { return std::max<std::int64_t>(to.time_ns - from.time_ns, 0); }

FrameNumber first_fin(const Connection& c) {
  const FrameNumber a = c.a.fin.first.frame;
  const FrameNumber b = c.b.fin.first.frame;
  return a == 0 || (b != 0 && b < a) ? b : a;
}

FrameNumber first_rst(const Teardown& t) { return t.reset_count == 0 ? 0 : t.resets[0].facts.at.frame; }

void add_quality(const Quality& q, std::vector<std::string_view>& out) {
  if (q.full) out.emplace_back("full");
  if (q.midstream) out.emplace_back("midstream");
  if (q.one_sided) out.emplace_back("one-sided");
  if (q.lossy) out.emplace_back("lossy");
  if (q.truncated) out.emplace_back("truncated");
  if (q.reordered) out.emplace_back("reordered");
  if (q.duplicated) out.emplace_back("duplicated");
  if (q.short_tail) out.emplace_back("short-tail");
}

ResetReport describe(const Teardown& t, const JudgedReset& r) {
  return {.frame = r.facts.at.frame,
          .from = role(t, r.facts.sender),
          .shape = to_string(r.shape),
          .fate = to_string(r.fate),
          .trigger_frame = r.facts.trigger.at.frame,
          .ttl_delta = r.ttl_delta,
          .ipid_delta = r.ipid_delta};
}

void add_half_close(const Teardown& t, Report& report) {
  for (const Side closer : {Side::a, Side::b}) {
    const std::uint64_t bytes = half_close_bytes(*t.connection, other(closer));
    if (bytes == 0) continue;
    report.half_close = true;
    report.half_close_by = role(t, closer);
    report.half_close_bytes = bytes;
    report.half_close_duration_ns =
        elapsed(t.connection->side(closer).fin.first, t.connection->side(other(closer)).after_fin_last);
    return;
  }
}

void add_connection(const Connection& c, const Teardown& t, Report& report) {
  if (c.has_stream) report.stream = c.stream;
  report.client = to_string(c.address(t.client));
  report.server = to_string(c.address(t.server()));
  report.start_ns = c.first.time_ns;
  report.duration_ns = elapsed(c.first, c.last);
  report.first_frame = c.first.frame;
  report.last_frame = c.last.frame;
  report.frames = c.frames;
  report.client_bytes = c.side(t.client).bytes;
  report.server_bytes = c.side(t.server()).bytes;
}

void add_judgement(const Judgement& j, Report& report) {
  report.id = j.id;
  report.verdict = j.verdict->slug;
  report.family = to_string(j.verdict->family);
  report.severity = to_string(j.severity);
  report.confidence = to_string(j.confidence);
  report.confidence_reason = j.confidence_reason;
  report.retry = to_string(j.retry);
  report.initiator = to_string(j.initiator);
  report.loss = to_string(j.loss);
  report.stage = to_string(j.stage);
  report.decisive_frame = j.decisive.frame;
  report.decisive_ns = j.decisive.time_ns;
  report.client_errno = join(j.client_errno);
  report.server_errno = join(j.server_errno);
  report.harmless_form = j.harmless;
  report.data_lost = j.loss == Loss::certain;
  report.ended = j.ended;
  report.cause_hints = cause_hints(j.evidence, *j.verdict);
}

void add_texts(const Judgement& j, Report& report) {
  const Story story = make_story(j);
  report.summary = make_summary(story);
  report.findings = make_findings(story);
  report.explanation = make_explanation(report.findings);
  report.advice = make_advice(story);
}

void add_evidence(const Teardown& t, Report& report) {
  const Connection& c = *t.connection;
  const DirectionLoss& from_client = t.loss(t.client);
  const DirectionLoss& from_server = t.loss(t.server());
  report.first_fin_frame = first_fin(c);
  report.first_rst_frame = first_rst(t);
  report.trigger_frame = t.reset() == nullptr ? 0 : t.reset()->facts.trigger.at.frame;
  const StateFacts states = state_facts(c);
  report.client_final_state = to_string(state_of(states, t.client));
  report.server_final_state = to_string(state_of(states, t.server()));
  report.client_unacked = from_client.unacked;
  report.server_unacked = from_server.unacked;
  report.client_unread_max = from_server.unread_max;  // what the client had not read came from the server
  report.server_unread_max = from_client.unread_max;
  add_half_close(t, report);
  const Suspicion suspicion = find_suspicion(t);
  report.suspicion = suspicion.score;
  for (std::size_t i = 0; i < suspicion.count; ++i)
    report.indicators.emplace_back(suspicion.indicators[i].name);
  report.tampering = tampering_signature(t);
  if (const std::int64_t idle = idle_before_end(t); idle >= 0) report.idle_before_end_ns = idle;
  add_quality(t.quality, report.quality);
  report.conn_state = zeek_conn_state(c.zeek);
  report.history = zeek_history(c.zeek);
  for (std::size_t i = 0; i < t.reset_count; ++i) report.resets.push_back(describe(t, t.resets[i]));
}

Report make_facts(const Connection& connection, const Judgement& j) {
  Report report;
  add_connection(connection, j.evidence, report);
  add_judgement(j, report);
  add_evidence(j.evidence, report);
  return report;
}

}  // namespace

Report make_report(const Connection& connection, CaptureEnd end, const Settings& settings) {
  const Judgement j = judge(gather(connection, end, settings));
  Report report = make_facts(connection, j);
  add_texts(j, report);
  return report;
}

Report make_report_without_text(const Connection& connection, CaptureEnd end, const Settings& settings) {
  return make_facts(connection, judge(gather(connection, end, settings)));
}

}  // namespace tcpteardown
