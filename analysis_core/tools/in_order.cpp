// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/in_order.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace tcpteardown {
namespace {

constexpr std::size_t kWaitingPerThread = 4;  // pieces; so that one that takes long does not stop the others

class Workshop {
 public:
  Workshop(std::size_t pieces, unsigned threads, const MakePiece& make)
      : pieces_(pieces), make_(make), shelf_(threads * kWaitingPerThread) {
    for (unsigned i = 0; i < threads; ++i) workers_.emplace_back([this] { work(); });
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  ~Workshop() {
    stop();
    for (std::thread& worker : workers_) worker.join();
  }

  // The next piece in order. It may be used until the next call.
  [[nodiscard]] const std::string& next() {
    std::unique_lock lock{mutex_};
    if (taken_ > 0) slot(taken_ - 1).is_full = false;
    changed_.notify_all();
    changed_.wait(lock, [this] { return problem_ || slot(taken_).is_full; });
    if (problem_) std::rethrow_exception(problem_);
    return slot(taken_++).text;
  }

 private:
  struct Slot {
    std::string text;
    bool is_full = false;
  };

  [[nodiscard]] Slot& slot(std::size_t piece) { return shelf_[piece % shelf_.size()]; }

  // The piece in hand still lies in its slot while the next one is waited for.
  [[nodiscard]] bool has_room() const { return started_ + 1 < taken_ + shelf_.size(); }

  void stop() {
    const std::lock_guard lock{mutex_};
    is_stopped_ = true;
    changed_.notify_all();
  }

  void work() {
    std::unique_lock lock{mutex_};
    for (;;) {
      changed_.wait(lock, [this] { return is_stopped_ || started_ == pieces_ || has_room(); });
      if (is_stopped_ || started_ == pieces_) return;
      const std::size_t piece = started_++;
      Slot& own = slot(piece);
      lock.unlock();
      std::exception_ptr problem;
      try {
        own.text.clear();
        make_(piece, own.text);
      } catch (...) {
        problem = std::current_exception();
      }
      lock.lock();
      own.is_full = true;
      if (problem) problem_ = problem;
      changed_.notify_all();
    }
  }

  std::size_t pieces_;
  const MakePiece& make_;
  std::vector<Slot> shelf_;
  std::size_t started_ = 0;
  std::size_t taken_ = 0;
  bool is_stopped_ = false;
  std::exception_ptr problem_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::thread> workers_;
};

}  // namespace

void make_in_order(std::size_t pieces, unsigned threads, const MakePiece& make, const TakePiece& take) {
  if (threads <= 1 || pieces <= 1) {
    std::string text;
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      text.clear();
      make(piece, text);
      take(text);
    }
    return;
  }
  Workshop workshop{pieces, threads, make};
  for (std::size_t piece = 0; piece < pieces; ++piece) take(workshop.next());
}

}  // namespace tcpteardown
