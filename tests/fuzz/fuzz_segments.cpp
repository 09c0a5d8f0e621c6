// SPDX-License-Identifier: GPL-2.0-or-later
// Streams of segments and ICMP errors between a few hosts: what the decoder would never let through, and
// what no host would ever send.
#include "invariants.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tcpteardown::fuzz;
  std::uint64_t choice = size;
  for (std::size_t i = 0; i < size; ++i) choice = choice * 31 + data[i];
  check_stream(read_stream({data, size}), choice);
  return 0;
}
