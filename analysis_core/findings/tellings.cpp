// SPDX-License-Identifier: GPL-2.0-or-later
#include "findings/tellings.h"

#include <algorithm>
#include <array>

#include "evidence/suspicion.h"
#include "findings/phrasing.h"
#include "findings/tls_alert.h"
#include "verdict/catalogue.h"

namespace tcpteardown {
namespace {

constexpr std::size_t kMostWords = 60;  // a longer explanation is not read (our choice)

std::vector<Telling> collect() {
  std::vector<Telling> all(catalogue().size());
  for (const auto family :
       {tellings_of_setup(), tellings_of_handshake(), tellings_of_unaccepted(), tellings_of_graceful(),
        tellings_of_half_closed(), tellings_of_abort(), tellings_of_crossed_aborts(),
        tellings_of_aborts_as_close(), tellings_of_restarts(), tellings_of_aborts_around_fin(),
        tellings_of_reactive(), tellings_of_rejections(), tellings_of_timeout(), tellings_of_forged_fins(),
        tellings_of_the_rest()}) {
    for (const Telling& telling : family) all[static_cast<std::size_t>(telling.id)] = telling;
  }
  return all;
}

void tell(const Story& story, std::span<const FindingRule> rules, std::vector<Finding>& findings) {
  for (const FindingRule rule : rules) {
    if (std::optional<Finding> finding = rule(story)) findings.push_back(std::move(*finding));
  }
}

}  // namespace

const Telling& telling_of(VerdictId id) {
  static const std::vector<Telling> all = collect();
  return all[static_cast<std::size_t>(id)];
}

std::string make_summary(const Story& story) {
  const std::string summary = telling_of(story.judgement->verdict->id).summary(story);
  return tls_gave_up(story) ? summary + "; " + tls_clause(story) : summary;
}

std::vector<Finding> make_findings(const Story& story) {
  std::vector<Finding> findings;
  tell(story, telling_of(story.judgement->verdict->id).findings, findings);
  for (const auto rules : {third_party_findings(), application_findings(), packet_findings(),
                           quality_findings(), program_findings()}) {
    tell(story, rules, findings);
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& x, const Finding& y) { return x.kind < y.kind; });
  return findings;
}

std::string make_explanation(std::span<const Finding> findings) {
  std::string text;
  std::size_t words = 0;
  for (const Finding& finding : findings) {
    if (finding.kind != FindingKind::evidence) continue;
    const std::string clause = with_frames(finding);
    words += count_words(clause);
    if (words > kMostWords && !text.empty()) break;
    text += (text.empty() ? "" : " ") + clause + '.';
  }
  return as_sentences(std::move(text));
}

std::string make_advice(const Story& story) {
  // Whose RST it was comes before why.
  if (story.family == Family::abort && looks_foreign(story.t())) {
    return as_sentences(telling_of("reset-injected"_verdict).advice.back().text(story));
  }
  if (tls_gave_up(story)) return as_sentences(tls_advice(story));
  for (const AdviceRule& rule : telling_of(story.judgement->verdict->id).advice) {
    if (rule.holds == nullptr || rule.holds(story)) return as_sentences(rule.text(story));
  }
  return {};
}

std::string general_advice(const Verdict& verdict) {
  return as_sentences(telling_of(verdict.id).advice.back().text(page_story(verdict.family)));
}

}  // namespace tcpteardown
