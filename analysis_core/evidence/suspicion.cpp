// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/suspicion.h"

#include <algorithm>

namespace tcpteardown {
namespace {

constexpr int kHard = 90;  // our choice: one hard item alone is near certainty
constexpr int kSoft = 15;  // one soft item alone is a habit of many honest boxes

struct Tally {
  Suspicion result;
  int hard = 0;
  int soft = 0;

  void add(std::string_view name, bool is_hard) {
    if (result.count < result.indicators.size()) result.indicators[result.count++] = name;
    (is_hard ? hard : soft) += 1;
  }
};

bool sender_went_on(const Teardown& t, const Reset& r) {
  return (r.sender_sent_more.seen() || r.sender_acked_more.seen()) && !t.rejected_mid_path;
}

// Guessed ahead: beyond all that its purported sender had sent, and no FIN could explain it.
bool ahead_of_stream(const JudgedReset& r) {
  const Reset& f = r.facts;
  return f.sender_has_seq && !f.sender_missed && !f.trigger.seen() && !f.has_ack &&
         after(f.seq, f.sender_snd_nxt + 2);
}

// A challenge ACK that the purported sender never confirmed with a RST, while it lived on.
bool challenge_unconfirmed(const JudgedReset& r) {
  return r.fate == Fate::challenged && r.facts.challenge.seen() && r.facts.sender_sent_more.seen();
}

bool hop_limit_differs(const JudgedReset& r) {
  return r.ttl_delta && r.facts.usual_hop_limit_seen >= 3 && (*r.ttl_delta >= 2 || *r.ttl_delta <= -2);
}

bool ip_id_differs(const Teardown& t, const JudgedReset& r) {
  if (!r.ipid_delta || !t.connection->side(r.facts.sender).ip_id_varies) return false;
  constexpr std::int32_t kFar = 1000;  // our choice: busy hosts share one counter
  return *r.ipid_delta > kFar || *r.ipid_delta < 0;
}

// Faster than half the round trip after the segment it answers, seen from that segment's sender.
bool too_fast(const Teardown& t, const JudgedReset& r) {
  const Connection& c = *t.connection;
  const Side receiver = other(r.facts.sender);
  const bool at_client = receiver == t.client;
  if (!at_client || !r.facts.trigger.seen() || c.round_trip_ns < 2'000'000) return false;
  return r.facts.at.time_ns - r.facts.trigger.at.time_ns < c.round_trip_ns / 2 &&
         c.handshake_done.time_ns - c.side(receiver).syn.time_ns >= c.round_trip_ns;
}

bool lacks_timestamps(const Teardown& t, const JudgedReset& r) {
  const Endpoint& x = t.connection->side(r.facts.sender);
  const bool agreed = x.offers_timestamps && t.connection->side(other(r.facts.sender)).offers_timestamps;
  return r.shape == Shape::active && agreed && !r.facts.has_ts;
}

bool link_source_differs(const Teardown& t, const JudgedReset& r) {
  const std::uint64_t usual = t.connection->side(r.facts.sender).link_source;
  return usual != 0 && r.facts.link_source != 0 && r.facts.link_source != usual;
}

// Linux forbids fragments on every segment without a socket, so only the contrary tells.
bool fragment_flag_differs(const Teardown& t, const JudgedReset& r) {
  const Endpoint& x = t.connection->side(r.facts.sender);
  return r.facts.has_ip_id && x.df_known && x.sends_df && !r.facts.dont_fragment;
}

// Three RSTs of one side whose windows rise by one: a counter of the box that made them.
bool window_counts_up(const Teardown& t, Side sender) {
  int steps = 0;
  const Reset* previous = nullptr;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const Reset& r = t.resets[i].facts;
    if (r.sender != sender) continue;
    if (previous != nullptr && r.window == previous->window + 1) ++steps;
    previous = &r;
  }
  return steps >= 2;
}

// A RST to each side, made of the same two numbers, sooner than either could know of the other.
bool mirrored_pair(const Teardown& t, const JudgedReset& r) {
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const JudgedReset& next = t.resets[i];
    const bool behind = next.facts.sender != r.facts.sender && next.facts.at.frame > r.facts.at.frame;
    const bool at_once = next.facts.at.time_ns - r.facts.at.time_ns < t.connection->round_trip_ns / 2;
    const bool same_numbers = next.facts.has_ack && r.facts.has_ack && next.facts.seq == r.facts.ack &&
                              next.facts.ack == r.facts.seq;
    if (behind && at_once && same_numbers && next.shape != Shape::reactive) return true;
  }
  return false;
}

void add_soft(Tally& tally, const Teardown& t, const JudgedReset& r) {
  if (hop_limit_differs(r)) tally.add("hop-limit-differs", false);
  if (ip_id_differs(t, r)) tally.add("ip-id-differs", false);
  if (r.shape == Shape::reflected) tally.add("reflected", false);
  if (lacks_timestamps(t, r)) tally.add("no-timestamps", false);
  if (link_source_differs(t, r)) tally.add("mac-differs", false);
  if (too_fast(t, r)) tally.add("too-fast", false);
  if (fragment_flag_differs(t, r)) tally.add("df-differs", false);
  if (window_counts_up(t, r.facts.sender)) tally.add("window-steps", false);
  if (mirrored_pair(t, r)) tally.add("mirrored-pair", false);
}

}  // namespace

// Two RSTs of one side, the later one ahead of the earlier and of all that was sent or
// acknowledged (conditions after Khattak's reading of the NDSS 2009 paper).
bool burst_steps_ahead(const Teardown& t) {
  for (std::size_t i = 0; i + 1 < t.reset_count; ++i) {
    const Reset& first = t.resets[i].facts;
    for (std::size_t k = i + 1; k < t.reset_count; ++k) {
      const Reset& next = t.resets[k].facts;
      const bool same_side = first.sender == next.sender;
      const bool quick = next.at.time_ns - first.at.time_ns < 2'000'000'000;
      const bool quiet = !first.sender_fin_sent && !first.receiver_fin_sent && !next.trigger.seen();
      const bool ahead = first.sender_has_seq && after(next.seq, first.seq + 2) &&
                         after(next.seq, first.sender_snd_nxt) &&
                         (!next.receiver_has_ack || after(next.seq, next.receiver_rcv_nxt + 2));
      if (same_side && quick && quiet && ahead && !next.sender_missed) return true;
    }
  }
  return false;
}

Suspicion judge_suspicion(const Teardown& t) {
  Tally tally;
  const JudgedReset* decisive = t.reset();
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const JudgedReset& r = t.resets[i];
    if (challenge_unconfirmed(r)) {
      tally.add("challenge-unconfirmed", false);
      break;
    }
  }
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    if (t.resets[i].fate == Fate::redundant || !ahead_of_stream(t.resets[i])) continue;
    tally.add("ahead-of-stream", false);
    break;
  }
  if (decisive == nullptr || t.closed_before_reset) {
    tally.result.score = 0;  // no RST ended it: whatever was tried, the ending is genuine
    return tally.result;
  }
  if (sender_went_on(t, decisive->facts)) tally.add("sender-went-on", true);
  if (burst_steps_ahead(t)) tally.add("sequence-steps", true);
  add_soft(tally, t, *decisive);
  const int score = tally.hard > 0 ? kHard + 5 * (tally.hard - 1) + tally.soft : kSoft * tally.soft;
  tally.result.score = static_cast<std::uint8_t>(std::min(score, tally.hard > 0 ? 100 : 75));
  return tally.result;
}

}  // namespace tcpteardown
