// SPDX-License-Identifier: GPL-2.0-or-later
#include "findings/pages.h"

namespace tcpteardown {

const Page& page_of(VerdictId id) {
  static constexpr Page kNone{};
  for (const auto family : {pages_of_setup(), pages_of_graceful(), pages_of_half_closed(), pages_of_abort(),
                            pages_of_reactive(), pages_of_timeout(), pages_of_the_rest()}) {
    for (const Page& page : family) {
      if (page.id == id) return page;
    }
  }
  return kNone;
}

}  // namespace tcpteardown
