// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "wire/segment.h"

// Traffic for measurements: many connections at once, whose segments alternate at random.
namespace tcpteardown::bench {

enum class Plan : std::uint8_t {
  ordinary,  // a dozen segments each, one in five aborted, as a busy server sees them
  refused,   // a SYN, and the RST that refuses it
};

class Traffic {
 public:
  // `alive`: how many are open at a time, at most.
  explicit Traffic(std::uint32_t connections, std::uint32_t alive = 300, Plan plan = Plan::ordinary)
      : left_(connections), most_alive_(alive), is_refused_(plan == Plan::refused) {}

  // Calls `emit` with one segment after the other until all connections have ended.
  template <typename Emit>
  void make(Emit emit) {
    while (left_ > 0 || !alive_.empty()) {
      while (left_ > 0 && alive_.size() < most_alive_) alive_.push_back(open());
      const std::size_t pick = random_() % alive_.size();
      emit(next(alive_[pick]));
      if (alive_[pick].step < kSteps) continue;
      alive_[pick] = alive_.back();
      alive_.pop_back();
    }
  }

 private:
  static constexpr int kSteps = 13;

  struct Live {
    TcpEndpoint client;
    TcpEndpoint server;
    Seq client_seq;
    Seq server_seq;
    int step = 0;
    bool is_aborted = false;  // the client resets in place of its FIN
  };

  Live open() {
    --left_;
    Live live;
    live.client.address.bytes = {10, static_cast<std::uint8_t>(opened_ >> 16),
                                 static_cast<std::uint8_t>(opened_ >> 8), static_cast<std::uint8_t>(opened_)};
    live.client.port = static_cast<std::uint16_t>(1024 + opened_ % 60'000);
    live.server.address.bytes = {192, 0, 2, 1};
    live.server.port = 443;
    live.client_seq = Seq{static_cast<std::uint32_t>(random_())};
    live.server_seq = Seq{static_cast<std::uint32_t>(random_())};
    live.is_aborted = random_() % 5 == 0;
    ++opened_;
    return live;
  }

  Segment next(Live& live) {
    struct Step {
      bool from_client;
      Flags flags;
      std::uint32_t length;
    };
    static constexpr Step kPlan[kSteps] = {{true, {.syn = true}, 0},
                                           {false, {.syn = true, .ack = true}, 0},
                                           {true, {.ack = true}, 0},
                                           {true, {.psh = true, .ack = true}, 300},
                                           {false, {.ack = true}, 0},
                                           {false, {.ack = true}, 1448},
                                           {false, {.ack = true}, 1448},
                                           {true, {.ack = true}, 0},
                                           {false, {.psh = true, .ack = true}, 700},
                                           {true, {.ack = true}, 0},
                                           {true, {.fin = true, .ack = true}, 0},
                                           {false, {.fin = true, .ack = true}, 0},
                                           {true, {.ack = true}, 0}};
    static constexpr Step kRefusal = {false, {.rst = true, .ack = true}, 0};
    const bool refuses = is_refused_ && live.step == 1;
    const Step& plan = refuses ? kRefusal : kPlan[live.step];
    live.step = refuses ? kSteps : live.step + 1;
    Segment segment;
    segment.frame = ++frame_;
    segment.time_ns = time_ns_ += 20'000;
    segment.source = plan.from_client ? live.client : live.server;
    segment.destination = plan.from_client ? live.server : live.client;
    Seq& own = plan.from_client ? live.client_seq : live.server_seq;
    segment.seq = own;
    segment.ack = plan.flags.ack ? (plan.from_client ? live.server_seq : live.client_seq) : Seq{0};
    segment.flags = plan.flags;
    segment.payload_length = plan.length;
    segment.window = 512;
    segment.checksum = plan.length == 0 ? Checksum::right : Checksum::unknown;  // as the decoder reads it
    segment.hop_limit = 64;
    segment.has_ip_id = true;
    segment.ip_id = static_cast<std::uint16_t>(frame_);
    segment.dont_fragment = true;
    if (live.is_aborted && plan.flags.fin) {
      segment.flags = {.rst = true, .ack = true};
      live.step = kSteps;
    }
    own = own + plan.length + (plan.flags.syn || plan.flags.fin ? 1U : 0U);
    return segment;
  }

  std::mt19937 random_{6};
  std::vector<Live> alive_;
  std::uint32_t left_;
  std::uint32_t most_alive_;
  bool is_refused_;
  std::uint32_t opened_ = 0;
  FrameNumber frame_ = 0;
  std::int64_t time_ns_ = 1'000'000'000'000'000'000;
};

}  // namespace tcpteardown::bench
