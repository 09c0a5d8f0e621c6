// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/suspicion.h"

#include <algorithm>

#include "evidence/classify_reset.h"
#include "evidence/foreign_fin.h"
#include "evidence/habits.h"
#include "evidence/stated_reason.h"
#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

// Our choice. One hard item is near certainty; a soft one is a habit of many honest boxes, and
// alone it must not reach one half. The hop limit tells most; another sign that does not follow from the
// first weighs more than the first. Copied IP-ID and window are rare in honest packets.
constexpr int kHard = 90;
constexpr int kSoft = 15;
constexpr int kHops = 30;
constexpr int kFurther = 25;
constexpr int kReflected = 30;
constexpr int kMostSoft = 75;
constexpr int kMostOfBox = 45;

struct Tally {
  Suspicion result;
  int hard = 0;
  int soft = 0;
  int weight = 0;
  int most_soft = kMostSoft;

  void add(const Indicator& indicator) {
    if (result.count < result.indicators.size()) result.indicators[result.count++] = indicator;
  }
  void add_hard(std::string_view name, const JudgedReset& r) {
    add({.name = name, .frame = r.facts.at.frame, .hard = true});
    ++hard;
  }
  void add_soft(std::string_view name, const JudgedReset& r, int weighs = kSoft) {
    add({.name = name, .frame = r.facts.at.frame});
    weigh(weighs);
  }
  void weigh(int weighs) {
    weight += soft > 0 ? kFurther : weighs;
    ++soft;
  }
  void add(std::string_view name, const FinClaim& claim, bool is_hard) {
    add({.name = name, .frame = claim.at.frame, .hard = is_hard});
    if (is_hard) {
      ++hard;
    } else {
      weigh(kSoft);
    }
  }
  void add_attempt(std::string_view name, const JudgedReset& r) {
    for (std::size_t i = 0; i < result.count; ++i) {
      if (result.indicators[i].name == name) return;  // the first one will do
    }
    add({.name = name, .frame = r.facts.at.frame, .attempt = true});
  }
  [[nodiscard]] int score() const {
    if (hard == 0) return std::min(weight, most_soft);
    return std::min(kHard + 5 * (hard - 1) + soft, 100);
  }
};

// Guessed ahead: beyond all that its purported sender had sent, and no FIN could explain it.
// Where that sender's late data ends just there, it had only overtaken them.
bool ahead_of_stream(const Teardown& t, const JudgedReset& r) {
  const Reset& f = r.facts;
  if (t.connection->side(f.sender).snd_nxt == f.seq) return false;
  return f.sender_has_seq && !f.sender_missed && !f.trigger.seen() && !f.has_ack &&
         after(f.seq, f.sender_snd_nxt + threshold::kStepsAhead);
}

// A challenge ACK that the purported sender never confirmed with a RST, while it lived on.
bool challenge_unconfirmed(const JudgedReset& r) {
  return r.fate == Fate::challenged && r.facts.challenge.seen() && r.facts.sender_sent_more.seen();
}

// Conditions after Khattak's reading of the NDSS 2009 paper.
bool steps_ahead(const Reset& first, const Reset& next) {
  const bool same_side = first.sender == next.sender;
  const bool quick = next.at.time_ns - first.at.time_ns < threshold::kBurst;
  const bool quiet = !first.sender_fin_sent && !first.receiver_fin_sent && !next.trigger.seen();
  // Of a sender that was not captured before, its peer's ACK field tells where it stood.
  const bool stood = first.sender_has_seq ? after(next.seq, next.sender_snd_nxt)
                                          : first.receiver_has_ack && first.has_ack && next.has_ack;
  const bool ahead =
      stood && after(next.seq, first.seq + threshold::kStepsAhead) &&
      (!next.receiver_has_ack || after(next.seq, next.receiver_rcv_nxt + threshold::kStepsAhead));
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

// What is a sign only beside another one.
bool has_company(const Teardown& t, const JudgedReset& r) {
  return habits::too_fast(t, r) || habits::lacks_timestamps(t, r) || habits::ip_id_copied(r);
}

void add_soft(Tally& tally, const Teardown& t, const JudgedReset& r) {
  const bool other_hops = habits::hop_limit_differs(r) || (habits::hop_limit_left(r) && has_company(t, r));
  if (other_hops) tally.add_soft("hop-limit-differs", r, kHops);
  if (habits::hop_limit_as_in_handshake(r)) tally.add_soft("hop-limit-of-handshake", r);
  if (r.shape == Shape::reflected) tally.add_soft("reflected", r, kReflected);
  if (habits::ip_id_differs(t, r)) tally.add_soft("ip-id-differs", r);
  if (habits::ip_id_copied(r) && other_hops && r.shape != Shape::reflected) tally.add_soft("ip-id-copied", r);
  if (habits::lacks_timestamps(t, r)) tally.add_soft("no-timestamps", r);
  if (habits::link_source_differs(t, r)) tally.add_soft("mac-differs", r);
  if (habits::too_fast(t, r)) tally.add_soft("too-fast", r);
  if (habits::fragment_flag_differs(t, r)) tally.add_soft("df-differs", r);
  if (habits::window_counts_up(t, r)) tally.add_soft("window-steps", r);
  if (habits::mirrored_by(t, r) != nullptr) tally.add_soft("mirrored-pair", r);
}

// A device that says why it resets, or resets what was idle for as long as such devices wait, forges nothing.
bool is_boxs_duty(const Teardown& t, const JudgedReset& r) {
  const bool timer = r.facts.idle_known && r.facts.idle_ns >= threshold::kBoxTimer * threshold::kSecond;
  return timer || stated_reason(t).by != StatedReason::By::none;
}

void add_hard(Tally& tally, const Teardown& t, const JudgedReset& r) {
  if (t.rejected_mid_path) {
    tally.add_hard("trigger-unseen", r);
  } else if (sender_went_on(r.facts) && !t.took_syn_back) {
    tally.add_hard("sender-went-on", r);
  }
  if (burst_steps_ahead(t)) tally.add_hard("sequence-steps", r);
  if (t.forged && habits::built_nearby(t, r)) tally.add_hard("built-nearby", r);
}

// A FIN that ended the connection: the forged one, or one that only looks foreign.
void add_fin(Tally& tally, const Teardown& t, Side purported) {
  const FinClaim& claim = t.connection->side(purported).fin_claim;
  const FinSigns signs = fin_signs(t, purported);
  if (t.forged_fin) {
    if (signs.wrote) tally.add("sender-went-on", claim, true);
    if (signs.stood_below || signs.refused) tally.add("fin-denied", claim, true);
    if (signs.lacks_stamps) tally.add("no-timestamps", claim, true);
    if (signs.sent_again) tally.add("fin-sent-again", claim, true);
    if (signs.old_echo) tally.add("old-echo", claim, true);
  }
  if (signs.other_hops) tally.add("hop-limit-differs", claim, false);
  if (signs.other_ip_id) tally.add("ip-id-differs", claim, false);
  if (signs.other_link) tally.add("mac-differs", claim, false);
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

Suspicion find_suspicion(const Teardown& t) {
  Tally tally;
  add_attempts(tally, t);
  if (t.forged_fin) {
    add_fin(tally, t, t.forged_fin_by_name);
    tally.result.score = static_cast<std::uint8_t>(tally.score());
    return tally.result;
  }
  const JudgedReset* decisive = t.reset();
  if (decisive == nullptr || t.closed_before_reset) return tally.result;  // no RST ended it
  add_hard(tally, t, *decisive);
  if (!t.took_syn_back) add_soft(tally, t, *decisive);  // a scanner has its system's habits, and its own
  if (is_boxs_duty(t, *decisive)) tally.most_soft = kMostOfBox;
  tally.result.score = static_cast<std::uint8_t>(tally.score());
  return tally.result;
}

bool looks_foreign(const Teardown& t) { return find_suspicion(t).score >= threshold::kSuspected; }

}  // namespace tcpteardown
