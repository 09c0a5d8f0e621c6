// SPDX-License-Identifier: GPL-2.0-or-later
// Arbitrary bytes as a capture file: pcap, pcapng, snoop, or none.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "capture/analysis.h"
#include "demand.h"
#include "fuzz_report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tcpteardown;
  const int file = memfd_create("capture", 0);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) __builtin_trap();
  Analysis analysis;
  const ReadResult result = analyse_file("/proc/self/fd/" + std::to_string(file), analysis);
  close(file);
  fuzz::demand(result.outcome == ReadOutcome::complete || !result.message.empty(),
               "what is not read is said");
  fuzz::check_reports(analysis.table());
  return 0;
}
