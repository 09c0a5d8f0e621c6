// SPDX-License-Identifier: GPL-2.0-or-later
// Random exchanges, and what must not depend on how they were numbered, addressed or captured.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "exchange.h"
#include "formats/output.h"
#include "report/report.h"

namespace tcpteardown::test {
namespace {

constexpr int kWalks = 3000;
constexpr std::int64_t kTail = 30'000'000'000;  // ns

// Mostly what hosts do, sometimes what they do not. The numbers are weights.
constexpr struct {
  Move move;
  unsigned weight;
} kMoves[] = {{Move::data, 10},  {Move::data_crossing, 4},  {Move::ack, 10},
              {Move::fin, 4},    {Move::fin_crossing, 2},   {Move::reset, 1},
              {Move::repeat, 4}, {Move::reset_reactive, 2}, {Move::reset_crossing, 1},
              {Move::probe, 1},  {Move::wait, 1},           {Move::ack_zero_window, 1},
              {Move::icmp, 1}};

Move random_move(std::mt19937& random) {
  unsigned total = 0;
  for (const auto& choice : kMoves) total += choice.weight;
  auto pick = static_cast<unsigned>(random() % total);
  for (const auto& choice : kMoves) {
    if (pick < choice.weight) return choice.move;
    pick -= choice.weight;
  }
  return Move::wait;
}

std::vector<Step> random_walk(std::mt19937& random) {
  std::vector<Step> steps;
  if (random() % 8 != 0) steps = {{Move::syn, 0}, {Move::syn_ack, 1}, {Move::ack, 0}};
  for (auto left = 1 + random() % 14; left > 0; --left) {
    steps.push_back({random_move(random), static_cast<int>(random() % 2)});
  }
  return steps;
}

std::vector<Item> played(const Hosts& hosts, const std::vector<Step>& steps) {
  Exchange exchange{hosts};
  exchange.play_all(steps);
  return exchange.items();
}

std::vector<Report> reports(const std::vector<Item>& items,
                            std::size_t transcript = ConnectionTable::kTranscript) {
  ConnectionTable table{0, transcript};
  feed(table, items, kTail);
  std::vector<Report> all;
  for (ConnectionIndex i = 0; i < table.size(); ++i)
    all.push_back(make_report(table.facts(i), table.capture_end()));
  return all;
}

std::string as_json(const std::vector<Report>& all) {
  std::string text;
  for (const Report& report : all) append_json(text, report, "");
  return text;
}

std::string trace(const std::vector<Item>& items) {
  std::string text;
  for (const Item& item : items) {
    const auto* s = std::get_if<Segment>(&item);
    if (s == nullptr) {
      text += "icmp\n";
      continue;
    }
    text += std::to_string(s->frame) + ' ' + to_string(s->source) + ' ' + (s->flags.syn ? "S" : "") +
            (s->flags.fin ? "F" : "") + (s->flags.rst ? "R" : "") + (s->flags.ack ? "." : "") + ' ' +
            std::to_string(s->seq.raw) + '(' + std::to_string(s->payload_length) + ") ack " +
            std::to_string(s->ack.raw) + " at " + std::to_string(s->time_ns / 1'000'000 % 10'000'000) + '\n';
  }
  return text;
}

// The property of one walk; the first walk that breaks it is shown in full.
template <typename Property>
void for_random_walks(unsigned seed, Property holds) {
  std::mt19937 random{seed};
  for (int i = 0; i < kWalks; ++i) {
    const std::vector<Step> steps = random_walk(random);
    holds(steps, random);
    if (testing::Test::HasFailure()) {
      ADD_FAILURE() << "in walk " << i << ":\n" << trace(played(usual_hosts(), steps));
      return;
    }
  }
}

TEST(Walks, NumbersMayStartAnywhere) {
  for_random_walks(11, [](const std::vector<Step>& steps, std::mt19937& random) {
    Hosts shifted = usual_hosts();
    shifted.iss = {Seq{0U - static_cast<std::uint32_t>(random() % 60)},
                   Seq{static_cast<std::uint32_t>(random())}};
    EXPECT_EQ(as_json(reports(played(shifted, steps))), as_json(reports(played(usual_hosts(), steps))));
  });
}

// Which address is the lower one is an accident; who opened the connection is not.
TEST(Walks, AddressesMayBeAnyWayRound) {
  for_random_walks(12, [](const std::vector<Step>& steps, std::mt19937&) {
    if (steps.front().move != Move::syn) return;  // without a SYN the ports decide the roles
    Hosts swapped = usual_hosts();
    std::swap(swapped.ends[0], swapped.ends[1]);
    const std::vector<Report> usual = reports(played(usual_hosts(), steps));
    const std::vector<Report> other = reports(played(swapped, steps));
    ASSERT_EQ(usual.size(), other.size());
    for (std::size_t i = 0; i < usual.size(); ++i) {
      EXPECT_EQ(usual[i].client, other[i].server);
      EXPECT_EQ(usual[i].verdict, other[i].verdict);
      EXPECT_EQ(usual[i].initiator, other[i].initiator);
      EXPECT_EQ(usual[i].loss, other[i].loss);
      EXPECT_EQ(usual[i].client_unacked, other[i].client_unacked);
      EXPECT_EQ(usual[i].client_errno, other[i].client_errno);
      EXPECT_EQ(usual[i].decisive_frame, other[i].decisive_frame);
    }
  });
}

std::string_view mirrored(std::string_view role) {
  if (role == "client") return "server";
  return role == "server" ? "client" : role;
}

// Only these rows speak of a role (the client asks, the server answers); all others hold for either side
// alike.
bool speaks_of_a_role(std::string_view verdict) {
  return verdict == "abort-before-response" || verdict == "abort-waiting" || verdict == "abort-unanswered";
}

bool repeats_a_syn(const std::vector<Item>& items) {
  return std::count_if(items.begin(), items.end(), [](const Item& item) {
           const auto* segment = std::get_if<Segment>(&item);
           return segment != nullptr && segment->flags.syn;
         }) > 2;
}

TEST(Walks, MirroredExchangeHasTheMirroredVerdict) {
  for_random_walks(13, [](const std::vector<Step>& steps, std::mt19937&) {
    if (steps.front().move != Move::syn) return;
    // Data both ways first: what answers a segment of the handshake has no mirror image either.
    std::vector<Step> walk = steps;
    walk.insert(walk.begin() + 3, {{Move::data, 0}, {Move::ack, 1}, {Move::data, 1}, {Move::ack, 0}});
    std::vector<Step> mirror = walk;
    for (std::size_t i = 3; i < mirror.size(); ++i) mirror[i].side = 1 - mirror[i].side;
    const std::vector<Item> items = played(usual_hosts(), walk);
    const std::vector<Item> mirrored_items = played(usual_hosts(), mirror);
    // A SYN repeated late is the client's, and has no mirror image at the server.
    if (repeats_a_syn(items) || repeats_a_syn(mirrored_items)) return;
    const std::vector<Report> one = reports(items);
    const std::vector<Report> other = reports(mirrored_items);
    ASSERT_EQ(one.size(), other.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
      if (speaks_of_a_role(one[i].verdict) || speaks_of_a_role(other[i].verdict)) continue;
      EXPECT_EQ(one[i].verdict, other[i].verdict);
      EXPECT_EQ(one[i].initiator, mirrored(other[i].initiator));
      EXPECT_EQ(one[i].client_unacked, other[i].server_unacked);
      EXPECT_EQ(one[i].server_unread_max, other[i].client_unread_max);
      EXPECT_EQ(one[i].loss, other[i].loss);
    }
  });
}

void set_frame(Item& item, FrameNumber frame) {
  std::visit([frame](auto& value) { value.frame = frame; }, item);
}

// A mirror port or an interface "any" shows a packet twice: same IP identification, same everything.
TEST(Walks, CopyOfAFrameChangesNoVerdict) {
  for_random_walks(14, [](const std::vector<Step>& steps, std::mt19937& random) {
    const std::vector<Item> items = played(usual_hosts(), steps);
    if (items.empty()) return;
    const std::size_t at = random() % items.size();
    if (std::holds_alternative<IcmpError>(items[at])) return;
    std::vector<Item> doubled = items;
    Segment copy = std::get<Segment>(items[at]);
    copy.time_ns += 3'000;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(at) + 1, copy);
    for (std::size_t i = 0; i < doubled.size(); ++i) set_frame(doubled[i], static_cast<FrameNumber>(i + 1));
    const std::vector<Report> once = reports(items);
    const std::vector<Report> twice = reports(doubled);
    ASSERT_EQ(once.size(), twice.size());
    for (std::size_t i = 0; i < once.size(); ++i) {
      EXPECT_EQ(once[i].verdict, twice[i].verdict) << "frame " << at + 1 << " doubled";
      EXPECT_EQ(once[i].initiator, twice[i].initiator) << "frame " << at + 1 << " doubled";
      EXPECT_EQ(once[i].loss, twice[i].loss) << "frame " << at + 1 << " doubled";
      EXPECT_EQ(once[i].client_bytes, twice[i].client_bytes) << "frame " << at + 1 << " doubled";
      EXPECT_EQ(once[i].client_unacked, twice[i].client_unacked) << "frame " << at + 1 << " doubled";
    }
  });
}

TEST(Walks, DoNotDependOnHowConnectionsAreKept) {
  std::mt19937 random{8};
  for (int walk = 0; walk < kWalks; ++walk) {
    const std::vector<Item> items = played({}, random_walk(random));
    const std::string facts_alone = as_json(reports(items, 0));
    ASSERT_EQ(as_json(reports(items)), facts_alone) << trace(items);
    ASSERT_EQ(as_json(reports(items, random() % 200)), facts_alone) << trace(items);
  }
}

TEST(Walks, AcknowledgedFinStaysAcknowledged) {
  for_random_walks(15, [](const std::vector<Step>& steps, std::mt19937&) {
    const std::vector<Item> items = played(usual_hosts(), steps);
    bool a_was_acked = false;
    bool b_was_acked = false;
    for (std::size_t size = 1; size <= items.size(); ++size) {
      ConnectionTable table;
      feed(table, std::span(items).first(size), 0);
      if (table.size() != 1) return;
      const bool a_is_acked = table.facts(0).a.fin.is_acked();
      const bool b_is_acked = table.facts(0).b.fin.is_acked();
      EXPECT_TRUE(a_is_acked || !a_was_acked) << "after " << size << " frames";
      EXPECT_TRUE(b_is_acked || !b_was_acked) << "after " << size << " frames";
      a_was_acked = a_is_acked;
      b_was_acked = b_is_acked;
    }
  });
}

TEST(Walks, EachEndedConnectionHasOneDecisiveFrameOfItsOwn) {
  for_random_walks(16, [](const std::vector<Step>& steps, std::mt19937&) {
    for (const Report& report : reports(played(usual_hosts(), steps))) {
      EXPECT_EQ(report.ended, report.decisive_frame != 0) << report.verdict;
      if (!report.ended) continue;
      EXPECT_GE(report.decisive_frame, report.first_frame) << report.verdict;
      EXPECT_LE(report.decisive_frame, report.last_frame) << report.verdict;
    }
  });
}

// A verdict that names somebody's loss counts bytes that were sent, and never more of them.
TEST(Walks, NobodyLosesMoreThanWasSent) {
  for_random_walks(17, [](const std::vector<Step>& steps, std::mt19937&) {
    const std::vector<Report> all = reports(played(usual_hosts(), steps));
    // Where ports are used again at once, a stray segment can count for the wrong connection.
    if (all.size() != 1) return;
    for (const Report& report : all) {
      EXPECT_LE(report.client_unacked, report.client_bytes) << report.verdict;
      EXPECT_LE(report.server_unacked, report.server_bytes) << report.verdict;
      EXPECT_LE(report.client_unread_max, report.server_bytes) << report.verdict;
      EXPECT_LE(report.server_unread_max, report.client_bytes) << report.verdict;
    }
  });
}

}  // namespace
}  // namespace tcpteardown::test
