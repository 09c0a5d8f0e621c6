// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "capture/seg_segment.h"
#include "wire/seq.h"

namespace tcpteardown {

// Follows what both sides of a script have sent and received, so that a slip in its numbers is
// found where it was made. Throws ScriptError. This is the author's arithmetic, not an analysis: it knows
// which segments were lost, unseen and forged.
class ScriptArithmetic {
 public:
  void add(const ScriptSegment& segment);

 private:
  struct Half {
    std::optional<Seq> snd_nxt;               // highest number sent, plus one
    std::optional<Seq> rcv_nxt;               // next number that the other side has yet to receive
    std::vector<std::pair<Seq, Seq>> beyond;  // received by the other side behind a gap
  };

  static void check_sequence(const ScriptSegment& segment, const Half& half);
  static void check_ack(const ScriptSegment& segment, const Half& peer);
  static void deliver(Half& half, Seq start, Seq end);

  std::array<Half, 2> halves_;
};

}  // namespace tcpteardown
