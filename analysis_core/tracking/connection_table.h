// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tracking/connection.h"
#include "tracking/connection_store.h"
#include "tracking/flow_table.h"
#include "tracking/open_syns.h"
#include "wire/flow_key.h"
#include "wire/segment.h"

namespace tcpteardown {

// The end of what was captured: the time of the latest frame, whatever it carried. Absence
// ("never acknowledged") is judged against it.
struct CaptureEnd {
  std::int64_t time_ns = 0;
};

// Sorts the segments of a capture into connections and folds each into its facts. It does not
// follow tcp.stream: a SYN inside a live connection starts the next one only when it gets a
// matching SYN-ACK (RFC 9293 §3.10.7.4, challenge ACK), and one after the end always does.
//
// Memory: for each connection no more than a Connection of fixed size, and for most some hundred bytes, see
// connection_store.h. Segments must come in the order of the capture, each once. Throws only std::bad_alloc.
class ConnectionTable {
 public:
  // How many bytes of a connection's segments are kept before they are folded into its facts. Answers do not
  // depend on it. Our choice: facts take about as much.
  static constexpr std::size_t kTranscript = 1'024;

  explicit ConnectionTable(std::uint64_t hash_seed = 0, std::size_t transcript = kTranscript);

  // Folds a segment in and returns the connection it belongs to as far as is known now.
  ConnectionIndex add(const Segment& segment);
  // The same for a caller who has asked for the flow of its ends, and read its own facts (own_facts.h).
  ConnectionIndex add(const Segment& segment, FlowIndex flow, bool from_low);
  // Attaches an ICMP error to the connection it quotes; empty if there is none.
  std::optional<ConnectionIndex> add(const IcmpError& error);
  // Tells that a frame of any kind was captured at this time (moves the end of the capture).
  void note_time(std::int64_t time_ns);

  // The connection that a frame of this flow belongs to; empty if none is known. Answers from
  // all that was folded in, so a later pass can give a better answer than add() did.
  [[nodiscard]] std::optional<ConnectionIndex> find(const FlowKey& key, FrameNumber frame) const;

  // All that is known of a connection now: a value of its own, which later segments do not change. Several
  // threads may ask at once as long as nobody adds.
  [[nodiscard]] Connection facts(ConnectionIndex index) const { return store_.facts(index); }
  // Reads ahead what facts() will need of these, up to the one before `behind`.
  void fetch_facts(ConnectionIndex first, ConnectionIndex behind) const { store_.fetch_facts(first, behind); }
  [[nodiscard]] std::size_t size() const { return store_.size(); }
  [[nodiscard]] CaptureEnd capture_end() const { return {latest_time_ns_}; }

  // The number of a pair of ends, for others who keep something of it: then a segment is looked up once.
  [[nodiscard]] FlowIndex flow_of(const FlowKey& key) { return store_.flows().add(key); }
  [[nodiscard]] FlowIndex flow_of(const FlowKey& key, std::uint32_t hash) {
    return store_.flows().add(key, hash);
  }
  [[nodiscard]] std::uint32_t hash_of(const FlowKey& key) const { return store_.flows().hash_of(key); }

  // Reads ahead what the next segments will need, see fetch.h.
  struct Ahead {
    std::uint32_t hash = 0;         // of the key of its ends
    std::optional<FlowIndex> flow;  // filled in; probably theirs, if they are known
  };
  void fetch(std::span<Ahead> next) const;

  // Of a flow by first frame, as far as it has any.
  [[nodiscard]] std::vector<ConnectionIndex> connections_of(FlowIndex flow) const;
  // Forgets a flow and all its connections; others will have their numbers.
  void forget(FlowIndex flow);

  // The frame whose stream number the connection still lacks: its first; 0 if it has one.
  [[nodiscard]] FrameNumber wants_stream_of(ConnectionIndex index) const;
  // tcp.stream is the adapter's knowledge; the first number given to a connection stays.
  void set_stream(ConnectionIndex index, std::uint32_t stream);

  // Bytes taken for all connections.
  [[nodiscard]] std::size_t memory() const;

 private:
  // The connections of a flow by first frame: mostly one.
  struct Flow {
    ConnectionIndex latest = 0;
    std::uint32_t count = 0;
    std::uint32_t all = 0;  // place in incarnations_, if there are several
  };

  ConnectionIndex open(FlowIndex flow, const Segment& segment);
  void fold(ConnectionIndex index, const Segment& segment);
  // The connection that a segment belongs to which is not plainly the latest one's.
  ConnectionIndex choose(FlowIndex flow, const Segment& segment);
  void relate_to_earlier(const Flow& flow, const Segment& segment);
  // A SYN-ACK may answer the SYN of another connection.
  void relate_answer(ConnectionIndex index, const Segment& segment);
  void note_answer(ConnectionIndex index, ConnectionIndex asked, const Segment& segment);
  void forget_answers(ConnectionIndex index);
  void note_sign_of_answer(ConnectionIndex index, const Segment& segment);

  ConnectionStore store_;
  std::vector<Flow> flows_;  // by FlowIndex
  std::vector<std::vector<ConnectionIndex>> incarnations_;
  std::vector<std::uint32_t> unused_incarnations_;  // places of forgotten flows
  OpenSyns open_syns_;
  std::int64_t latest_time_ns_ = 0;
  bool has_time_ = false;
};

}  // namespace tcpteardown
