// SPDX-License-Identifier: GPL-2.0-or-later
// Every short exchange, from several starting points: none crashes, each connection gets exactly one verdict,
// and every row of the catalogue is the verdict of some of them. A row that no exchange reaches stands behind
// another that always holds first.
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string_view>
#include <vector>

#include "exchange.h"
#include "report/report.h"
#include "verdict/judge.h"
#include "verdict/verdict.h"

namespace tcpteardown::test {
namespace {

using enum Move;

std::vector<Step> for_both(std::initializer_list<Move> moves) {
  std::vector<Step> steps;
  for (const Move move : moves) {
    steps.push_back({move, 0});
    steps.push_back({move, 1});
  }
  return steps;
}

const std::vector<Step> kHandshake{{syn, 0}, {syn_ack, 1}, {ack, 0}};

std::vector<Step> after_handshake(std::initializer_list<Step> more) {
  std::vector<Step> steps = kHandshake;
  steps.insert(steps.end(), more);
  return steps;
}

struct Start {
  const char* name;
  std::vector<Step> played;  // before the enumeration starts
  std::vector<Step> choices;
  int depth;
};

std::vector<Step> connected_choices() {
  std::vector<Step> steps = for_both({data, data_crossing, fin, fin_crossing, ack, reset, reset_crossing,
                                      reset_reactive, repeat, probe, ack_zero_window});
  steps.push_back({syn_new, 0});
  steps.push_back({wait, 0});
  return steps;
}

std::vector<Step> opening_choices() {
  return {{syn, 0},
          {syn, 1},
          {syn_ack, 1},
          {syn_ack_bad, 1},
          {refuse, 1},
          {stale_ack, 1},
          {reset_reactive, 0},
          {reset_crossing, 0},
          {ack, 0},
          {icmp, 0},
          {wait, 0}};
}

const std::vector<Start>& starts() {
  static const std::vector<Start> all{
      {"nothing", {}, opening_choices(), 5},
      {"midstream", {}, connected_choices(), 4},
      {"handshake", kHandshake, connected_choices(), 4},
      {"answered_request", after_handshake({{data, 0}, {data, 1}, {ack, 0}}), connected_choices(), 4},
      {"repeated_data", after_handshake({{data, 0}, {repeat, 0}, {repeat, 0}}), connected_choices(), 3},
      {"first_fin", after_handshake({{data, 0}, {data, 1}, {fin, 0}, {ack, 1}}), connected_choices(), 4},
      {"both_fins", after_handshake({{fin, 0}, {fin, 1}}), connected_choices(), 3},
  };
  return all;
}

struct Seen {
  std::set<std::string_view> verdicts;
  std::size_t exchanges = 0;
};

void judge_all(const Exchange& exchange, Seen& seen) {
  constexpr std::int64_t kTails[] = {0, 300'000'000'000};  // ns
  ++seen.exchanges;
  for (const std::int64_t tail : kTails) {
    ConnectionTable table;
    feed(table, exchange.items(), tail);
    for (ConnectionIndex i = 0; i < table.size(); ++i) {
      const Judgement judgement = judge(gather(table.facts(i), table.capture_end()));
      ASSERT_NE(judgement.verdict, nullptr);
      seen.verdicts.insert(judgement.verdict->slug);
      // The words cost more than the verdict; every hundredth exchange shows that they never fail.
      if (seen.exchanges % 97 == 0) {
        const Report report = make_report(table.facts(i), table.capture_end());
        ASSERT_FALSE(report.summary.empty());
        ASSERT_EQ(report.verdict, judgement.verdict->slug);
      }
    }
  }
}

// The depth is at most five, and it is ours: this recursion is not on input.
void enumerate(const Exchange& from, const Start& start, int depth, Seen& seen) {
  judge_all(from, seen);
  if (depth == 0) return;
  for (const Step& step : start.choices) {
    Exchange next = from;
    if (next.play(step)) enumerate(next, start, depth - 1, seen);
  }
}

class Enumeration : public testing::TestWithParam<Start> {};

TEST_P(Enumeration, GivesEachConnectionAVerdict) {
  Exchange exchange{usual_hosts()};
  exchange.play_all(GetParam().played);
  Seen seen;
  enumerate(exchange, GetParam(), GetParam().depth, seen);
  RecordProperty("exchanges", static_cast<int>(seen.exchanges));
  EXPECT_GT(seen.exchanges, 10'000U);
  EXPECT_GT(seen.verdicts.size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(From, Enumeration, testing::ValuesIn(starts()),
                         [](const auto& test) { return test.param.name; });

std::vector<std::string_view> missing_rows(const Seen& seen) {
  std::vector<std::string_view> missing;
  for (const Verdict& row : catalogue()) {
    if (!seen.verdicts.contains(row.slug)) missing.push_back(row.slug);
  }
  return missing;
}

// Shallow first, and no further than needed: the whole depth is the business of the tests above.
TEST(EnumerationOfAll, ReachesEveryRow) {
  Seen seen;
  for (int less = 1; less >= 0 && !missing_rows(seen).empty(); --less) {
    for (const Start& start : starts()) {
      Exchange exchange{usual_hosts()};
      exchange.play_all(start.played);
      enumerate(exchange, start, start.depth - less, seen);
    }
  }
  EXPECT_EQ(missing_rows(seen), std::vector<std::string_view>{}) << "never the verdict of a short exchange";
}

}  // namespace
}  // namespace tcpteardown::test
