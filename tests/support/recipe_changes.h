// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "dice.h"
#include "variants.h"
#include "wire/thresholds.h"

// What a recipe may do to an exchange. Each change tells what it did, or nothing if there was nothing to do.
namespace tcpteardown::test::changes {

using Events = std::vector<Event>;
using threshold::kMillisecond;
using threshold::kSecond;

// Times that a rule may compare with: thresholds, idle timers, and what is far beyond all of them.
inline constexpr std::array<std::int64_t, 42> kTimes{
    0,
    1'000,
    threshold::kNoTime,
    threshold::kMeasurableTrip,
    threshold::kOutOfOrder,
    4 * kMillisecond,
    10 * kMillisecond,
    threshold::kReordering,
    threshold::kWait,
    threshold::kProgramWakes,
    80 * kMillisecond,
    threshold::kAckTriggerReach,
    threshold::kLinuxLeastTimeout,
    threshold::kAnswerTime,
    400 * kMillisecond,
    threshold::kCancelTime,
    threshold::kUnknownTrip,
    threshold::kShortestKeepAlive,
    threshold::kTriggerReach,
    threshold::kBurst,
    threshold::kSilence,
    4 * kSecond,
    threshold::kIdle,
    6 * kSecond,
    threshold::kSoonestGivingUp,
    threshold::kLaterConnection,
    15 * kSecond,
    20 * kSecond,
    30 * kSecond,
    threshold::kLongestTrip,
    65 * kSecond,
    75 * kSecond,
    threshold::kServerIdle,
    180 * kSecond,
    240 * kSecond,
    300 * kSecond,
    350 * kSecond,
    600 * kSecond,
    900 * kSecond,
    3'600 * kSecond,
    7'200 * kSecond,
    threshold::kJoinedFiles,
};

inline constexpr std::array<std::int32_t, 16> kDistances{-1,
                                                         1,
                                                         -2,
                                                         2,
                                                         100,
                                                         -100,
                                                         1'000,
                                                         1'460,
                                                         threshold::kLongestPacket,
                                                         threshold::kUnseenByStranger,
                                                         -threshold::kUnseenByStranger,
                                                         threshold::kOtherConnection,
                                                         -threshold::kOtherConnection,
                                                         threshold::kUnseenByReset,
                                                         threshold::kUnseenByAck,
                                                         std::numeric_limits<std::int32_t>::max()};

inline std::ptrdiff_t offset(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

template <typename Values>
auto one_of(const Values& values, Dice& dice) {
  return values[dice.throw_below(values.size())];
}

inline std::string frame_name(std::size_t at) { return "frame " + std::to_string(at + 1); }

inline Segment* segment_of(Events& events, std::size_t at) {
  return events[at].segments.empty() ? nullptr : &events[at].segments.front();
}

// --- Frames: when they come, whether, in which order, how often ------------------------------------------
std::string exact_time(Events& events, std::size_t at, Dice& dice);
std::string alone_at_time(Events& events, std::size_t at, Dice& dice);
std::string stretch(Events& events, std::size_t at, Dice& dice);
std::string ends_later(Events& events, std::size_t at, Dice& dice);
std::string missing_range(Events& events, std::size_t at, Dice& dice);
std::string first_or_last(Events& events, std::size_t at, Dice& dice);
std::string sender_missing(Events& events, std::size_t at, Dice& dice);
std::string moved(Events& events, std::size_t at, Dice& dice);
std::string repeated(Events& events, std::size_t at, Dice& dice);
std::string new_connection(Events& events, std::size_t at, Dice& dice);

// --- What a segment carries -------------------------------------------------------------------------------
std::string other_kind(Events& events, std::size_t at, Dice& dice);
std::string inserted(Events& events, std::size_t at, Dice& dice);
std::string icmp_error(Events& events, std::size_t at, Dice& dice);
std::string like_another(Events& events, std::size_t at, Dice& dice);
std::string other_size(Events& events, std::size_t at, Dice& dice);
std::string other_text(Events& events, std::size_t at, Dice& dice);
std::string numbers_jump(Events& events, std::size_t at, Dice& dice);
std::string other_header(Events& events, std::size_t at, Dice& dice);
std::string as_sent_by_peer(Events& events, std::size_t at, Dice& dice);

}  // namespace tcpteardown::test::changes
