// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/suspicion.h"

#include <algorithm>

#include "evidence/habits.h"

namespace tcpteardown {
namespace {

// Our choice. One hard item is near certainty; a soft one is a habit of many honest boxes, and
// two of them must not reach one half. Copied IP-ID and window are rare in honest packets.
constexpr int kHard = 90;
constexpr int kSoft = 15;
constexpr int kReflected = 30;
constexpr int kMostSoft = 75;

struct Tally {
  Suspicion result;
  int hard = 0;
  int soft = 0;
  int weight = 0;

  void add(const Indicator& indicator) {
    if (result.count < result.indicators.size()) result.indicators[result.count++] = indicator;
  }
  void add_hard(std::string_view name, const JudgedReset& r) {
    add({.name = name, .frame = r.facts.at.frame, .hard = true});
    ++hard;
  }
  void add_soft(std::string_view name, const JudgedReset& r, int weighs = kSoft) {
    add({.name = name, .frame = r.facts.at.frame});
    ++soft;
    weight += weighs;
  }
  void add_attempt(std::string_view name, const JudgedReset& r) {
    for (std::size_t i = 0; i < result.count; ++i) {
      if (result.indicators[i].name == name) return;  // the first one will do
    }
    add({.name = name, .frame = r.facts.at.frame, .attempt = true});
  }
  [[nodiscard]] int score() const {
    if (hard == 0) return std::min(weight, kMostSoft);
    return std::min(kHard + 5 * (hard - 1) + soft, 100);
  }
};

bool sender_went_on(const Reset& r) { return r.sender_sent_more.seen() || r.sender_acked_more.seen(); }

// Guessed ahead: beyond all that its purported sender had sent, and no FIN could explain it.
// Where that sender's late data ends just there, it had only overtaken them.
bool ahead_of_stream(const Teardown& t, const JudgedReset& r) {
  const Reset& f = r.facts;
  if (t.connection->side(f.sender).snd_nxt == f.seq) return false;
  return f.sender_has_seq && !f.sender_missed && !f.trigger.seen() && !f.has_ack &&
         after(f.seq, f.sender_snd_nxt + 2);
}

// A challenge ACK that the purported sender never confirmed with a RST, while it lived on.
bool challenge_unconfirmed(const JudgedReset& r) {
  return r.fate == Fate::challenged && r.facts.challenge.seen() && r.facts.sender_sent_more.seen();
}

bool did_not_count(Fate fate) {
  return fate == Fate::challenged || fate == Fate::ignored_old || fate == Fate::ignored_beyond;
}

// Conditions after Khattak's reading of the NDSS 2009 paper.
bool steps_ahead(const Reset& first, const Reset& next) {
  const bool same_side = first.sender == next.sender;
  const bool quick = next.at.time_ns - first.at.time_ns < 2'000'000'000;
  const bool quiet = !first.sender_fin_sent && !first.receiver_fin_sent && !next.trigger.seen();
  const bool ahead = first.sender_has_seq && after(next.seq, first.seq + 2) &&
                     after(next.seq, next.sender_snd_nxt) &&
                     (!next.receiver_has_ack || after(next.seq, next.receiver_rcv_nxt + 2));
  return same_side && quick && quiet && ahead && !next.sender_missed;
}

bool continues_steps(const Teardown& t, const JudgedReset& r) {
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    if (t.resets[i].facts.at.frame < r.facts.at.frame && steps_ahead(t.resets[i].facts, r.facts)) return true;
  }
  return false;
}

void add_attempts(Tally& tally, const Teardown& t) {
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const JudgedReset& r = t.resets[i];
    if (r.fate == Fate::redundant || static_cast<int>(i) == t.decisive_reset) continue;
    if (challenge_unconfirmed(r)) tally.add_attempt("challenge-unconfirmed", r);
    if (did_not_count(r.fate) && continues_steps(t, r)) tally.add_attempt("sequence-steps", r);
    if (did_not_count(r.fate) && ahead_of_stream(t, r)) tally.add_attempt("ahead-of-stream", r);
    if (did_not_count(r.fate) && r.shape == Shape::reflected) tally.add_attempt("reflected", r);
  }
}

void add_soft(Tally& tally, const Teardown& t, const JudgedReset& r) {
  if (habits::hop_limit_differs(r)) tally.add_soft("hop-limit-differs", r);
  if (habits::hop_limit_as_in_handshake(r)) tally.add_soft("hop-limit-of-handshake", r);
  if (habits::ip_id_differs(t, r)) tally.add_soft("ip-id-differs", r);
  if (r.shape == Shape::reflected) tally.add_soft("reflected", r, kReflected);
  if (habits::lacks_timestamps(t, r)) tally.add_soft("no-timestamps", r);
  if (habits::link_source_differs(t, r)) tally.add_soft("mac-differs", r);
  if (habits::too_fast(t, r)) tally.add_soft("too-fast", r);
  if (habits::fragment_flag_differs(t, r)) tally.add_soft("df-differs", r);
  if (habits::window_counts_up(t, r)) tally.add_soft("window-steps", r);
  if (habits::mirrored_by(t, r) != nullptr) tally.add_soft("mirrored-pair", r);
}

void add_hard(Tally& tally, const Teardown& t, const JudgedReset& r) {
  if (t.rejected_mid_path) {
    tally.add_hard("trigger-unseen", r);
  } else if (sender_went_on(r.facts)) {
    tally.add_hard("sender-went-on", r);
  }
  if (burst_steps_ahead(t)) tally.add_hard("sequence-steps", r);
}

}  // namespace

bool burst_steps_ahead(const Teardown& t) {
  if (t.decisive_reset < 0) return false;
  const Reset& decisive = t.reset()->facts;
  for (std::size_t i = 0; i < t.reset_count; ++i) {
    const Reset& r = t.resets[i].facts;
    if (r.at.frame > decisive.at.frame && steps_ahead(decisive, r)) return true;
    if (r.at.frame < decisive.at.frame && steps_ahead(r, decisive)) return true;
  }
  return false;
}

Suspicion judge_suspicion(const Teardown& t) {
  Tally tally;
  add_attempts(tally, t);
  const JudgedReset* decisive = t.reset();
  if (decisive == nullptr || t.closed_before_reset) return tally.result;  // no RST ended it
  add_hard(tally, t, *decisive);
  add_soft(tally, t, *decisive);
  tally.result.score = static_cast<std::uint8_t>(tally.score());
  return tally.result;
}

}  // namespace tcpteardown
