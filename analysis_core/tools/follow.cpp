// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/follow.h"

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "formats/output.h"
#include "report/report.h"

namespace tcpteardown {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;  // ns

// Behind the end of a connection no segment of it can be under way any more: twice the maximum segment
// lifetime of two minutes, for which TIME-WAIT lasts (RFC 9293 §3.4.2, §3.6). The same holds of an attempt:
// no stack waits longer between two SYNs (Linux TCP_RTO_MAX, 120 s), or between two SYN-ACKs.
constexpr std::int64_t kOver = 240 * kSecond;
// A connection that is silent for so long may go on, but no NAT has to remember it (RFC 5382 REQ-5).
constexpr std::int64_t kIdle = (2 * 3600 + 4 * 60) * kSecond;
// As many pairs of ends at a time take about a gigabyte at most (our choice).
constexpr std::size_t kMostAlive = 1'000'000;

enum class Why : std::uint8_t { over, idle, crowded, end };

std::string_view to_string(Why why) {
  switch (why) {
    case Why::over: return "over";
    case Why::idle: return "idle";
    case Why::crowded: return "crowded";
    case Why::end: return "end";
  }
  return "end";
}

// Whether no later segment could change its answer, now that it has been silent for kOver.
bool is_over(const Connection& c) {
  const bool is_attempt = (c.a.syn_count > 0 || c.b.syn_count > 0) && !c.handshake_acked;
  return c.over || (is_attempt && c.a.bytes == 0 && c.b.bytes == 0);
}

class Follower {
 public:
  Follower(const std::string& file, const Arguments& arguments, Analysis& analysis, std::ostream& out)
      : file_(file), arguments_(arguments), analysis_(analysis), out_(out) {}

  void note(FlowIndex flow);
  void look();
  void finish();

 private:
  struct Known {
    std::int64_t last_ns = 0;  // when a header of it was captured
    bool is_queued = false;
  };
  struct Queued {
    FlowIndex flow = 0;
    std::int64_t since_ns = 0;
  };

  [[nodiscard]] std::int64_t now() const { return analysis_.table().capture_end().time_ns; }
  void examine(FlowIndex flow);
  void requeue(FlowIndex flow, std::int64_t since_ns) { queue_.push_back({flow, since_ns}); }
  void retire_quietest();
  void retire(FlowIndex flow, Why why);
  void write(ConnectionIndex index, Why why);

  const std::string& file_;
  const Arguments& arguments_;
  Analysis& analysis_;
  std::ostream& out_;
  std::vector<Known> known_;  // by FlowIndex
  std::deque<Queued> queue_;  // who is to be looked at next, in front: each flow once
  std::string text_;
};

void Follower::note(FlowIndex flow) {
  if (flow >= known_.size()) known_.resize(flow + std::size_t{1});
  Known& known = known_[flow];
  known.last_ns = now();
  if (!known.is_queued) requeue(flow, known.last_ns);
  known.is_queued = true;
}

void Follower::look() {
  while (!queue_.empty() && now() - queue_.front().since_ns >= kOver) {
    const Queued first = queue_.front();
    queue_.pop_front();
    const std::int64_t last = known_[first.flow].last_ns;
    if (now() - last < kOver) {
      requeue(first.flow, last);
    } else {
      examine(first.flow);
    }
  }
  while (queue_.size() > kMostAlive) retire_quietest();
  if (text_.empty()) return;
  out_ << text_ << std::flush;
  text_.clear();
}

// One that has been silent for kOver.
void Follower::examine(FlowIndex flow) {
  const std::vector<ConnectionIndex> connections = analysis_.table().connections_of(flow);
  if (connections.empty() || is_over(analysis_.table().facts(connections.back()))) {
    retire(flow, Why::over);
  } else if (now() - known_[flow].last_ns >= kIdle) {
    retire(flow, Why::idle);
  } else {
    requeue(flow, now());
  }
}

// Not quite: the one whose turn comes next, unless it has spoken since.
void Follower::retire_quietest() {
  constexpr int kTries = 8;
  for (int i = 0; i < kTries && known_[queue_.front().flow].last_ns > queue_.front().since_ns; ++i) {
    const FlowIndex flow = queue_.front().flow;
    queue_.pop_front();
    requeue(flow, known_[flow].last_ns);
  }
  const FlowIndex flow = queue_.front().flow;
  queue_.pop_front();
  retire(flow, Why::crowded);
}

void Follower::retire(FlowIndex flow, Why why) {
  const std::vector<ConnectionIndex> connections = analysis_.table().connections_of(flow);
  for (const ConnectionIndex index : connections) {
    write(index, index == connections.back() ? why : Why::over);
  }
  analysis_.forget(flow);
  known_[flow] = {};
}

// The row of a finished capture, with one key more in front of its end.
void Follower::write(ConnectionIndex index, Why why) {
  const Report report = make_report(analysis_.table().facts(index), analysis_.table().capture_end());
  const std::string said{to_string(why)};
  if (arguments_.format == Format::json) {
    append_json(text_, report, file_, arguments_.layout.local);
    text_.insert(text_.size() - 2, ",\"record\":\"" + said + '"');
  } else {
    append_csv(text_, report, file_, arguments_.layout.local);
    text_.insert(text_.size() - 1, ',' + said);
  }
}

void Follower::finish() {
  const ConnectionTable& table = analysis_.table();
  for (const Queued& queued : queue_) {
    for (const ConnectionIndex index : table.connections_of(queued.flow)) write(index, Why::end);
    out_ << text_;
    text_.clear();
  }
  out_.flush();
}

}  // namespace

ReadResult follow_file(const std::string& file, const Arguments& arguments, Analysis& analysis,
                       std::ostream& out) {
  // Who stops "tcpdump … | tcpteardown" on a terminal interrupts both. This end goes on to the end of the
  // pipe, and reports what is still alive.
  if (file == "-") static_cast<void>(std::signal(SIGINT, SIG_IGN));
  if (arguments.format == Format::csv) {
    std::string header;
    append_csv_header(header);
    header.insert(header.size() - 1, ",record");
    out << header << std::flush;
  }
  Follower follower{file, arguments, analysis, out};
  analysis.tell_flows([&follower](FlowIndex flow) { follower.note(flow); });
  const auto add = [&](const RawFrame& frame) {
    analysis.add(frame);
    follower.look();
  };
  const ReadResult result = analysis.frames().result(read_capture(file, add));
  follower.finish();
  return result;
}

}  // namespace tcpteardown
