// SPDX-License-Identifier: GPL-2.0-or-later
// Tables of the evidence, entry by entry, as their sources have them: no script shows each of them.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/exchange.h"
#include "evidence/icmp.h"
#include "evidence/idle_timers.h"
#include "evidence/stated_reason.h"

namespace tcpteardown {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// Every number up to `last` for which `holds`, as ranges: "3 5-7".
template <typename Holds>
std::string ranges(int last, const Holds& holds) {
  std::string text;
  for (int i = 0; i <= last; ++i) {
    if (!holds(i)) continue;
    int end = i;
    while (end < last && holds(end + 1)) ++end;
    text += (text.empty() ? "" : " ") + std::to_string(i) + (end > i ? '-' + std::to_string(end) : "");
    i = end;
  }
  return text;
}

TEST(Tables, CodesOfNetScaler) {
  const auto means_something = [](int i) {
    return !netscaler_meaning(static_cast<std::uint16_t>(i)).empty();
  };
  EXPECT_EQ(
      ranges(65'535, means_something),
      "8196 8201-8202 8204-8209 8211-8212 9100 9201-9222 9300-9305 9307-9310 9400-9401 9450-9460 9600-9602 "
      "9700-9702 9800 9811-9812 9814 9816-9822 9830 9833-9841 9845 9951-9953");
  EXPECT_EQ(netscaler_meaning(8212), netscaler_meaning(8201));
  for (const int code : {8205, 8207, 8208, 9303, 9304, 9305, 9309, 9701, 9811, 9952}) {
    EXPECT_NE(netscaler_meaning(static_cast<std::uint16_t>(code)),
              netscaler_meaning(static_cast<std::uint16_t>(code + 1)))
        << code;
  }
}

std::string codes_of(bool is_icmpv6, int type, Failure failure, IcmpErrno error) {
  return ranges(20, [&](int code) {
    IcmpFacts facts;
    facts.is_icmpv6 = is_icmpv6;
    facts.type = static_cast<std::uint8_t>(type);
    facts.code = static_cast<std::uint8_t>(code);
    const IcmpMeaning meaning = read_icmp(facts);
    return meaning.failure == failure && meaning.error == error;
  });
}

TEST(Tables, ErrorsOfIcmp) {
  EXPECT_EQ(codes_of(false, 3, Failure::no_route, IcmpErrno::enetunreach), "0 6 11");
  EXPECT_EQ(codes_of(false, 3, Failure::no_host, IcmpErrno::ehostunreach), "1 12");
  EXPECT_EQ(codes_of(false, 3, Failure::no_host, IcmpErrno::unknown), "7-8");
  EXPECT_EQ(codes_of(false, 3, Failure::no_protocol, IcmpErrno::unknown), "2");
  EXPECT_EQ(codes_of(false, 3, Failure::no_port, IcmpErrno::econnrefused), "3");
  EXPECT_EQ(codes_of(false, 3, Failure::too_big, IcmpErrno::unknown), "4");
  EXPECT_EQ(codes_of(false, 3, Failure::prohibited, IcmpErrno::enetunreach), "9");
  EXPECT_EQ(codes_of(false, 3, Failure::prohibited, IcmpErrno::ehostunreach), "10 13-15");
  EXPECT_EQ(codes_of(false, 11, Failure::too_many_hops, IcmpErrno::ehostunreach), "0-20");
  EXPECT_EQ(codes_of(false, 1, Failure::other, IcmpErrno::unknown), "0-20");
}

TEST(Tables, ErrorsOfIcmp6) {
  EXPECT_EQ(codes_of(true, 1, Failure::no_route, IcmpErrno::enetunreach), "0");
  EXPECT_EQ(codes_of(true, 1, Failure::prohibited, IcmpErrno::eacces), "1 5-6");
  EXPECT_EQ(codes_of(true, 1, Failure::no_host, IcmpErrno::ehostunreach), "2-3");
  EXPECT_EQ(codes_of(true, 1, Failure::no_port, IcmpErrno::econnrefused), "4");
  EXPECT_EQ(codes_of(true, 2, Failure::too_big, IcmpErrno::unknown), "0-20");
  EXPECT_EQ(codes_of(true, 3, Failure::too_many_hops, IcmpErrno::ehostunreach), "0-20");
  EXPECT_EQ(codes_of(true, 11, Failure::other, IcmpErrno::unknown), "0-20");
}

TEST(Tables, IdleTimers) {
  EXPECT_EQ(
      ranges(8'000, [](int i) { return matching_idle_timer(i * kSecond).seconds != 0; }),
      "5 10 15 30 60 65 75 120 180 240-241 300-301 350-351 600-603 899-904 1798-1809 3596-3618 7195-7210");
  EXPECT_EQ(matching_idle_timer(7'200 * kSecond).seconds, 7'200U);
}

// A fifth of a second or half a percent late, a quarter of that early.
TEST(Tables, HowExactIdleTimersAre) {
  constexpr std::int64_t kMs = 1'000'000;
  EXPECT_EQ(matching_idle_timer(5 * kSecond + 200 * kMs).seconds, 5U);
  EXPECT_EQ(matching_idle_timer(5 * kSecond + 201 * kMs).seconds, 0U);
  EXPECT_EQ(matching_idle_timer(5 * kSecond - 50 * kMs).seconds, 5U);
  EXPECT_EQ(matching_idle_timer(5 * kSecond - 51 * kMs).seconds, 0U);
  EXPECT_EQ(matching_idle_timer(600 * kSecond + 3'000 * kMs).seconds, 600U);
  EXPECT_EQ(matching_idle_timer(600 * kSecond + 3'001 * kMs).seconds, 0U);
  EXPECT_EQ(matching_idle_timer(7'195 * kSecond).seconds, 7'200U);
  EXPECT_EQ(matching_idle_timer(7'210 * kSecond).seconds, 7'200U);
  EXPECT_EQ(matching_idle_timer(7'195 * kSecond - 1).seconds, 0U);
  EXPECT_EQ(matching_idle_timer(7'210 * kSecond + 1).seconds, 0U);
}

std::string_view name_of_alert(int code) {
  Connection connection;
  connection.a.payload.fatal_alert = {.frame = 7, .time_ns = 1};
  connection.a.payload.fatal_alert_code = static_cast<std::uint8_t>(code);
  Teardown teardown;
  teardown.connection = &connection;
  return find_exchange(teardown).alert.name;
}

TEST(Tables, FatalAlertsOfTls) {
  EXPECT_EQ(ranges(255, [](int code) { return !name_of_alert(code).empty(); }),
            "10 20 22 40 42-51 70-71 80 86 109-110 112 115-116 120");
  EXPECT_EQ(name_of_alert(48), "unknown_ca");
  EXPECT_EQ(name_of_alert(70), "protocol_version");
}

}  // namespace
}  // namespace tcpteardown
