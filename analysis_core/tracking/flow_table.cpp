// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/flow_table.h"

namespace tcpteardown {
namespace {

constexpr std::size_t kFirstPlaces = 16;

}  // namespace

std::size_t FlowTable::place_of(const FlowKey& key, std::uint32_t hash) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t at = hash & mask;
  while (places_[at].flow != 0) {
    if (places_[at].hash == hash && keys_[places_[at].flow - 1] == key) break;
    at = (at + 1) & mask;
  }
  return at;
}

FlowIndex FlowTable::add(const FlowKey& key, std::uint32_t hash) {
  if (keys_.size() - unused_.size() >= places_.size() / 4 * 3) grow();
  Place& place = places_[place_of(key, hash)];
  if (place.flow == 0 && !unused_.empty()) {
    keys_[unused_.back()] = key;
    place = {hash, unused_.back() + 1};
    unused_.pop_back();
  } else if (place.flow == 0) {
    keys_.add() = key;
    place = {hash, keys_.size()};
  }
  return place.flow - 1;
}

// What stands behind it moves up, as far as its own place allows (Knuth, TAOCP 3, 6.4, algorithm R).
void FlowTable::forget(FlowIndex flow) {
  const std::size_t mask = places_.size() - 1;
  std::size_t gap = place_of(keys_[flow], hash_of(keys_[flow]));
  if (places_[gap].flow != flow + 1) return;
  unused_.push_back(flow);
  for (std::size_t at = (gap + 1) & mask; places_[at].flow != 0; at = (at + 1) & mask) {
    const std::size_t home = places_[at].hash & mask;
    if (((at - home) & mask) < ((at - gap) & mask)) continue;
    places_[gap] = places_[at];
    gap = at;
  }
  places_[gap] = {};
}

std::optional<FlowIndex> FlowTable::fetch_key(std::uint32_t hash) const {
  if (places_.empty()) return std::nullopt;
  const std::size_t mask = places_.size() - 1;
  std::size_t at = hash & mask;
  while (places_[at].flow != 0 && places_[at].hash != hash) at = (at + 1) & mask;
  if (places_[at].flow == 0) return std::nullopt;
  tcpteardown::fetch(keys_[places_[at].flow - 1]);
  return places_[at].flow - 1;
}

std::optional<FlowIndex> FlowTable::find(const FlowKey& key) const {
  if (places_.empty()) return std::nullopt;
  const Place& place = places_[place_of(key, hash_of(key))];
  if (place.flow == 0) return std::nullopt;
  return place.flow - 1;
}

void FlowTable::grow() {
  std::vector<Place> grown(places_.empty() ? kFirstPlaces : places_.size() * 2);
  const std::size_t mask = grown.size() - 1;
  for (const Place& place : places_) {
    if (place.flow == 0) continue;
    std::size_t at = place.hash & mask;
    while (grown[at].flow != 0) at = (at + 1) & mask;
    grown[at] = place;
  }
  places_.swap(grown);
}

}  // namespace tcpteardown
