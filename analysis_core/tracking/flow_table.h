// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tracking/fetch.h"
#include "tracking/paged_rows.h"
#include "wire/flow_key.h"

namespace tcpteardown {

// A pair of ends by number, from 0 in the order in which they were first asked for.
using FlowIndex = std::uint32_t;

// Numbers the pairs of ends, so that a segment is looked up once and all that is known of its flow stands in
// rows. Open addressing: one probe mostly, and 8 bytes a place.
class FlowTable {
 public:
  // The seed makes the places unpredictable for whoever made the capture.
  explicit FlowTable(std::uint64_t seed) : hash_{seed} {}

  // Throws only std::bad_alloc.
  [[nodiscard]] FlowIndex add(const FlowKey& key) { return add(key, hash_of(key)); }
  // The same for a caller who has its hash.
  [[nodiscard]] FlowIndex add(const FlowKey& key, std::uint32_t hash);
  [[nodiscard]] std::uint32_t hash_of(const FlowKey& key) const {
    return static_cast<std::uint32_t>(hash_(key));
  }
  [[nodiscard]] std::optional<FlowIndex> find(const FlowKey& key) const;

  // Reading ahead, see fetch.h: first where a key of this hash may stand, then its flow, probably.
  void fetch(std::uint32_t hash) const {
    if (!places_.empty()) tcpteardown::fetch(places_[hash & (places_.size() - 1)]);
  }
  [[nodiscard]] std::optional<FlowIndex> fetch_key(std::uint32_t hash) const;

  // Its number will be given to another pair of ends.
  void forget(FlowIndex flow);

  [[nodiscard]] const FlowKey& key(FlowIndex flow) const { return keys_[flow]; }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  [[nodiscard]] std::size_t memory() const { return places_.capacity() * sizeof(Place) + keys_.memory(); }

 private:
  struct Place {
    std::uint32_t hash = 0;
    std::uint32_t flow = 0;  // plus one; 0: free
  };

  // Where the key stands, or would.
  [[nodiscard]] std::size_t place_of(const FlowKey& key, std::uint32_t hash) const;
  void grow();

  FlowKeyHash hash_;
  std::vector<Place> places_;      // a power of two
  std::vector<FlowIndex> unused_;  // numbers of forgotten ones
  PagedRows<FlowKey> keys_;        // by FlowIndex
};

}  // namespace tcpteardown
