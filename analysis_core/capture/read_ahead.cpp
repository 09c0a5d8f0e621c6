// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/read_ahead.h"

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>

#include "capture/packet_batch.h"

namespace tcpteardown {
namespace {

// Reads a capture into a batch, and goes on with the one that `full` gives for it.
template <typename Full>
ReadResult read_batches(const std::string& path, FrameNumber before, const ProgressHandler& progress,
                        PacketBatch& first, Full full) {
  PacketBatch* batch = &first;
  const auto add = [&](RawFrame frame) {
    frame.number += before;  // each file's reader counts its own frames from 1
    bool has_more = true;
    for (std::uint32_t packet = 0; has_more && packet < kMostPackets; ++packet) {
      if (!batch->has_room_for(frame)) batch = &full();
      has_more = batch->add(frame, packet);
    }
  };
  return read_capture(path, add, progress);
}

// Batches go round between the two threads.
class Exchange {
 public:
  struct Stopped {};  // thrown at the reader when nobody wants more

  // The reader's next batch to fill.
  PacketBatch& empty_one() {
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
  PacketBatch* full_one() {
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
  std::array<PacketBatch, 4> batches_;
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
      PacketBatch* batch = &exchange_.empty_one();
      const auto full = [&]() -> PacketBatch& {
        exchange_.pass_on();
        batch = &exchange_.empty_one();
        return *batch;
      };
      result_ = read_batches(path, before, progress, *batch, full);
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

ReadResult read_in_batches(const std::string& path, Analysis& analysis, const ProgressHandler& progress) {
  PacketBatch batch;
  const auto full = [&]() -> PacketBatch& {
    analysis.add(batch);
    batch.clear();
    return batch;
  };
  const ReadResult result = read_batches(path, analysis.last_frame(), progress, batch, full);
  analysis.add(batch);
  return result;
}

ReadResult read_in_background(const std::string& path, Analysis& analysis, const ProgressHandler& progress) {
  Exchange exchange;
  Reader reader{path, analysis.last_frame(), progress, exchange};
  while (PacketBatch* batch = exchange.full_one()) {
    analysis.add(*batch);
    batch->clear();
    exchange.give_back();
  }
  return reader.result();
}

}  // namespace tcpteardown
