// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "capture/seg_script.h"
#include "capture/seg_words.h"

namespace tcpteardown {

// Reads what a script expects: lines that start with verdict, expect or connection, and what
// stands behind => on the line of a frame.
class ExpectationReader {
 public:
  // False if the line is of another kind; then no word of it was taken.
  bool read_line(std::size_t line, WordReader& words, std::vector<Expectation>& expectations);

  // "A FIN-WAIT-1, B ESTABLISHED, event fin"
  void read_inline(std::size_t line, FrameNumber frame, WordReader& words,
                   std::vector<Expectation>& expectations) const;

 private:
  [[nodiscard]] Expectation read_expect(WordReader& words) const;

  std::size_t connection_ = 1;
};

}  // namespace tcpteardown
