// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tcpteardown {

// A sequence that only grows: its rows never move, so growing copies none of them, and finding one takes two
// steps. A std::deque of so small rows wastes a tenth of its memory and finds them more slowly.
template <typename Row>
class PagedRows {
 public:
  // Throws only std::bad_alloc.
  Row& add() {
    if (size_ == pages_.size() * kPage) pages_.push_back(std::make_unique<Page>());
    return (*this)[size_++];
  }
  [[nodiscard]] Row& operator[](std::uint32_t i) { return (*pages_[i / kPage])[i % kPage]; }
  [[nodiscard]] const Row& operator[](std::uint32_t i) const { return (*pages_[i / kPage])[i % kPage]; }
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] std::size_t memory() const {
    return pages_.size() * sizeof(Page) + pages_.capacity() * sizeof(void*);
  }

 private:
  static constexpr std::uint32_t kPage = 64;  // rows; our choice: few enough for a capture of one connection
  using Page = std::array<Row, kPage>;

  std::vector<std::unique_ptr<Page>> pages_;
  std::uint32_t size_ = 0;
};

}  // namespace tcpteardown
