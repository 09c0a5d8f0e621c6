// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>

#include "capture/capture_file.h"
#include "capture/frame_decoder.h"
#include "capture/frame_tally.h"
#include "capture/packet_batch.h"
#include "capture/raw_frame.h"
#include "capture/seg_script.h"
#include "capture/stream_numbers.h"
#include "tracking/connection_table.h"

namespace tcpteardown {

using FlowHandler = std::function<void(FlowIndex)>;

// Folds the frames of a capture into connections.
class Analysis {
 public:
  // The seed makes the tables' hashes unpredictable for whoever made the capture.
  explicit Analysis(std::uint64_t hash_seed = 0, std::size_t transcript = ConnectionTable::kTranscript)
      : table_(hash_seed, transcript) {}

  // Frames of another file follow, which goes on where the one before it ended: their numbers do, too.
  void begin_file();
  void add(const RawFrame& frame);
  // The same for what has been decoded already.
  void add(const PacketBatch& batch);

  // Is told of each pair of ends that a TCP header has.
  void tell_flows(FlowHandler handle) { handle_flow_ = std::move(handle); }
  // Forgets all connections of a pair of ends; others will have their numbers.
  void forget(FlowIndex flow);

  [[nodiscard]] const ConnectionTable& table() const { return table_; }
  // Of the file that was begun last.
  [[nodiscard]] const FrameTally& frames() const { return frames_; }
  // How many frames there are up to now, in all files.
  [[nodiscard]] FrameNumber last_frame() const { return last_frame_; }

 private:
  void add_ahead(std::span<const Packet> packets);
  void note_frame(const RawFrame& frame, const FrameContents& contents);
  void add(const FrameContents& contents, const Ends& ends, std::uint32_t hash);
  void add(const Segment& segment, FlowIndex flow, bool from_low);

  ConnectionTable table_;
  StreamNumbers streams_;
  FrameTally frames_;
  FrameNumber last_frame_ = 0;
  FlowHandler handle_flow_;
};

// Reads a capture, or a script if the name ends in .seg, into connections. What could be read
// before a damage, or between frames of unknown link types, is in there.
// By two threads one reads and decodes, the other folds.
enum class Reading : std::uint8_t { by_one, by_two };
[[nodiscard]] ReadResult analyse_file(const std::string& path, Analysis& analysis,
                                      Reading reading = Reading::by_one,
                                      const ProgressHandler& progress = {});

// The frames of a script, as if they had been captured.
void analyse_script(const Script& script, Analysis& analysis);

}  // namespace tcpteardown
