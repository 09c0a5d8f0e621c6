// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "evidence/habits.h"
#include "evidence/stated_reason.h"
#include "evidence/suspicion.h"
#include "evidence/tampering.h"
#include "report/context.h"
#include "report/phrasing.h"

// Was it really that host? Every sign with what speaks against it.
namespace tcpteardown {
namespace {

std::string other_hops(const Scene& s, const Reset& r) {
  return "a hop limit (TTL) of " + std::to_string(r.hop_limit) + " where " + role(s, r.sender) +
         "'s other packets have " + std::to_string(r.usual_hop_limit);
}

std::string too_fast(const Scene& s) {
  const Reset& r = s.rst();
  const Moment answered = habits::answered_by(s.t(), *s.reset);
  return "it came " + duration(r.at.time_ns - answered.time_ns) + " after " + in_frame(answered.frame) +
         (r.trigger.earliest.seen() ? "" : " and acknowledges it") + ", while the way to " +
         role(s, r.sender) + " and back took " + duration(habits::round_trip_to(s.t(), r.sender)) +
         " in the handshake (so it would if only the accepting was slow)";
}

std::string mirrored(const Scene& s) {
  const JudgedReset* pair = habits::mirrored_by(s.t(), *s.reset);
  return "the RST in " + in_frame(pair->facts.at.frame) +
         " has the same two numbers the other way and came " + duration(between(s.rst().at, pair->facts.at)) +
         " later (programs with equal time-outs at both ends do that as well)";
}

// A sign of the RST that ended the connection; empty for those that the account tells.
std::string sign(const Scene& s, std::string_view name) {
  const Reset& r = s.rst();
  if (name == "hop-limit-differs")
    return "it has " + other_hops(s, r) + " (so it would after a change of route)";
  if (name == "hop-limit-of-handshake")
    return "it has " + other_hops(s, r) +
           ", and only the handshake had that, too (as behind a load balancer that accepts for its servers, "
           "or "
           "after a change of route)";
  if (name == "ip-id-differs")
    return "its IP ID is " + std::to_string(r.ip_id) + " where that sender's count had reached " +
           std::to_string(*r.sender_last_ip_id) + " (a busy host may share its counter)";
  if (name == "reflected")
    return "its IP ID, window and foreign hop limit say that it was made out of " + in_frame(r.mirror.frame) +
           " (chance is the only other explanation we know)";
  if (name == "no-timestamps")
    return "it has no time stamps though both sides use them (some systems leave them out of a RST)";
  if (name == "mac-differs") return "another hardware address sent it (a second router would explain that)";
  if (name == "too-fast") return too_fast(s);
  if (name == "df-differs")
    return "fragmenting is allowed for it and not for that sender's other packets (small stacks do not care "
           "in a RST)";
  if (name == "window-steps") return "the windows of that side's RSTs rise by one each (hardly by chance)";
  if (name == "mirrored-pair") return mirrored(s);
  return "";
}

std::string signs(const Scene& s) {
  if (s.reset == nullptr) return "";
  const Suspicion suspicion = judge_suspicion(s.t());
  std::string list;
  std::size_t count = 0;
  for (std::size_t i = 0; i < suspicion.count; ++i) {
    const Indicator& indicator = suspicion.indicators[i];
    const std::string text = indicator.hard || indicator.attempt ? "" : sign(s, indicator.name);
    if (text.empty()) continue;
    list += (count++ == 0 ? "" : "; ") + text;
  }
  if (count == 0) return "";
  if (s.judgement->verdict->blame == Blame::network) return "Its packet agrees with that: " + list + ".";
  constexpr std::array<std::string_view, 4> kNumbers{"One sign", "Two signs", "Three signs", "Four signs"};
  return std::string(count <= kNumbers.size() ? kNumbers[count - 1] : "Many signs") +
         " that a device on the way sent the RST, and no proof: " + list + ".";
}

std::string stated(const Scene& s) {
  if (s.reset == nullptr) return "";
  const StatedReason reason = stated_reason(s.t());
  switch (reason.by) {
    case StatedReason::By::f5:
      return "The RST's payload says that an F5 BIG-IP sent it, and why: \"" + reason.text + "\"" +
             (reason.passed_on ? ", of the connection on its other side." : ".");
    case StatedReason::By::text:
      return "The RST states a reason in its payload: \"" + reason.text +
             "\"; that text is no data of the connection.";
    case StatedReason::By::netscaler:
      return "Window " + std::to_string(reason.code) + " in the RST is a code of Citrix NetScaler for " +
             std::string(netscaler_meaning(reason.code)) +
             "; an ordinary window may have that value by chance.";
    case StatedReason::By::none: break;
  }
  if (s.rst().payload_length == 0) return "";
  return "The RST carries " + byte_count(s.rst().payload_length) +
         " of payload that are no plain text and no data of the connection.";
}

// --- resets that did not count -----------------------------------------------------------------
bool did_not_count(Fate fate) {
  return fate == Fate::challenged || fate == Fate::ignored_old || fate == Fate::ignored_beyond;
}

std::string_view why_not(Fate fate) {
  if (fate == Fate::challenged) return "its number lies in the window but is not the expected one";
  return fate == Fate::ignored_old ? "its number is older than what was expected"
                                   : "its number lies beyond the window";
}

// Who may have sent it.
std::string attempt(const Scene& s, const JudgedReset& r, std::string_view sign) {
  const std::string named = role(s, r.facts.sender);
  if (sign == "reflected")
    return "; somebody forged it: its IP ID and window are copied from " + in_frame(r.facts.mirror.frame) +
           ", and it has " + other_hops(s, r.facts) + " (chance is the only other explanation we know)";
  if (sign == "challenge-unconfirmed")
    return "; somebody else may have sent it, for " + named + " went on in " +
           in_frame(r.facts.sender_sent_more.frame) +
           " and did not confirm it (so it would if it came from an older connection)";
  return "; somebody may have guessed it, for it lies ahead of all that " + named +
         " had sent and answers nothing (so it would if the capture missed segments)";
}

struct Ignored {
  const JudgedReset* told = nullptr;  // the first, or the first with a sign
  std::string_view sign;
  std::size_t count = 0;
};

Ignored find_ignored(const Scene& s) {
  const Suspicion suspicion = judge_suspicion(s.t());
  const auto sign_of = [&suspicion](FrameNumber frame) -> std::string_view {
    for (std::size_t i = 0; i < suspicion.count; ++i) {
      if (suspicion.indicators[i].attempt && suspicion.indicators[i].frame == frame)
        return suspicion.indicators[i].name;
    }
    return {};
  };
  Ignored found;
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const JudgedReset& r = s.t().resets[i];
    if (!did_not_count(r.fate) || (s.reset != nullptr && r.facts.at.frame == s.rst().at.frame)) continue;
    if (&r == challenged_before(s)) continue;  // it counted in the end
    ++found.count;
    const std::string_view sign = sign_of(r.facts.at.frame);
    if (found.told != nullptr && (sign.empty() || !found.sign.empty())) continue;
    found.told = &r;
    found.sign = sign;
  }
  return found;
}

std::string ignored_resets(const Scene& s) {
  const Ignored found = find_ignored(s);
  if (found.told == nullptr) return "";
  const Reset& r = found.told->facts;
  const bool opening = s.c().handshake_done.frame > r.at.frame;
  std::string out =
      "The RST in " + in_frame(r.at.frame) + " did not count: " +
      (opening ? "it came during the handshake, which went on" : std::string(why_not(found.told->fate)));
  if (r.challenge.seen()) out += " (challenge ACK in " + in_frame(r.challenge.frame) + ")";
  if (found.count > 1)
    out += std::string(", nor did ") + (all_resets_kept(s) ? "" : "at least ") +
           std::string(found.count == 2 ? "one" : std::to_string(found.count - 1)) + " more";
  return out + (found.sign.empty() ? "" : attempt(s, *found.told, found.sign)) + ".";
}

// Both in one sentence: explanations have room for few.
std::string signs_and_reason(const Scene& s) {
  std::string text = signs(s);
  std::string reason = stated(s);
  if (text.empty() || reason.empty()) return text + reason;
  if (reason[0] >= 'A' && reason[0] <= 'Z') reason[0] = static_cast<char>(reason[0] - 'A' + 'a');
  text.back() = ';';
  return text + ' ' + reason;
}

constexpr std::array<ContextRule, 2> kRules{signs_and_reason, ignored_resets};

}  // namespace

std::span<const ContextRule> third_party_rules() { return kRules; }

std::string tampering_clause(const Scene& s) {
  const std::string_view signature = tampering_signature(s.t());
  if (signature.empty()) return "";
  const TamperingStage stage = tampering_stage(signature);
  // Silence at the end of the capture, or an ICMP error that explains it, is no pattern worth a word.
  const bool explained =
      s.is("open") || s.is("setup-unreachable") || s.judgement->verdict->family == Family::graceful;
  if (explained) return "";
  const std::string share = std::string(stage.of_all) + " of all connections in its study";
  // Most connections of that shape are innocent: no more than the field's name needs.
  if (judge_suspicion(s.t()).score == 0) {
    return "the tampering signature " + std::string(signature) + " is a pattern and no proof (" + share +
           " looked cut off at that stage), and nothing else points to a third party";
  }
  return "the client's packets match the tampering signature " + std::string(signature) +
         ", a pattern and no proof: " + share + " looked cut off at that stage (" + std::string(stage.name) +
         "), scanners and impatient clients among them";
}

}  // namespace tcpteardown
