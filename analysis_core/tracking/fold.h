// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>

#include "tracking/connection.h"
#include "wire/thresholds.h"

// The steps of folding a segment, one file each. Internal to tracking/.
namespace tcpteardown::folding {

[[nodiscard]] inline Moment moment(const Segment& s) { return {s.frame, s.time_ns}; }

// True if `a` is the later of two moments in capture order; an unseen moment is never later.
[[nodiscard]] inline bool later(const Moment& a, const Moment& b) { return a.frame > b.frame; }

// New data, a FIN or the end of the handshake: what ends a quiet time. Probes and
// retransmissions do not.
inline void note_activity(Connection& c, Moment now) {
  if (c.last_activity.seen()) c.quiet_before_ns = now.time_ns - c.last_activity.time_ns;
  c.last_activity = now;
}

// fold_opening.cpp: SYN and SYN-ACK; true if the segment says nothing else (a SYN inside a
// live connection, an ACK of an old connection).
[[nodiscard]] bool fold_syn(Connection& c, Side side, const Segment& s);
[[nodiscard]] bool is_stale_ack(const Connection& c, Side side, const Segment& s);
[[nodiscard]] bool is_of_time_wait(const Connection& c, Side side, const Segment& s);
void note_pending(Connection& c, Side side, const Segment& s);
void note_challenge(Connection& c, Side side, const Segment& s);
void fold_handshake_ack(Connection& c, Side side, const Segment& s);
// Finds out whether a device renumbers; call it before all other steps.
void learn_numbers(Connection& c, Side side, const Segment& s);

// fold_strangers.cpp: what does not belong to the connection.
[[nodiscard]] bool is_damaged(Connection& c, Side side, const Segment& s);
[[nodiscard]] bool is_late_syn(const Connection& c, Side side, const Segment& s);
[[nodiscard]] bool is_stranger(Connection& c, Side side, const Segment& s);
[[nodiscard]] bool is_strange_ack(Connection& c, Side side, const Segment& s);
void forget_before_syn_ack(Connection& c, Side client, const Segment& syn_ack);

// fold_sending.cpp: payload and probes.
[[nodiscard]] SegmentKind fold_payload(Connection& c, Side side, const Segment& s);
// It looks like a keep-alive and answers at once what it does not take: a challenge (RFC 5961).
[[nodiscard]] bool is_refusal(const Connection& c, Side side, const Segment& s);

// fold_receiving.cpp: what an ACK, a SACK block and a window say.
[[nodiscard]] bool fold_ack(Connection& c, Side side, const Segment& s);  // true: acknowledged the FIN
void fold_window(Connection& c, Side side, const Segment& s);
// fold_sizes.cpp: how long the segments were that arrived.
void note_delivered(Connection& c, Side sender, Seq start, Seq end);
void note_forgotten(Endpoint& x, const Endpoint& y, const RecentSegment& r);
void acknowledge_holes(Endpoint& y, Seq ack);     // what was not captured of y arrived all the same
void note_unseen(Endpoint& y, const Segment& s);  // an ACK beyond all that was captured of y

// fold_unseen.cpp: what the capture lacks, betrayed by what the hosts did: acknowledgements, data
// that a RST acknowledges, and the rest of the handshake (true: the RST proves it).
void infer_ack_by_silence(Connection& c, Side sender, std::int64_t now_ns);
void infer_ack_by_answer(Connection& c, Side sender, std::int64_t now_ns);
void infer_ack(Connection& c, Side sender, Seq ack);
void infer_data(Connection& c, Side resetter, const Segment& s);
[[nodiscard]] bool infer_handshake(Connection& c, Side resetter, const Segment& s);

// fold_closing.cpp: FIN.
[[nodiscard]] Event fold_fin(Connection& c, Side side, const Segment& s);

// fold_unseen.cpp: the longest time after which any stack sends unacknowledged data again.
[[nodiscard]] std::int64_t longest_timeout_ns(const Connection& c, const Endpoint& x);

// fold_fin_claim.cpp: whether a FIN fits its purported sender; call it before all other steps. A FIN that can
// have ended nothing: below what its receiver has acknowledged, or far beyond what it takes.
[[nodiscard]] bool is_stray_fin(const Connection& c, Side side, const Segment& s);
void fold_fin_claim(Connection& c, Side side, const Segment& s);

// fold_trigger.cpp: what a RST answers: the likeliest and latest segment; and where several were under way,
// the one whose turn it is.
[[nodiscard]] Trigger find_trigger(const Connection& c, Side resetter, const Segment& s);
[[nodiscard]] Trigger first_of_burst(const Connection& c, Side resetter, const Segment& s,
                                     const Trigger& latest);

// Whether the first segment of a turn drew a RST, as a closed socket answers each one.
void count_turn(Connection& c, Side side, const Segment& s);
void count_reset_of_turn(Connection& c, Side resetter, const Segment& s);

// fold_reset.cpp: RST.
void fold_reset(Connection& c, Side side, const Segment& s);

// fold_aftermath.cpp: what later segments say about earlier RSTs.
void fold_aftermath(Connection& c, Side side, const Segment& s, SegmentKind kind);

// fold_context.cpp: habits of the sender, and what the payload shows.
void fold_habits(Endpoint& x, const Segment& s);
void fold_context(Endpoint& x, Endpoint& peer, const Segment& s);

// From one IP-ID to another of the same counter, which lie near each other.
[[nodiscard]] inline std::int16_t ip_id_step(std::uint16_t from, std::uint16_t to) {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(to - from));
}

// A delay that reordering may well produce: nothing that came within is proven by its time
// alone to have been sent later. A round trip, within limits.
[[nodiscard]] inline std::int64_t reordering_slack_ns(const Connection& c) {
  if (c.round_trip_ns == 0) return threshold::kReordering;
  return std::clamp(c.round_trip_ns, threshold::kLeastReordering, threshold::kReordering);
}

}  // namespace tcpteardown::folding
