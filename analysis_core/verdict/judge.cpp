// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/judge.h"

#include <algorithm>

#include "evidence/loss.h"
#include "verdict/outcome.h"

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
  j.verdict = &row;
  j.evidence = t;
  j.harmless = row.harmless != nullptr && row.harmless(t);
  j.loss = overall_loss(t);
  j.decisive_frame = outcome::decisive_frame(t, row);
  j.ended = j.decisive_frame != 0;
  j.severity = j.harmless ? Severity::chat : row.severity;
  if (j.loss == Loss::certain) j.severity = std::max(j.severity, Severity::error);
  const outcome::RatedConfidence rated = outcome::confidence(t, row);
  j.confidence = rated.confidence;
  j.confidence_reason = rated.reason;
  j.initiator = outcome::initiator(t, row);
  j.stage = outcome::stage(t, row, j.decisive_frame);
  j.client_errno = outcome::errno_of(t, row, t.client);
  j.server_errno = outcome::errno_of(t, row, t.server());
  return j;
}

}  // namespace tcpteardown
