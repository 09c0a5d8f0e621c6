// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/run.h"

#include <string>

#include "capture/pcap_writer.h"
#include "capture/seg_script.h"
#include "tools/explain.h"
#include "tools/report_files.h"

namespace tcpteardown {
namespace {

int to_pcap(const std::string& script, const std::string& capture, std::ostream& error) {
  const ScriptResult result = load_script(script);
  if (!result.error.empty()) {
    complain(error, script, describe_error(result));
    return kExitUnread;
  }
  const std::string problem = write_pcap(capture, result.script.frames);
  if (problem.empty()) return 0;
  complain(error, capture, problem);
  return kExitUnread;
}

}  // namespace

int run(const Arguments& arguments, std::ostream& out, std::ostream& error) {
  if (!arguments.error.empty()) {
    error << "tcpteardown: " << arguments.error << "\nTry 'tcpteardown --help'.\n";
    return kExitUsage;
  }
  switch (arguments.command) {
    case Command::help: out << help_text(); return 0;
    case Command::version: out << "tcpteardown " TCPTEARDOWN_VERSION "\n"; return 0;
    case Command::explain: return explain(arguments, out, error);
    case Command::to_pcap: return to_pcap(arguments.files[0], arguments.files[1], error);
    case Command::report: return report_files(arguments, out, error);
  }
  return kExitUsage;
}

}  // namespace tcpteardown
