// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/selection.h"

#include <arpa/inet.h>

#include <charconv>
#include <chrono>
#include <cstddef>

namespace tcpteardown {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;  // ns

// --- hosts -------------------------------------------------------------------------------------

std::optional<IpAddress> parse_ip(std::string_view word) {
  const std::string text{word};
  IpAddress address;
  if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) return address;
  address.is_ipv6 = true;
  if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::optional<std::uint16_t> parse_port(std::string_view word) {
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), port);
  if (problem != std::errc{} || end != word.data() + word.size() || port == 0) return std::nullopt;
  return port;
}

// --- times -------------------------------------------------------------------------------------

// Takes what it knows from the front of a text; what does not fit leaves it bad.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool is_good() const { return is_good_; }
  [[nodiscard]] bool is_done() const { return rest_.empty(); }
  [[nodiscard]] bool next_is(std::string_view marks) const {
    return !rest_.empty() && marks.find(rest_.front()) != std::string_view::npos;
  }

  // Exactly so many digits, at most `most`.
  std::int64_t number(std::size_t digits, std::int64_t most) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) value = value * 10 + digit();
    if (value > most) is_good_ = false;
    return value;
  }
  void take(std::string_view marks) {
    if (!next_is(marks)) {
      is_good_ = false;
    } else {
      rest_.remove_prefix(1);
    }
  }
  // Digits behind the point, as nanoseconds.
  std::int64_t fraction() {
    std::int64_t value = 0;
    std::int64_t unit = kSecond / 10;
    do {
      value += digit() * unit;
      unit /= 10;
    } while (is_good_ && next_is("0123456789"));
    return value;
  }

 private:
  std::int64_t digit() {
    if (!next_is("0123456789")) {
      is_good_ = false;
      return 0;
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c - '0';
  }

  std::string_view rest_;
  bool is_good_ = true;
};

std::int64_t take_date(TimeReader& reader) {
  const std::int64_t year = reader.number(4, 2261);
  reader.take("-");
  const std::int64_t month = reader.number(2, 12);
  reader.take("-");
  const std::int64_t day = reader.number(2, 31);
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || year < 1678) reader.take("");  // no such day
  return std::chrono::sys_days{date}.time_since_epoch().count() * 86'400;
}

std::int64_t take_offset(TimeReader& reader) {
  const std::int64_t sign = reader.next_is("-") ? -1 : 1;
  reader.take("+-");
  const std::int64_t hours = reader.number(2, 14);
  if (reader.next_is(":")) reader.take(":");
  return sign * (hours * 3600 + reader.number(2, 59) * 60);
}

}  // namespace

bool HostFilter::fits(const TcpEndpoint& end) const {
  return (!address || *address == end.address) && (!port || *port == end.port);
}

bool Selection::takes_all() const { return !stream && !verdict && !host && !since_ns && !until_ns; }

bool Selection::takes(const ReportRow& row) const {
  if (stream && row.stream != stream) return false;
  if (verdict && row.id != *verdict) return false;
  if (host && !host->fits(row.client) && !host->fits(row.server)) return false;
  return (!since_ns || row.last.time_ns >= *since_ns) && (!until_ns || row.first.time_ns <= *until_ns);
}

std::optional<HostFilter> parse_host(std::string_view word) {
  if (const std::optional<IpAddress> address = parse_ip(word)) return HostFilter{address, std::nullopt};
  const std::size_t colon = word.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::optional<std::uint16_t> port = parse_port(word.substr(colon + 1));
  if (!port) return std::nullopt;
  std::string_view host = word.substr(0, colon);
  if (host.empty()) return HostFilter{std::nullopt, port};
  const bool is_bracketed = host.front() == '[' && host.back() == ']' && host.size() > 2;
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  const std::optional<IpAddress> address = parse_ip(host);
  // Without brackets nobody can tell an IPv6 address's last group from a port.
  if (!address || address->is_ipv6 != is_bracketed) return std::nullopt;
  return HostFilter{address, port};
}

std::optional<std::int64_t> parse_time(std::string_view word) {
  TimeReader reader{word};
  std::int64_t seconds = take_date(reader);
  std::int64_t nanoseconds = 0;
  if (reader.next_is("T ")) {
    reader.take("T ");
    seconds += reader.number(2, 23) * 3600;
    reader.take(":");
    seconds += reader.number(2, 59) * 60;
    if (reader.next_is(":")) {
      reader.take(":");
      seconds += reader.number(2, 60);  // a leap second
    }
    if (reader.next_is(".")) {
      reader.take(".");
      nanoseconds = reader.fraction();
    }
  }
  if (reader.next_is("Z")) {
    reader.take("Z");
  } else if (reader.next_is("+-")) {
    seconds -= take_offset(reader);
  }
  if (!reader.is_good() || !reader.is_done()) return std::nullopt;
  return seconds * kSecond + nanoseconds;
}

}  // namespace tcpteardown
