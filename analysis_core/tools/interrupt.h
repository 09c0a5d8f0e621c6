// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <csignal>
#include <string_view>

namespace tcpteardown {

// While one of these lives, Ctrl-C ends the reading and not the program: what was read is reported. The next
// Ctrl-C ends the program. Who stops "tcpdump -w - | tcpteardown -" interrupts both, and the other program
// still writes what it has: the first Ctrl-C then lets this one read on to the end, and it takes a second one
// to stop.
class Interrupt {
 public:
  explicit Interrupt(std::string_view file);
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  [[nodiscard]] static bool came();

 private:
  struct sigaction before_ {};
};

}  // namespace tcpteardown
