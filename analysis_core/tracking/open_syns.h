// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tracking/connection_store.h"
#include "wire/segment.h"

namespace tcpteardown {

// The latest SYNs by their sender and number, so that a SYN-ACK from another address than the one that was
// asked finds its SYN (an address translation that was not undone).
//
// A fixed number of places, each for the latest SYN that falls on it: a scan of any size takes no more memory
// and no more time, and at most hides an answer from elsewhere.
class OpenSyns {
 public:
  explicit OpenSyns(std::uint64_t hash_seed) : seed_(hash_seed) {}

  // A SYN of this connection.
  void note(const ConnectionStore& store, ConnectionIndex index, const Segment& syn);
  // The connection whose SYN this SYN-ACK of another connection answers.
  [[nodiscard]] std::optional<ConnectionIndex> find_asked(const ConnectionStore& store, ConnectionIndex index,
                                                          const Segment& syn_ack) const;

  // The connection other than this one that waits for an answer with this number, whatever else speaks
  // against it.
  [[nodiscard]] std::optional<ConnectionIndex> find_waiting(const ConnectionStore& store,
                                                            ConnectionIndex index, const TcpEndpoint& client,
                                                            Seq number) const;

 private:
  struct Place {
    ConnectionIndex index = 0;
    Seq iss;
    bool used = false;
    bool ambiguous = false;  // several hosts were asked with one number: a scanner
  };

  // Of another connection than this one: its place, if the numbers are the same.
  [[nodiscard]] const Place* find(ConnectionIndex index, const TcpEndpoint& client, Seq iss) const;
  [[nodiscard]] std::size_t place_of(const TcpEndpoint& client, Seq iss) const;

  std::vector<Place> places_;
  std::uint64_t seed_;
};

}  // namespace tcpteardown
