// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace tcpteardown {

inline constexpr char kProtocolName[] = "TCP Teardown";
inline constexpr char kFilterName[] = "tcpteardown";  // also the name of the tap

// Numbers that epan gave us when we registered; the same for the life of the program.
struct Ids {
  int protocol = -1;   // ours
  int tcp = -1;        // the TCP dissector
  int tap = 0;         // ours
  int expert_tap = 0;  // that of the expert infos; 0: not known yet
};

inline Ids ids;

}  // namespace tcpteardown
