// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/roles.h"

namespace tcpteardown {

Roles find_roles(const Connection& c) {
  if (c.a.syn_count > 0) return {Side::a, false};  // also the first of a simultaneous open
  if (c.b.syn_count > 0) return {Side::b, false};
  if (c.b.synack_count > 0) return {Side::a, false};
  if (c.a.synack_count > 0) return {Side::b, false};
  if (c.a_address.port < c.b_address.port) return {Side::b, true};
  return {Side::a, true};
}

}  // namespace tcpteardown
