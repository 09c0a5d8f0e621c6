// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/judge.h"

#include <algorithm>

#include "evidence/loss.h"
#include "verdict/catalogue.h"
#include "verdict/limits.h"
#include "verdict/outcome.h"
#include "verdict/questions.h"

namespace tcpteardown {
namespace {

const Verdict& first_that_holds(const Teardown& t) {
  for (const Verdict& row : catalogue()) {
    if (row.holds(t)) return row;
  }
  return catalogue().back();
}

Severity severity_of(const Teardown& t, const Ruling& ruling) {
  Severity severity = ruling.harmless ? Severity::chat : ruling.row->severity;
  const bool stalls = ruling.row->id == "open"_verdict && questions::stalled(t);
  if (stalls) severity = std::max(severity, Severity::warn);
  return ruling.loss == Loss::certain ? std::max(severity, Severity::error) : severity;
}

}  // namespace

Ruling rule(const Teardown& t) {
  Ruling ruling;
  ruling.row = &first_that_holds(t);
  ruling.harmless = ruling.row->harmless != nullptr && ruling.row->harmless(t);
  ruling.loss = questions::was_never_a_connection(t) ? Loss::none : overall_loss(t);
  ruling.decisive = ruling.row->decisive(t);
  ruling.severity = severity_of(t, ruling);
  return ruling;
}

Judgement judge(const Teardown& t) {
  const Ruling ruling = rule(t);
  const Verdict& row = *ruling.row;
  Judgement j;
  j.id = row.id;
  j.verdict = &row;
  j.evidence = t;
  if (questions::was_never_a_connection(t)) j.evidence.a_loss = j.evidence.b_loss = {};
  j.harmless = ruling.harmless;
  j.loss = ruling.loss;
  j.decisive = ruling.decisive;
  j.ended = j.decisive.seen();
  j.severity = ruling.severity;
  const RatedConfidence rated = rate_confidence(t, row);
  j.confidence = rated.confidence;
  j.confidence_reason = rated.reason;
  j.retry = row.retry(t);
  j.initiator = outcome::initiator(t, row.initiator);
  j.stage = outcome::stage(t, row.family, j.decisive.frame);
  j.client_errno = row.errnos(t, t.client);
  j.server_errno = row.errnos(t, t.server());
  return j;
}

}  // namespace tcpteardown
