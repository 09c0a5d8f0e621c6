// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "tracking/connection.h"
#include "wire/segment.h"

namespace tcpteardown {

// Position of a connection in the order of its first segment in the capture, from 0.
using ConnectionIndex = std::uint32_t;

// The latest SYNs by their sender and number, so that a SYN-ACK from another address than the one that was
// asked finds its SYN (an address translation that was not undone).
//
// A fixed number of places, each for the latest SYN that falls on it: a scan of any size takes no more memory
// and no more time, and at most hides an answer from elsewhere.
class OpenSyns {
 public:
  explicit OpenSyns(std::uint64_t hash_seed) : seed_(hash_seed) {}

  // A SYN of this connection.
  void note(const std::deque<Connection>& connections, ConnectionIndex index, const Segment& syn);
  // The connection whose SYN this SYN-ACK of another connection answers.
  [[nodiscard]] std::optional<ConnectionIndex> find_asked(const std::deque<Connection>& connections,
                                                          ConnectionIndex index,
                                                          const Segment& syn_ack) const;

  // The connection that waits for an answer with this number, whatever else speaks against it.
  [[nodiscard]] std::optional<ConnectionIndex> find_waiting(const std::deque<Connection>& connections,
                                                            const TcpEndpoint& client, Seq number) const;

 private:
  struct Place {
    ConnectionIndex index = 0;
    bool used = false;
    bool ambiguous = false;  // several hosts were asked with one number: a scanner
  };

  [[nodiscard]] std::size_t place_of(const TcpEndpoint& client, Seq iss) const;

  std::vector<Place> places_;
  std::uint64_t seed_;
};

}  // namespace tcpteardown
