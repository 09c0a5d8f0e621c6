// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/roles.h"

#include "evidence/exchange.h"

namespace tcpteardown {
namespace {

bool looks_like_client(const Endpoint& x, const Endpoint& y) {
  if (sends_requests(y)) return false;
  return sends_requests(x) || (sends_responses(y) && !sends_responses(x));
}

}  // namespace

Roles find_roles(const Connection& c) {
  if (c.a.syn_count > 0) return {Side::a, false};  // also the first of a simultaneous open
  if (c.b.syn_count > 0) return {Side::b, false};
  if (c.b.synack_count > 0) return {Side::a, false};
  if (c.a.synack_count > 0) return {Side::b, false};
  const bool a_asks = looks_like_client(c.a, c.b);
  const bool b_asks = looks_like_client(c.b, c.a);
  if (a_asks != b_asks) return {a_asks ? Side::a : Side::b, false};
  if (c.a_address.port < c.b_address.port) return {Side::b, true};
  return {Side::a, true};
}

}  // namespace tcpteardown
