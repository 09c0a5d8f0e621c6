// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/explain.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "formats/connection_text.h"
#include "formats/markdown.h"
#include "formats/nearest.h"
#include "tools/run.h"
#include "verdict/verdict.h"

namespace tcpteardown {
namespace {

void write_list(std::ostream& out) {
  for (const Verdict& verdict : catalogue()) out << verdict.slug << '\n';
}

// In the order of the decision procedure, under the names of the families.
void write_overview(std::ostream& out) {
  std::size_t width = 0;
  for (const Verdict& verdict : catalogue()) width = std::max(width, verdict.slug.size());
  std::string_view family;
  for (const Verdict& verdict : catalogue()) {
    if (to_string(verdict.family) != family) {
      family = to_string(verdict.family);
      out << family << '\n';
    }
    out << "  " << verdict.slug << std::string(width + 2 - verdict.slug.size(), ' ') << verdict.summary
        << '\n';
  }
  out << "\n'tcpteardown explain VERDICT' shows the page of one.\n";
}

int no_such_verdict(std::string_view slug, std::ostream& error) {
  error << "tcpteardown: no verdict is called '" << printable(slug) << "'";
  if (const std::string_view near = nearest_verdict(slug); !near.empty())
    error << "; do you mean '" << near << "'?";
  error << "\n'tcpteardown explain' lists them all.\n";
  return kExitUsage;
}

}  // namespace

int explain(const Arguments& arguments, std::ostream& out, std::ostream& error) {
  switch (arguments.explain) {
    case Explain::overview: write_overview(out); return 0;
    case Explain::list: write_list(out); return 0;
    case Explain::markdown: out << verdicts_markdown(); return 0;
    case Explain::page:
      if (const Verdict* verdict = find_verdict(arguments.slug)) {
        out << verdict_page(*verdict);
        return 0;
      }
      return no_such_verdict(arguments.slug, error);
  }
  return kExitUsage;
}

}  // namespace tcpteardown
