// SPDX-License-Identifier: GPL-2.0-or-later
#include "still_read.h"

#include <cfile.h>
#include <epan/packet.h>
#include <epan/plugin_if.h>

#include "command_line.h"

namespace tcpteardown {
namespace {

void* state_of(capture_file* file, void* state) {
  *static_cast<file_state*>(state) = file->state;
  return nullptr;
}

// The window dissects frames again, for its rows and for a click, while it loads a file or captures. Only
// the window answers; tshark and sharkd have all when they dissect a frame again.
bool window_still_reads() {
  static const bool has_window = is_wireshark();
  if (!has_window) return false;
  file_state state = FILE_READ_DONE;
  plugin_if_get_capture_file(state_of, &state);
  return state == FILE_READ_IN_PROGRESS;
}

}  // namespace

Known known_of(const packet_info* pinfo) {
  return !PINFO_FD_VISITED(pinfo) || window_still_reads() ? Known::so_far : Known::all;
}

}  // namespace tcpteardown
