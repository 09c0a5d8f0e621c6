// SPDX-License-Identifier: GPL-2.0-or-later
#include "invariants.h"

#include <string>
#include <utility>

#include "demand.h"
#include "formats/output.h"
#include "fuzz_report.h"
#include "stranger.h"

namespace tcpteardown::fuzz {
namespace {

constexpr std::uint64_t kSeed = 7;
constexpr std::uint64_t kOtherSeed = 0x9e37'79b9'7f4a'7c15;

void add(ConnectionTable& table, const Item& item) {
  std::visit([&table](const auto& value) { static_cast<void>(table.add(value)); }, item);
}

ConnectionTable table_of(std::span<const Item> items, std::uint64_t seed,
                         std::size_t transcript = ConnectionTable::kTranscript) {
  ConnectionTable table{seed, transcript};
  for (const Item& item : items) add(table, item);
  return table;
}

std::string rows_of(const ConnectionTable& table) {
  std::string rows;
  for (const Report& report : reports_of(table)) {
    if (!is_of_stranger(report)) append_json(rows, report, "");
  }
  return rows;
}

// Each segment counts for one connection. Of an ICMP error nobody knows beforehand whether it finds one.
void check_frame_sum(std::span<const Item> items) {
  ConnectionTable table{kSeed};
  std::uint64_t given = 0;
  for (const Item& item : items) {
    if (const auto* s = std::get_if<Segment>(&item)) {
      const ConnectionIndex index = table.add(*s);
      demand(index < table.size(), "the connection of a segment exists");
      demand(table.find(flow_key(s->source, s->destination), s->frame).has_value(), "and can be found");
      ++given;
    } else if (table.add(std::get<IcmpError>(item))) {
      ++given;
    }
  }
  std::uint64_t counted = 0;
  for (ConnectionIndex i = 0; i < table.size(); ++i) counted += table.facts(i).frames;
  demand(counted == given, "frames sum up", std::to_string(counted) + " of ", std::to_string(given) + '\n');
  check_reports(table);
}

// 10.0.0.1 for 10.0.0.8 and so on: the hosts' order is turned round.
void rename(IpAddress& address) {
  std::uint8_t& last = address.bytes[address.is_ipv6 ? 15 : 3];
  last = static_cast<std::uint8_t>(kHosts + 1 - last);
}

Item renamed(Item item) {
  if (auto* s = std::get_if<Segment>(&item)) {
    rename(s->source.address);
    rename(s->destination.address);
  } else {
    auto& error = std::get<IcmpError>(item);
    rename(error.sender);
    rename(error.quoted_source.address);
    rename(error.quoted_destination.address);
  }
  return item;
}

// The same in a text: the one digit behind what all addresses start with.
std::string renamed(std::string text) {
  for (const std::string_view start : {"10.0.0.", "2001:db8::"}) {
    for (std::size_t at = text.find(start); at != std::string::npos; at = text.find(start, at)) {
      at += start.size();
      if (at < text.size()) text[at] = static_cast<char>(2 * '0' + static_cast<int>(kHosts) + 1 - text[at]);
    }
  }
  return text;
}

void check_seed(std::span<const Item> items) {
  const std::string rows = rows_of(table_of(items, kSeed));
  const std::string others = rows_of(table_of(items, kOtherSeed));
  demand(rows == others, "another hash seed, the same answer", rows, others);
  for (const std::size_t transcript : {0U, 60U}) {
    const std::string folded = rows_of(table_of(items, kSeed, transcript));
    demand(rows == folded, "segments folded sooner, the same answer", rows, folded);
  }
}

void check_names(std::span<const Item> items) {
  const std::string rows = rows_of(table_of(items, kSeed));
  std::vector<Item> mirrored;
  for (const Item& item : items) mirrored.push_back(renamed(item));
  const std::string others = renamed(rows_of(table_of(mirrored, kSeed)));
  demand(rows == others, "other names, the same answer", rows, others);
}

void check_stranger(std::span<const Item> items) {
  const std::string rows = rows_of(table_of(items, kSeed));
  ConnectionTable table{kSeed};
  Stranger stranger;
  for (const Item& item : items) {
    add(table, item);
    std::visit([&](const auto& value) { table.add(stranger.next(value.frame + 2, value.time_ns)); }, item);
  }
  const std::string others = rows_of(table);
  demand(rows == others, "a stranger's flow changes nothing", rows, others);
}

// What a second look at one packet must leave as it is. It may change the count of frames, the frame that
// was last, the quality "duplicated" and with it the confidence.
std::string answer(const Report& r) {
  std::string text{r.verdict};
  for (const std::string_view word : {r.initiator, r.loss, r.retry, r.stage}) text += ' ' + std::string(word);
  for (const std::uint64_t number :
       {std::uint64_t{r.decisive_frame}, std::uint64_t{r.first_fin_frame}, std::uint64_t{r.first_rst_frame},
        r.client_bytes, r.server_bytes, r.client_unacked, r.server_unacked}) {
    text += ' ' + std::to_string(number);
  }
  return text + ' ' + r.client_errno + ' ' + r.server_errno + '\n';
}

std::string answers(const ConnectionTable& table) {
  std::string all;
  for (const Report& report : reports_of(table)) all += answer(report);
  return all;
}

// Two segments that look alike and have no IP identification: once one packet was captured twice, the second
// counts as a copy, too.
bool has_twins(std::span<const Item> items) {
  const Segment* last = nullptr;
  for (const Item& item : items) {
    const auto* s = std::get_if<Segment>(&item);
    if (s == nullptr || (s->has_ip_id && s->ip_id != 0)) continue;
    if (last != nullptr && s->source == last->source && s->seq == last->seq && s->flags == last->flags)
      return true;
    last = s;
  }
  return false;
}

// Where ports are used again at once, what comes out of order counts for the one or the other connection.
bool uses_ports_again(const ConnectionTable& table) {
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    if (table.facts(i).superseded) return true;
  }
  return false;
}

// Only an IP identification tells a copy from a segment that was sent again (RFC 6864 §4).
void check_copy(std::span<const Item> items, std::uint64_t choice) {
  const std::size_t at = choice % items.size();
  const auto* original = std::get_if<Segment>(&items[at]);
  if (original == nullptr || !original->has_ip_id || original->ip_id == 0 || has_twins(items)) return;
  std::vector<Item> doubled{items.begin(), items.end()};
  Segment copy = *original;
  ++copy.frame;
  doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(at) + 1, copy);
  const ConnectionTable table = table_of(items, kSeed);
  if (uses_ports_again(table)) return;
  const std::string once = answers(table);
  const std::string twice = answers(table_of(doubled, kSeed));
  demand(once == twice, "a copy of frame " + std::to_string(original->frame) + " changes no answer", once,
         twice);
}

}  // namespace

void check_stream(std::span<const Item> items, std::uint64_t choice) {
  if (items.empty()) return;
  check_frame_sum(items);
  // One comparison an input: a fuzzer makes many alike, and the sooner the more.
  switch (choice % 4) {
    case 0: check_seed(items); break;
    case 1: check_names(items); break;
    case 2: check_stranger(items); break;
    default: check_copy(items, choice / 4); break;
  }
}

}  // namespace tcpteardown::fuzz
