// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <utility>

#include "evidence/habits.h"
#include "evidence/stated_reason.h"
#include "evidence/suspicion.h"
#include "evidence/tampering.h"
#include "findings/clauses.h"
#include "findings/phrasing.h"
#include "findings/tellings.h"
#include "verdict/catalogue.h"

// Was it really that host? Every sign, and what innocent thing looks the same.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

bool blames_the_network(const Story& s) {
  return s.family == Family::interference || s.is("midpath-reject"_verdict);
}

// Signs speak of a RST that ended the connection.
bool a_reset_ended_it(const Story& s) {
  return s.reset != nullptr && s.t().reset() != nullptr && !s.t().took_syn_back && !s.t().closed_before_reset;
}

// A sign supports a verdict with hard evidence; any other it only puts in doubt.
Finding sign(const Story& s, std::string text, FrameNumber beside = 0) {
  const Frames where = frames({s.rst().at.frame, beside});
  if (blames_the_network(s)) return evidence(where, std::move(text));
  return context(where, "perhaps a device on the way sent it: " + std::move(text));
}

// --- the signs, each with an innocent explanation ----------------------------------------------
std::string other_hops(const Story& s, const Reset& r) {
  return "hop limit " + std::to_string(r.hop_limit) + " where " + the(s, r.sender) +
         "'s other packets have " + std::to_string(r.usual_hop_limit);
}

Found other_distance(const Story& s) {
  const bool beside_others = habits::hop_limit_left(*s.reset) && looks_foreign(s.t());
  if (!habits::hop_limit_differs(*s.reset) && !beside_others) return {};
  return sign(s, other_hops(s, s.rst()));
}

Found as_in_handshake(const Story& s) {
  if (!habits::hop_limit_as_in_handshake(*s.reset)) return {};
  return sign(s, "hop limit " + std::to_string(s.rst().hop_limit) + " as only in the handshake, else " +
                     std::to_string(s.rst().usual_hop_limit));
}

Found other_ip_id(const Story& s) {
  if (!habits::ip_id_differs(s.t(), *s.reset)) return {};
  return sign(s, "IP ID " + std::to_string(s.rst().ip_id) + ", that sender's count stood at " +
                     std::to_string(*s.rst().sender_last_ip_id));
}

Found copied_ip_id(const Story& s) {
  if (!habits::ip_id_copied(*s.reset) || !habits::hop_limit_left(*s.reset) ||
      s.reset->shape == Shape::reflected)
    return {};
  return sign(s, "it has the IP ID of the packet that it answers", s.rst().trigger.at.frame);
}

// Elsewhere the RST's shape tells it.
Found made_of_a_packet(const Story& s) {
  if (s.reset->shape != Shape::reflected || !blames_the_network(s)) return {};
  return sign(s, "IP ID, window and hop limit as if made out of its receiver's packet", s.rst().mirror.frame);
}

Found no_time_stamps(const Story& s) {
  if (!habits::lacks_timestamps(s.t(), *s.reset)) return {};
  return sign(s, "no time stamps though both sides use them");
}

Found other_hardware(const Story& s) {
  if (!habits::link_source_differs(s.t(), *s.reset)) return {};
  return sign(s, "another hardware address sent it");
}

Found too_fast(const Story& s) {
  if (!habits::too_fast(s.t(), *s.reset)) return {};
  const Moment answered = habits::answered_by(s.t(), *s.reset);
  const std::int64_t delay = between(answered, s.rst().at);
  return sign(s,
              (delay > 0 ? duration(delay) + " after" : "at once after") + " what it answers; round trip " +
                  duration(habits::round_trip_to(s.t(), s.actor)),
              answered.frame);
}

Found fragments_allowed(const Story& s) {
  if (!habits::fragment_flag_differs(s.t(), *s.reset)) return {};
  return sign(s, "fragments allowed, unlike in that sender's other packets");
}

Found windows_count(const Story& s) {
  if (!habits::window_counts_up(s.t(), *s.reset)) return {};
  return sign(s, "windows of that side's RSTs rise by one each");
}

Found mirrored(const Story& s) {
  const JudgedReset* pair = habits::mirrored_by(s.t(), *s.reset);
  if (pair == nullptr) return {};
  return sign(s,
              "the other side's RST has the same two numbers, " +
                  duration(between(s.rst().at, pair->facts.at)) + " later",
              pair->facts.at.frame);
}

struct Sign {
  FindingRule shown;
  std::string_view innocent;  // empty: we know of none
};

constexpr std::array kSigns{
    Sign{other_distance, "new route since (hop limit)"},
    Sign{as_in_handshake, "load balancer that accepts for its servers (hop limit)"},
    Sign{other_ip_id, "counter that a busy host shares (IP ID)"},
    Sign{copied_ip_id, {}},
    Sign{made_of_a_packet, {}},
    Sign{no_time_stamps, "system whose RSTs have no time stamps"},
    Sign{other_hardware, "second router (hardware address)"},
    Sign{too_fast, "round trip measured too long (slow handshake)"},
    Sign{fragments_allowed, "small stack (fragments allowed)"},
    Sign{windows_count, {}},
    Sign{mirrored, {}},
};

template <std::size_t n>
Found shown_at(const Story& s) {
  return a_reset_ended_it(s) ? kSigns[n].shown(s) : Found{};
}

template <std::size_t n>
Found innocent_at(const Story& s) {
  if (blames_the_network(s) || kSigns[n].innocent.empty() || !shown_at<n>(s)) return {};
  return alternative(std::string(kSigns[n].innocent));
}

// --- what the RST says of itself ----------------------------------------------------------------
// The first words of a text from a packet, which may be long.
std::string quoted(std::string_view text) {
  constexpr std::size_t kMostWords = 9;
  std::size_t end = 0;
  for (std::size_t words = 0; words < kMostWords && end != std::string_view::npos; ++words) {
    end = text.find(' ', end + 1);
  }
  return '"' + std::string(text.substr(0, end)) + (end == std::string_view::npos ? "\"" : " …\"");
}

Found stated(const Story& s) {
  if (s.reset == nullptr) return {};
  const StatedReason reason = stated_reason(s.t());
  const Frames where = frames({s.rst().at.frame});
  switch (reason.by) {
    case StatedReason::By::f5:
      return evidence(where, "an F5 BIG-IP states its reason: " + quoted(reason.text) +
                                 (reason.passed_on ? ", on its other side" : ""));
    case StatedReason::By::text: return evidence(where, "the RST states its reason: " + quoted(reason.text));
    case StatedReason::By::netscaler:
      return context(where, "window " + std::to_string(reason.code) + " in the RST is NetScaler's code for " +
                                std::string(netscaler_meaning(reason.code)));
    case StatedReason::By::none: break;
  }
  if (s.rst().payload_length == 0) return {};
  return against(where, "the RST's payload of " + byte_count(s.rst().payload_length) +
                            " is no plain text and no data of the connection");
}

Found copied_by_chance(const Story& s) {
  if (s.reset == nullptr || s.reset->shape != Shape::reflected || blames_the_network(s)) return {};
  return alternative("chance (IP ID, window and hop limit)");
}

Found window_by_chance(const Story& s) {
  if (s.reset == nullptr || stated_reason(s.t()).by != StatedReason::By::netscaler) return {};
  return alternative("ordinary window of that value by chance");
}

// --- resets that did not count -------------------------------------------------------------------
struct Ignored {
  const JudgedReset* told = nullptr;  // the first, or the first that somebody may have tried
  bool attempt = false;
  std::size_t count = 0;
};

Ignored find_ignored(const Story& s) {
  const Suspicion suspicion = find_suspicion(s.t());
  const auto is_attempt = [&suspicion](FrameNumber frame) {
    for (std::size_t i = 0; i < suspicion.count; ++i) {
      if (suspicion.indicators[i].attempt && suspicion.indicators[i].frame == frame) return true;
    }
    return false;
  };
  Ignored found;
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const JudgedReset& r = s.t().resets[i];
    if (!did_not_count(r.fate) || (s.reset != nullptr && r.facts.at.frame == s.rst().at.frame)) continue;
    if (&r == challenged_before(s)) continue;  // it counted in the end
    ++found.count;
    const bool attempt = is_attempt(r.facts.at.frame);
    if (found.told != nullptr && (!attempt || found.attempt)) continue;
    found.told = &r;
    found.attempt = attempt;
  }
  return found;
}

std::string why_not(const Story& s, const JudgedReset& r) {
  if (s.c().handshake_done.frame > r.facts.at.frame) return "it came during the handshake, which went on";
  if (r.fate == Fate::challenged) return "not the number expected, though in the window";
  const bool was_exact = r.facts.receiver_has_ack && r.facts.seq == r.facts.receiver_rcv_nxt;
  if (r.fate == Fate::ignored_old && was_exact) return "its receiver was further on when it arrived";
  return r.fate == Fate::ignored_old ? "its number is older than expected"
                                     : "its number lies beyond the window";
}

Found ignored_resets(const Story& s) {
  const Ignored found = find_ignored(s);
  if (found.told == nullptr) return {};
  const std::string more = found.count == 1 ? "" : ", nor did " + more_resets(s, found.count - 1);
  const Reset& r = found.told->facts;
  return against(frames({r.at.frame, r.challenge.frame}),
                 "RST did not count: " + why_not(s, *found.told) + more);
}

// Who may have sent it.
Found attempt(const Story& s) {
  const Ignored found = find_ignored(s);
  if (!found.attempt) return {};
  const Reset& r = found.told->facts;
  if (found.told->shape == Shape::reflected) {
    return context(frames({r.at.frame, r.mirror.frame}),
                   "somebody forged that RST: IP ID and window copied, " + other_hops(s, r));
  }
  if (r.challenge.seen() && r.sender_sent_more.seen()) {
    return context(
        frames({r.at.frame, r.sender_sent_more.frame}),
        "somebody else may have sent that RST: " + the(s, r.sender) + " went on without confirming it");
  }
  return context(frames({r.at.frame}), "somebody may have guessed that RST: it lies ahead of all that " +
                                           the(s, r.sender) + " had sent");
}

Found innocent_attempt(const Story& s) {
  const Ignored found = find_ignored(s);
  if (!found.attempt) return {};
  const Reset& r = found.told->facts;
  if (found.told->shape == Shape::reflected)
    return alternative("chance (IP ID, window and hop limit of that RST)");
  return alternative(r.challenge.seen() && r.sender_sent_more.seen()
                         ? "RST of an older connection (the one that did not count)"
                         : "segments that the capture missed (before the RST that did not count)");
}

// --- patterns ------------------------------------------------------------------------------------
// Most connections of such a shape are innocent: worth a word only beside another sign.
bool pattern_counts(const Story& s) {
  return s.family != Family::graceful && !tampering_signature(s.t()).empty() &&
         find_suspicion(s.t()).score > 0;
}

Found pattern(const Story& s) {
  if (!pattern_counts(s)) return {};
  const std::string_view signature = tampering_signature(s.t());
  const std::string_view share = tampering_stage(signature).of_all;
  return context({}, "tampering signature " + std::string(signature) + ", a pattern and no proof: " +
                         std::string(share) + " of its study's connections were cut off there");
}

Found looks_like_scanner(const Story& s) {
  if (!pattern_counts(s) || blames_the_network(s)) return {};
  return alternative("scanner or impatient client (signature)");
}

template <std::size_t... n>
constexpr auto make_rules(std::index_sequence<n...>) {
  return std::array<FindingRule, 2 * sizeof...(n) + 8>{
      stated,           shown_at<n>...,   ignored_resets,   attempt,           pattern, innocent_at<n>...,
      copied_by_chance, window_by_chance, innocent_attempt, looks_like_scanner};
}

constexpr auto kRules = make_rules(std::make_index_sequence<kSigns.size()>{});

}  // namespace

std::span<const FindingRule> third_party_findings() { return kRules; }

}  // namespace tcpteardown
