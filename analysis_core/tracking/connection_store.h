// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "tracking/connection.h"
#include "tracking/fetch.h"
#include "tracking/flow_table.h"
#include "tracking/outline.h"
#include "tracking/paged_rows.h"
#include "tracking/segment_code.h"
#include "tracking/transcript.h"

namespace tcpteardown {

// Position of a connection in the order of its first segment in the capture, from 0.
using ConnectionIndex = std::uint32_t;

// Where the connections are kept. Facts take some kilobytes, and most connections have a dozen segments: so
// one of few segments is remembered as those segments, and its facts are folded out of them when somebody
// asks. fold() is a function of the segments in their order, so the facts are the same. A connection that
// grows too long for that, or whose facts are changed from outside, is settled: from then on it is its facts.
class ConnectionStore {
 public:
  // `longest`: how many bytes of segments are kept before a connection is settled.
  ConnectionStore(std::uint64_t hash_seed, std::size_t longest);

  // The next connection of this flow, whose first segment came then. Throws only std::bad_alloc, as all here.
  ConnectionIndex open(FlowIndex flow, bool a_is_low, Moment first);
  // Notes that the first of two connections of a flow was followed by the second.
  void link(ConnectionIndex earlier, ConnectionIndex later);
  // `sender`: see sender_of().
  void fold(ConnectionIndex index, const Segment& segment, Side sender);
  void fold(ConnectionIndex index, const IcmpError& error);
  void set_stream(ConnectionIndex index, std::uint32_t stream);
  // Its number will be given to another connection.
  void forget(ConnectionIndex index);

  // Whether only the facts tell what this segment does to the connection; always of a settled one.
  [[nodiscard]] bool needs_facts(ConnectionIndex index, const Segment& segment, Side sender) const {
    const Record& r = records_[index];
    return r.settled != 0 || tcpteardown::needs_facts(r.outline, r.told, segment, sender);
  }
  // Which side sent a segment, if the low end of its flow's key did, or the other one.
  [[nodiscard]] Side sender_of(ConnectionIndex index, bool from_low) const {
    return from_low == records_[index].a_is_low ? Side::a : Side::b;
  }
  // The facts, to be changed in place. Stays valid.
  Connection& settle(ConnectionIndex index);
  // The same if it is settled, else nullptr.
  [[nodiscard]] Connection* settled(ConnectionIndex index) {
    const std::uint32_t place = records_[index].settled;
    return place == 0 ? nullptr : &settled_[place - 1];
  }
  // All that is known of a connection now, as a value.
  [[nodiscard]] Connection facts(ConnectionIndex index) const;

  // Reading ahead, see fetch.h: first the record, then the end of its transcript.
  void fetch(ConnectionIndex index) const {
    if (index < records_.size()) tcpteardown::fetch(records_[index]);
  }
  void fetch_transcript(ConnectionIndex index) const {
    if (index < records_.size()) transcripts_.fetch_end(records_[index].transcript);
  }

  // All that facts() will need of some connections.
  void fetch_facts(ConnectionIndex first, ConnectionIndex behind) const;

  [[nodiscard]] Moment first(ConnectionIndex index) const { return records_[index].first; }
  [[nodiscard]] bool has_stream(ConnectionIndex index) const { return records_[index].has_stream; }
  [[nodiscard]] std::size_t size() const { return records_.size(); }
  [[nodiscard]] FlowTable& flows() { return flows_; }
  [[nodiscard]] const FlowTable& flows() const { return flows_; }
  // Bytes taken for all of them.
  [[nodiscard]] std::size_t memory() const;

 private:
  struct Record {
    Told told;
    Moment first;
    FlowIndex flow = 0;
    ConnectionIndex next = 0;  // the one that followed of this flow; 0: none
    std::uint32_t stream = 0;
    std::uint32_t settled = 0;  // place of its facts, plus one; 0: it has a transcript
    Transcript transcript;
    Outline outline;
    bool a_is_low : 1 = false;  // which end of the flow's key
    bool has_stream : 1 = false;
  };

  [[nodiscard]] const TcpEndpoint& address(const Record& record, Side side) const;
  [[nodiscard]] ConnectionIndex new_index();
  [[nodiscard]] Connection replay(const Record& record) const;
  [[nodiscard]] Connection folded(const Record& record) const;
  [[nodiscard]] bool keep(Record& record, const SegmentCode& code, const Told& told);

  FlowTable flows_;
  PagedRows<Record> records_;
  TranscriptPool transcripts_;
  std::deque<Connection> settled_;
  std::vector<ConnectionIndex> unused_;        // numbers of forgotten ones
  std::vector<std::uint32_t> unused_settled_;  // their places, plus one
  std::size_t longest_;
};

}  // namespace tcpteardown
