// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace tcpteardown {

// Appends the piece of that number to a text. Called on any thread, so it may only read what others share.
using MakePiece = std::function<void(std::size_t piece, std::string& text)>;
// Is given the pieces one by one in their order, on the calling thread.
using TakePiece = std::function<void(const std::string& text)>;

// Makes pieces on so many threads, of which few wait at a time to be taken: what is taken is the same
// whatever the number of threads. What a piece throws is thrown here.
void make_in_order(std::size_t pieces, unsigned threads, const MakePiece& make, const TakePiece& take);

}  // namespace tcpteardown
