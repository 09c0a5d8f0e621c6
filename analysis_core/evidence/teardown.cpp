// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/teardown.h"

#include "evidence/classify_reset.h"
#include "evidence/closing.h"
#include "evidence/foreign_fin.h"
#include "evidence/loss.h"
#include "evidence/quality.h"
#include "evidence/roles.h"

namespace tcpteardown {

Teardown gather(const Connection& c, CaptureEnd end, const Settings& settings) {
  Teardown t;
  t.connection = &c;
  t.end = end;
  t.idle_threshold_ns = settings.idle_threshold_ns;
  t.silence_ns = settings.silence_ns;
  const Roles roles = find_roles(c);
  t.client = roles.client;
  t.roles_by_ports = roles.by_ports;
  t.quality = find_quality(t);
  t.tail_ns = tail_of(c, end);
  find_closing(t);
  find_resets(t);
  const JudgedReset* r = t.reset();
  t.closed_before_reset = t.closed.seen() && (r == nullptr || r->facts.at.frame > t.closed.frame);
  find_foreign_fins(t);
  find_loss(t);
  return t;
}

}  // namespace tcpteardown
