// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/selection.h"

#include <gtest/gtest.h>

#include <string_view>

#include "formats/nearest.h"
#include "verdict/verdict.h"

namespace tcpteardown {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;  // ns

TcpEndpoint v4(std::uint8_t last_byte, std::uint16_t port) {
  TcpEndpoint end;
  end.address.bytes = {10, 0, 0, last_byte};
  end.port = port;
  return end;
}

ReportRow row() {
  ReportRow r;
  r.id = find_verdict("abort-idle")->id;
  r.client = v4(1, 40000);
  r.server = v4(2, 443);
  r.stream = 7;
  r.first = {1, 100 * kSecond};
  r.last = {9, 200 * kSecond};
  return r;
}

TEST(Selection, TakesAllUnlessAskedForLess) {
  EXPECT_TRUE(Selection{}.takes_all());
  EXPECT_TRUE(Selection{}.takes(row()));
  Selection one;
  one.stream = 7;
  EXPECT_FALSE(one.takes_all());
}

TEST(Selection, StreamAndVerdict) {
  Selection selection;
  selection.stream = 7;
  EXPECT_TRUE(selection.takes(row()));
  selection.stream = 8;
  EXPECT_FALSE(selection.takes(row()));
  ReportRow unnumbered = row();
  unnumbered.stream = {};
  EXPECT_FALSE(selection.takes(unnumbered));
  Selection verdict;
  verdict.verdict = find_verdict("abort-idle")->id;
  EXPECT_TRUE(verdict.takes(row()));
  verdict.verdict = find_verdict("graceful")->id;
  EXPECT_FALSE(verdict.takes(row()));
}

TEST(Selection, HostsOfEitherEnd) {
  for (const std::string_view word :
       {"10.0.0.1", "10.0.0.2", "10.0.0.2:443", ":443", ":40000", "10.0.0.1:40000"}) {
    Selection selection;
    selection.host = parse_host(word);
    ASSERT_TRUE(selection.host) << word;
    EXPECT_TRUE(selection.takes(row())) << word;
  }
  for (const std::string_view word : {"10.0.0.3", "10.0.0.1:443", ":80", "::1", "[::1]:443"}) {
    Selection selection;
    selection.host = parse_host(word);
    ASSERT_TRUE(selection.host) << word;
    EXPECT_FALSE(selection.takes(row())) << word << ": address and port are of one end";
  }
  for (const std::string_view word : {"", ":", "host", "10.0.0", "10.0.0.1:", "10.0.0.1:0", "10.0.0.1:65536",
                                      "[10.0.0.1]:80", "[::1]", "[]:80", "10.0.0.1:80x"}) {
    EXPECT_FALSE(parse_host(word)) << word;
  }
}

TEST(Selection, TimesThatOverlap) {
  const auto takes = [](std::optional<std::int64_t> since, std::optional<std::int64_t> until) {
    Selection selection;
    selection.since_ns = since;
    selection.until_ns = until;
    return selection.takes(row());
  };
  EXPECT_TRUE(takes(150 * kSecond, 160 * kSecond)) << "it was alive then";
  EXPECT_TRUE(takes(200 * kSecond, {}));
  EXPECT_FALSE(takes(200 * kSecond + 1, {}));
  EXPECT_TRUE(takes({}, 100 * kSecond));
  EXPECT_FALSE(takes({}, 100 * kSecond - 1));
}

TEST(ParseTime, ReadsDatesAndTimes) {
  EXPECT_EQ(parse_time("1970-01-01"), 0);
  EXPECT_EQ(parse_time("1970-01-02T00:00"), 86'400 * kSecond);
  EXPECT_EQ(parse_time("2023-11-14T22:13:20Z"), 1'700'000'000 * kSecond);
  EXPECT_EQ(parse_time("2023-11-14 22:13:20.5"), 1'700'000'000 * kSecond + kSecond / 2);
  EXPECT_EQ(parse_time("2023-11-14T22:13:20.123456789123"), 1'700'000'000 * kSecond + 123'456'789);
  EXPECT_EQ(parse_time("2023-11-14T23:13:20+01:00"), 1'700'000'000 * kSecond);
  EXPECT_EQ(parse_time("2023-11-14T18:43:20-0330"), 1'700'000'000 * kSecond);
  EXPECT_EQ(parse_time("1969-12-31T23:59:59.5"), -kSecond / 2);
}

TEST(ParseTime, TakesNothingElse) {
  for (const std::string_view word :
       {"", "10:03", "2023", "2023-1-4", "2023-02-30", "2023-13-01", "2023-11-14T", "2023-11-14T24:00",
        "2023-11-14T22", "2023-11-14T22:13:61", "2023-11-14T22:13:20.", "2023-11-14Tx", "2023-11-14Z ",
        "2023-11-14T22:13+", "1677-01-01", "2262-01-01", "99999-01-01"}) {
    EXPECT_FALSE(parse_time(word)) << word;
  }
}

TEST(Nearest, FindsWhatWasMeant) {
  EXPECT_EQ(nearest_verdict("abort-wating"), "abort-waiting");
  EXPECT_EQ(nearest_verdict("abort-by-reciever"), "abort-by-receiver");
  EXPECT_EQ(nearest_verdict("keepalive"), "keepalive-race");
  EXPECT_EQ(nearest_verdict("gracefull"), "graceful");
  EXPECT_EQ(nearest_verdict("xyzzy"), "");
  EXPECT_EQ(nearest_verdict(""), "");
  EXPECT_EQ(nearest_verdict(std::string(5000, 'a')), "");
}

}  // namespace
}  // namespace tcpteardown
