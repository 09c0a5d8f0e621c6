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

}  // namespace

Judgement judge(const Teardown& t) {
  const Verdict& row = first_that_holds(t);
  Judgement j;
  j.id = row.id;
  j.verdict = &row;
  j.evidence = t;
  if (questions::was_never_a_connection(t)) j.evidence.a_loss = j.evidence.b_loss = {};
  j.harmless = row.harmless != nullptr && row.harmless(t);
  j.loss = overall_loss(j.evidence);
  j.decisive_frame = row.decisive(t);
  j.ended = j.decisive_frame != 0;
  j.severity = j.harmless ? Severity::chat : row.severity;
  const bool stalls = row.id == "open"_verdict && questions::stalled(t);
  if (stalls) j.severity = std::max(j.severity, Severity::warn);
  if (j.loss == Loss::certain) j.severity = std::max(j.severity, Severity::error);
  const RatedConfidence rated = rate_confidence(t, row);
  j.confidence = rated.confidence;
  j.confidence_reason = rated.reason;
  j.retry = row.retry(t);
  j.initiator = outcome::initiator(t, row.initiator);
  j.stage = outcome::stage(t, row.family, j.decisive_frame);
  j.client_errno = row.errnos(t, t.client);
  j.server_errno = row.errnos(t, t.server());
  return j;
}

}  // namespace tcpteardown
