// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "tracking/connection_table.h"
#include "wire/segment.h"

// Exchanges of segments made move by move: for random walks, and to enumerate all short ones.
namespace tcpteardown::test {

// What can happen next. Those of a side come twice, for A and for B.
enum class Move : std::uint8_t {
  data,           // new bytes, having taken all that is under way to this side
  data_crossing,  // the same without having taken it
  fin,
  fin_crossing,
  ack,
  ack_zero_window,
  reset,  // RST,ACK at SND.NXT: active
  reset_crossing,
  reset_reactive,  // RST at the ACK number of the latest segment from the other side
  repeat,          // the last segment that takes sequence numbers, once more
  probe,           // keep-alive: SND.NXT-1, no data
  syn,             // the first, or its repetition
  syn_new,         // with another ISN, inside the connection
  syn_ack,
  syn_ack_bad,  // acknowledges what was never sent
  refuse,       // RST,ACK with number 0 that acknowledges a SYN
  stale_ack,    // pure ACK of another connection
  icmp,         // a router reports that the last segment of this side could not be delivered
  wait,         // two minutes pass (of no side)
};

struct Step {
  Move move = Move::wait;
  int side = 0;  // 0: A, 1: B
};

using Item = std::variant<Segment, IcmpError>;

struct Hosts {
  std::array<TcpEndpoint, 2> ends;
  std::array<Seq, 2> iss;
};

[[nodiscard]] Hosts usual_hosts();

class Exchange {
 public:
  explicit Exchange(const Hosts& hosts) : hosts_(hosts) {}

  // False if the step makes no sense here (nothing to repeat, nothing to answer); then nothing happened.
  bool play(Step step);
  void play_all(std::span<const Step> steps);
  void let_pass(std::int64_t duration_ns) { now_ns_ += duration_ns; }

  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  [[nodiscard]] std::int64_t now_ns() const { return now_ns_; }

 private:
  struct Host {
    bool has_syn = false;
    Seq snd_nxt;
    Seq rcv_nxt;
    bool has_rcv_nxt = false;
    Segment last;  // that takes sequence numbers
    bool has_last = false;
    Segment latest;  // of any kind
    bool has_latest = false;
  };

  [[nodiscard]] Host& host(int side) { return hosts_state_[static_cast<std::size_t>(side)]; }
  [[nodiscard]] Segment blank(int side, Flags flags);
  [[nodiscard]] Segment reset_of(int side);
  void take(int side);
  bool play_connected(Step step);
  bool play_opening(Step step);
  bool play_syn(int side, Seq seq);
  bool play_icmp(int side);
  void send(int side, const Segment& segment);
  bool send_data(int side, std::uint32_t length, bool has_fin);

  Hosts hosts_;
  std::array<Host, 2> hosts_state_;
  std::vector<Item> items_;
  std::int64_t now_ns_ = 1'000'000'000'000'000'000;
  FrameNumber frames_ = 0;
  std::uint16_t next_id_ = 1;
};

// All items into a table, and the end of the capture so long after the last one.
void feed(ConnectionTable& table, std::span<const Item> items, std::int64_t tail_ns);

}  // namespace tcpteardown::test
