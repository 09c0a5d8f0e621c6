// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/read_ahead.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "capture/frame_decoder.h"

namespace tcpteardown {
namespace {

// Small enough that what one thread wrote lies in a cache when the other reads it (our choice).
constexpr std::size_t kPackets = 256;
constexpr std::size_t kPayload = 256 * 1024;  // bytes

// Packets with their payloads, which the reader's own buffer does not keep for so long.
class Batch {
 public:
  Batch() { payload_.resize(kPayload); }

  struct Packet {
    RawFrame frame;  // without its bytes
    FrameContents contents;
    bool is_first = false;  // of its frame
  };

  [[nodiscard]] bool has_room(std::size_t payload) const {
    return packets_.empty() || (packets_.size() < kPackets && payload_.size() - used_ >= payload);
  }
  void add(const RawFrame& frame, const FrameContents& contents, bool is_first) {
    Packet& packet = packets_.emplace_back(Packet{frame, contents, is_first});
    packet.frame.bytes = {};
    if (packet.contents.header) keep(packet.contents.header->segment.payload);
  }
  [[nodiscard]] const std::vector<Packet>& packets() const { return packets_; }
  void clear() {
    packets_.clear();
    used_ = 0;
  }

 private:
  void keep(std::span<const std::uint8_t>& payload) {
    if (payload.size() > payload_.size()) payload_.resize(payload.size());  // of an empty batch
    std::copy(payload.begin(), payload.end(), payload_.begin() + static_cast<std::ptrdiff_t>(used_));
    payload = std::span(payload_).subspan(used_, payload.size());
    used_ += payload.size();
  }

  std::vector<Packet> packets_;
  std::vector<std::uint8_t> payload_;
  std::size_t used_ = 0;
};

// Batches go round between the two threads.
class Exchange {
 public:
  struct Stopped {};  // thrown at the reader when nobody wants more

  // The reader's next batch to fill.
  Batch& empty_one() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return is_stopped_ || filled_ - taken_ < batches_.size(); });
    if (is_stopped_) throw Stopped{};
    return batches_[filled_ % batches_.size()];
  }
  void pass_on() {
    const std::lock_guard lock{mutex_};
    ++filled_;
    changed_.notify_all();
  }
  void end() {
    const std::lock_guard lock{mutex_};
    has_ended_ = true;
    changed_.notify_all();
  }

  // The next full one; nullptr behind the last.
  Batch* full_one() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return has_ended_ || taken_ < filled_; });
    return taken_ < filled_ ? &batches_[taken_ % batches_.size()] : nullptr;
  }
  void give_back() {
    const std::lock_guard lock{mutex_};
    ++taken_;
    changed_.notify_all();
  }
  void stop() {
    const std::lock_guard lock{mutex_};
    is_stopped_ = true;
    changed_.notify_all();
  }

 private:
  std::array<Batch, 4> batches_;
  std::size_t filled_ = 0;
  std::size_t taken_ = 0;
  bool has_ended_ = false;
  bool is_stopped_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
};

// The thread that reads.
class Reader {
 public:
  Reader(const std::string& path, FrameNumber before, const ProgressHandler& progress, Exchange& exchange)
      : exchange_(exchange), thread_([this, path, before, &progress] { read(path, before, progress); }) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    exchange_.stop();
    if (thread_.joinable()) thread_.join();
  }

  // Waits for its end.
  [[nodiscard]] ReadResult result() {
    thread_.join();
    if (problem_) std::rethrow_exception(problem_);
    return result_;
  }

 private:
  void read(const std::string& path, FrameNumber before, const ProgressHandler& progress) {
    try {
      Batch* batch = &exchange_.empty_one();
      batch->clear();
      const auto add = [&](RawFrame frame) {
        frame.number += before;
        decode_packets(frame, [&](const FrameContents& contents, bool is_first) {
          const std::size_t payload = contents.header ? contents.header->segment.payload.size() : 0;
          if (!batch->has_room(payload)) {
            exchange_.pass_on();
            batch = &exchange_.empty_one();
            batch->clear();
          }
          batch->add(frame, contents, is_first);
        });
      };
      result_ = read_capture(path, add, progress);
      exchange_.pass_on();
    } catch (const Exchange::Stopped&) {
      // The other thread has met with trouble of its own.
    } catch (...) {
      problem_ = std::current_exception();
    }
    exchange_.end();
  }

  Exchange& exchange_;
  ReadResult result_;
  std::exception_ptr problem_;
  std::thread thread_;  // last: it uses the others
};

}  // namespace

ReadResult read_in_background(const std::string& path, Analysis& analysis, const ProgressHandler& progress) {
  Exchange exchange;
  Reader reader{path, analysis.last_frame(), progress, exchange};
  while (Batch* batch = exchange.full_one()) {
    for (const Batch::Packet& packet : batch->packets()) {
      if (packet.is_first) {
        analysis.add_first(packet.frame, packet.contents);
      } else {
        analysis.add(packet.contents);
      }
    }
    exchange.give_back();
  }
  return reader.result();
}

}  // namespace tcpteardown
