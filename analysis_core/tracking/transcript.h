// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tracking/fetch.h"
#include "tracking/paged_rows.h"

// Bytes that are only appended, one run for each connection, in pieces from one pool: a connection takes no
// memory of its own from the system, and gives its pieces back at once.
namespace tcpteardown {

// A run. Its pieces belong to the pool, and are numbered from 1.
struct Transcript {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint16_t size = 0;  // bytes
};

// The longest run, in bytes: about as much as the facts of a connection take, see connection.h.
inline constexpr std::size_t kLongestTranscript = 4'096;

class TranscriptPool {
 public:
  using Bytes = std::array<std::uint8_t, kLongestTranscript>;

  // Throws only std::bad_alloc. No more than kLongestTranscript.
  void append(Transcript& transcript, std::span<const std::uint8_t> bytes);
  // The whole run, in `room`.
  [[nodiscard]] std::span<const std::uint8_t> read(const Transcript& transcript, Bytes& room) const;
  void release(Transcript& transcript);

  // Asks for the piece that is appended to next; see fetch.h.
  void fetch_end(const Transcript& transcript) const {
    if (transcript.last != 0) fetch(pieces_[transcript.last - 1]);
  }

  // Asks for the piece with this number, and tells the next one's, of a piece that has been asked for: step
  // by step, so that several runs are read ahead at once.
  void fetch_piece(std::uint32_t piece) const { fetch(pieces_[piece - 1]); }
  [[nodiscard]] std::uint32_t behind(const Transcript& transcript, std::uint32_t piece) const {
    return piece == transcript.last ? 0 : pieces_[piece - 1].next;
  }

  [[nodiscard]] std::size_t memory() const { return pieces_.memory(); }

 private:
  static constexpr std::size_t kPieceBytes = 28;
  struct Piece {
    std::array<std::uint8_t, kPieceBytes> bytes;
    std::uint32_t next;  // of the run, or of the free ones
  };

  [[nodiscard]] std::uint32_t take();

  PagedRows<Piece> pieces_;
  std::uint32_t free_ = 0;  // the first of a list; 0: none
};

}  // namespace tcpteardown
