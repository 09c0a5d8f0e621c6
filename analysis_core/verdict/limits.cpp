// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/limits.h"

#include <algorithm>
#include <optional>

#include "verdict/catalogue.h"
#include "verdict/doubts.h"

namespace tcpteardown {
namespace {

using namespace doubts;
using To = Applies::To;

constexpr auto kMedium = Confidence::medium;
constexpr auto kLow = Confidence::low;

constexpr Applies kAll{To::all, {}, {}, 0};

constexpr Applies all_of(Family family) { return {To::family, family, {}, 0}; }

template <typename... Ids>
constexpr Applies only(Ids... ids) {
  return {To::listed, {}, {ids...}, sizeof...(ids)};
}

template <typename... Ids>
constexpr Applies all_but(Ids... ids) {
  return {To::all_but_listed, {}, {ids...}, sizeof...(ids)};
}

constexpr Applies kByThirdParty =
    only("fin-injected"_verdict, "midpath-reject"_verdict, "reset-injected"_verdict);
constexpr Applies kByHost =
    all_but("fin-injected"_verdict, "midpath-reject"_verdict, "reset-injected"_verdict);
constexpr Applies kUnanswered =
    only("setup-no-reply"_verdict, "setup-synack-unanswered"_verdict, "setup-answered-elsewhere"_verdict);
constexpr Applies kMetClosedSocket =
    only("data-after-close"_verdict, "keepalive-race"_verdict, "data-crossed-fin"_verdict);

constexpr std::string_view kLacksPackets = "the capture lacks packets of this connection";
constexpr std::string_view kShortWait = "the capture waits only a short while for the answer";
constexpr std::string_view kUnexplained = "the capture may lack the segment that explains the RST";
constexpr std::string_view kNoAck = "only the lack of an ACK shows what was outstanding";
constexpr std::string_view kRareReset =
    "few systems send such a RST, and it may answer what was not captured";

constexpr std::array kLimits{
    // --- what the capture is ----------------------------------------------------------------------
    Limit{kLow, kAll, [](T t) { return t.quality.one_sided; }, "only one side's packets were captured"},
    Limit{kLow, all_of(Family::half_closed), [](T t) { return t.quality.short_tail && t.reset() == nullptr; },
          "the capture ends too soon after the FIN"},
    Limit{kLow, kAll, numbers_do_not_fit, "the two sides' sequence numbers do not fit each other"},
    Limit{kLow, kAll, lossy_and_it_matters, kLacksPackets},
    Limit{kMedium, kAll, [](T t) { return t.quality.lossy; }, kLacksPackets},
    Limit{kMedium, kAll, starts_in_the_middle, "the capture starts in the middle of the connection"},
    Limit{kMedium, kAll, [](T t) { return t.fins.inferred; },
          "a FIN was not captured and is known from its ACK only"},
    Limit{kMedium, kAll, [](T t) { return t.quality.reordered; }, "packets were captured out of order"},
    Limit{kMedium, kAll, short_and_it_matters, kEndsTooSoon},

    // --- an ending that rests on silence, or on time alone ----------------------------------------
    Limit{kLow, kUnanswered, waited_briefly, kShortWait},
    Limit{kMedium, kUnanswered, waited_briefly_until_reset, kShortWait},
    Limit{kLow, only("setup-synack-unanswered"_verdict), syn_ack_never_repeated,
          "the SYN-ACK was never sent again, so its ACK may have come unseen"},
    Limit{kMedium, only("setup-no-reply"_verdict), questions::syn_never_repeated,
          "the SYN was never sent again, so an answer may have come unseen"},
    Limit{kMedium, kUnanswered, perhaps_joined, "perhaps captures were joined, and this one ended sooner"},
    Limit{kMedium, only("setup-no-reply"_verdict), [](T t) { return t.quality.truncated; },
          "the packets were cut, perhaps one that tells why"},
    Limit{kMedium, only("setup-no-reply"_verdict), [](T t) { return t.connection->sign_of_elsewhere.seen(); },
          "another address may have answered the SYN"},
    Limit{kMedium, only("peer-lost-state"_verdict, "timeout-retransmit"_verdict), perhaps_never_taken,
          "nothing shows that the other side ever took the connection"},
    Limit{kMedium, only("setup-synack-unanswered"_verdict), questions::client_went_on_asking,
          "a scanner that repeats its SYNs looks the same"},
    Limit{kMedium, only("setup-answered-elsewhere"_verdict),
          [](T t) { return !t.connection->elsewhere.same_stamp; },
          "only ports and numbers tie the answer to the SYN"},
    Limit{kMedium, only("setup-not-accepted"_verdict), third_step_perhaps_lost,
          "the server may have forgotten a connection that it had taken"},
    Limit{kMedium, only("timeout-zero-window"_verdict), few_probes, "only two probes were seen"},
    Limit{kMedium, only("timeout-zero-window"_verdict), questions::window_answers_stopped,
          "the last probes had no answer at all, so the window may have opened unheard"},
    Limit{kMedium, only("timeout-zero-window"_verdict), questions::window_opened_too_late,
          "the sender may as well have crashed between two probes"},
    Limit{kMedium, only("timeout-retransmit"_verdict), next_not_due,
          "the next repeat was hardly due when the capture ended"},
    Limit{kMedium, only("timeout-retransmit"_verdict), last_ack_may_have_come,
          "every repeat was acknowledged, and the last of these ACKs may have got back"},
    Limit{kMedium, only("open"_verdict), fell_silent_in_vain,
          "it fell silent after segments that were repeated, or reset, in vain"},
    Limit{kMedium, only("abort-idle"_verdict, "abort-crossed"_verdict), [](T) { return true; },
          "only times tell it from its look-alikes"},

    // --- an ending by a RST -----------------------------------------------------------------------
    Limit{kLow, kAll, of_reset<reset_perhaps_not_taken>, "nothing proves that the RST was taken"},
    Limit{kLow, kAll, of_reset<nothing_before_reset>, "what came before the capture is not known"},
    Limit{kLow, kAll, of_reset<lacks_fin_or_trigger>, kUnexplained},
    Limit{kLow, only("setup-cancelled"_verdict), of_reset<cancelled_with_ack>, kUnexplained},
    Limit{kLow, kByHost, of_reset<lacks_data>, kUnexplained},
    Limit{kLow, only("setup-cancelled"_verdict), of_reset<cancelled_late>,
          "the handshake may have been completed unseen"},
    Limit{kLow, only("peer-lost-state"_verdict), of_reset<spoke_just_before>,
          "the sender of the RST had spoken a moment before and may have closed unseen"},
    Limit{kLow, all_of(Family::abort), questions::peers_fin_was_lost,
          "its peer's FIN never arrived, so it may be the time-out of a path that worked one way only"},
    Limit{kLow, kByHost, of_reset<foreign_hop_limit>, "the RST's hop limit is unlike its sender's"},
    Limit{kLow, kByHost, of_reset<acks_too_soon>,
          "the RST acknowledges data sooner than its sender can have got it"},
    Limit{kMedium, only("abort-by-sender"_verdict), of_reset<only_own_ack_missing>, kNoAck},
    Limit{kMedium, only("abort-by-sender"_verdict), of_reset<acked_beside_reset>,
          "the ACK of its data came just behind the RST, and perhaps before it was sent"},
    Limit{kMedium, only("abort-by-receiver"_verdict), of_reset<only_peers_ack_missing>, kNoAck},
    Limit{kMedium, only("peer-lost-state"_verdict), of_reset<perhaps_closed_unseen>,
          "a FIN before it may not have been captured"},
    Limit{kMedium, only("abort-after-own-fin"_verdict), of_reset<answers_fin_ack>, kRareReset},
    Limit{kMedium, kMetClosedSocket, of_reset<answers_bare_ack>, kRareReset},
    Limit{kMedium, only("reset-injected"_verdict), only_habits_accuse,
          "only the RST's distance and its time accuse it"},
    Limit{kMedium, only("reset-injected"_verdict, "midpath-reject"_verdict), only_time_accuses,
          "only its time shows that something was sent after the RST"},
    Limit{kMedium, only("reset-injected"_verdict, "midpath-reject"_verdict), answered_as_by_host,
          "the RST came as from its sender, which a NAT may have shown another port"},
    Limit{kMedium, only("setup-cancelled"_verdict), [](T) { return true; },
          "a refusal, or an answer from elsewhere, that was not captured looks the same"},
    Limit{kMedium, only("setup-synack-unanswered"_verdict), questions::syn_repeated_behind_syn_ack,
          "the client did not hear the answer, or heard it from another address"},
    Limit{kMedium, only("setup-cancelled"_verdict), of_reset<canceller_went_on>,
          "its sender went on, as scanners do beside their system, or another sent the RST"},
    Limit{kMedium, all_of(Family::abort), of_reset<nothing_else_of_resetter>,
          "nothing else of the RST's sender was captured"},
    Limit{kLow, only("peer-lost-state"_verdict), of_reset<nothing_else_of_resetter>,
          "nothing else of the RST's sender was captured"},
    Limit{kLow, all_of(Family::reactive), of_reset<reset_in_opening>,
          "the same attempt had been reset before its handshake was complete"},
    Limit{kMedium, only("fin-to-dead-peer"_verdict), of_reset<spoke_just_before>,
          "the sender of the RST had spoken a moment before"},
    Limit{kMedium, only("graceful-then-reset"_verdict), [](T t) { return t.quality.truncated; },
          "the packets were cut before what tells whose they are"},
    Limit{kMedium, kByThirdParty, [](T t) { return t.quality.truncated; },
          "the packets were cut before their time stamps"},
    Limit{kMedium, all_of(Family::abort), of_reset<probed_in_vain>,
          "a probe had gone unanswered, so it may have been a time-out"},
    Limit{kMedium, only("abort-unanswered"_verdict, "abort-as-close"_verdict),
          of_reset<perhaps_probed_elsewhere>,
          "keep-alives in vain may have been lost before the capture point"},
    Limit{kMedium, only("fin-to-dead-peer"_verdict), of_reset<fin_follows_hole>,
          "data before that FIN was not captured"},
    Limit{kMedium, all_of(Family::abort), of_reset<answered_unseen_itself>,
          "the sender of the RST also answered a segment that was not captured"},
    Limit{kMedium, only("abort-as-close"_verdict), of_reset<before_shut_window>,
          "its receiver's window was shut, and what had still to be sent does not show"},
    Limit{kLow, only("data-after-close"_verdict), of_reset<trigger_sent_before>,
          "the data had been sent before, unseen, and may have crossed the FIN then"},
    Limit{kMedium, only("abort-as-close"_verdict, "abort-unanswered"_verdict), of_reset<http_not_read>,
          "not all of the HTTP heads was captured in order"},
    Limit{kMedium, only("abort-as-close"_verdict, "abort-unanswered"_verdict, "abort-waiting"_verdict),
          [](T t) { return t.quality.truncated; }, "the packets were cut before their time stamps and data"},
    Limit{kMedium, only("abort-waiting"_verdict), of_reset<sent_at_length_to_the_silent>,
          "the other side never spoke: perhaps nobody owed an answer"},
    Limit{kMedium, only("abort-waiting"_verdict), of_reset<waited_on_unknown_path>,
          "how long the round trip took was not captured"},

    // --- an ending by FINs ------------------------------------------------------------------------
    Limit{kMedium, only("fin-injected"_verdict), fin_has_one_sign, "one sign alone tells that it is foreign"},
    Limit{kLow, kByHost, fin_looks_foreign, "two habits of a FIN are unlike its sender's"},
    Limit{kMedium, kByHost, fin_looks_odd, "a habit of a FIN is unlike its sender's"},

    // --- no ending ----------------------------------------------------------------------------------
    Limit{kLow, only("inconclusive"_verdict), [](T) { return true; }, "no ending fits what was captured"},
};

}  // namespace

bool Applies::to(const Verdict& row) const {
  const auto ids = listed();
  const bool is_listed = std::find(ids.begin(), ids.end(), row.id) != ids.end();
  switch (scope) {
    case To::all: return true;
    case To::family: return row.family == family;
    case To::listed: return is_listed;
    case To::all_but_listed: return !is_listed;
  }
  return true;
}

std::span<const Limit> limits() { return kLimits; }

RatedConfidence rate_confidence(const Teardown& t, const Verdict& row) {
  RatedConfidence rated;
  for (const Limit& limit : kLimits) {
    if (limit.at_most >= rated.confidence || !limit.applies_to.to(row) || !limit.holds(t)) continue;
    rated = {limit.at_most, limit.why};
  }
  return rated;
}

}  // namespace tcpteardown
