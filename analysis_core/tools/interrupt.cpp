// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/interrupt.h"

#include <atomic>

namespace tcpteardown {
namespace {

std::atomic<int> patience{0};  // how many more are heard without stopping
std::atomic<bool> stopped{false};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void on_signal(int number) {
  if (--patience >= 0) return;
  stopped = true;
  static_cast<void>(std::signal(number, SIG_DFL));
}

}  // namespace

Interrupt::Interrupt(std::string_view file) {
  patience = file == "-" ? 1 : 0;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  static_cast<void>(sigaction(SIGINT, &action, &before_));
}

Interrupt::~Interrupt() {
  if (!stopped) static_cast<void>(sigaction(SIGINT, &before_, nullptr));
}

bool Interrupt::came() { return stopped; }

}  // namespace tcpteardown
