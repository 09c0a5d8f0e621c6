// SPDX-License-Identifier: GPL-2.0-or-later
// Arbitrary text as a script.
#include <string_view>

#include "capture/analysis.h"
#include "demand.h"
#include "fuzz_report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tcpteardown;
  const ScriptResult result = parse_script({reinterpret_cast<const char*>(data), size});
  fuzz::demand(result.error.empty() || result.error_line != 0, "an error has a line");
  if (!result.error.empty()) return 0;
  Analysis analysis;
  analyse_script(result.script, analysis);
  fuzz::check_reports(analysis.table());
  return 0;
}
