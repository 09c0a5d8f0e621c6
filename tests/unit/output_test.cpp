// SPDX-License-Identifier: GPL-2.0-or-later
#include "formats/output.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "formats/output_format.h"
#include "report/fields.h"

namespace tcpteardown {
namespace {

std::string seconds(std::int64_t ns) {
  std::string out;
  append_seconds(out, ns);
  return out;
}

std::string utc(std::int64_t ns) {
  std::string out;
  append_utc(out, ns);
  return out;
}

TEST(OutputFormat, SecondsAreExact) {
  EXPECT_EQ(seconds(0), "0");
  EXPECT_EQ(seconds(75'000'000'000), "75");
  EXPECT_EQ(seconds(123'000), "0.000123");
  EXPECT_EQ(seconds(1), "0.000000001");
  EXPECT_EQ(seconds(-1'500'000'000), "-1.5");
  EXPECT_EQ(seconds(std::numeric_limits<std::int64_t>::min()), "-9223372036.854775808");
}

TEST(OutputFormat, TimesAreUtcWithNanoseconds) {
  EXPECT_EQ(utc(0), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(utc(951'827'696'000'000'007), "2000-02-29T12:34:56.000000007Z");
  EXPECT_EQ(utc(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(utc(std::numeric_limits<std::int64_t>::max()), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(utc(std::numeric_limits<std::int64_t>::min()), "1677-09-21T00:12:43.145224192Z");
}

struct Utf8Case {
  const char* name;
  std::string bytes;
  bool valid;
  std::size_t length;
};

class Utf8 : public testing::TestWithParam<Utf8Case> {};

TEST_P(Utf8, FirstCodePoint) {
  const CodePoint point = first_code_point(GetParam().bytes);
  EXPECT_EQ(point.valid, GetParam().valid);
  EXPECT_EQ(point.bytes.size(), GetParam().length);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc3629, Utf8,
    testing::Values(Utf8Case{"ascii", "ab", true, 1}, Utf8Case{"two", "\xc3\xa9!", true, 2},
                    Utf8Case{"three", "\xe2\x82\xac", true, 3}, Utf8Case{"four", "\xf0\x9f\x98\x80", true, 4},
                    Utf8Case{"continuation_alone", "\x80", false, 1},
                    Utf8Case{"overlong_two", "\xc0\xaf", false, 1},
                    Utf8Case{"overlong_three", "\xe0\x80\xaf", false, 1},
                    Utf8Case{"surrogate", "\xed\xa0\x80", false, 1},
                    Utf8Case{"beyond_the_planes", "\xf4\x90\x80\x80", false, 1},
                    Utf8Case{"cut", "\xe2\x82", false, 1}, Utf8Case{"no_first_byte", "\xff\xff", false, 1}),
    [](const auto& test) { return test.param.name; });

Report sample() {
  Report report;
  report.stream = 4;
  report.client = "10.0.0.1:40000";
  report.server = "[2001:db8::1]:80";
  report.start_ns = 1'000'000'000'000'000'000;
  report.duration_ns = 1'250'000'000;
  report.first_frame = 3;
  report.last_frame = 40;
  report.frames = 17;
  report.client_bytes = 100;
  report.server_bytes = 5'000'000'000;
  report.verdict = "graceful";
  report.family = "graceful";
  report.severity = "chat";
  report.summary = "short";
  return report;
}

std::string json(const Report& report, std::string_view file = "a.pcap") {
  std::string out;
  append_json(out, report, file);
  return out;
}

TEST(Json, StartsWithTheKeysOfTheContractInOrder) {
  EXPECT_TRUE(json(sample()).starts_with(
      R"({"file":"a.pcap","stream":4,"client":"10.0.0.1:40000","server":"[2001:db8::1]:80",)"
      R"("start":"2001-09-09T01:46:40.000000000Z","duration":1.25,"first_frame":3,"last_frame":40,"frames":17,)"
      R"("client.bytes":100,"server.bytes":5000000000,"verdict":"graceful","family":"graceful",)"))
      << json(sample());
  EXPECT_TRUE(json(sample()).ends_with(",\"rsts\":[]}\n"));
}

TEST(Json, LeavesOutWhatIsAbsent) {
  Report report = sample();
  report.stream.reset();
  const std::string text = json(report);
  EXPECT_EQ(text.find("\"stream\""), std::string::npos);
  EXPECT_EQ(text.find("\"tampering\""), std::string::npos);
  EXPECT_EQ(text.find("\"idle_before_end\""), std::string::npos);
}

TEST(Json, SeveralValuesAreAnArrayEvenIfThereIsOne) {
  Report report = sample();
  report.cause_hints = {"unread-data"};
  EXPECT_NE(json(report).find(R"("cause_hint":["unread-data"])"), std::string::npos) << json(report);
  report.cause_hints.emplace_back("linger0");
  EXPECT_NE(json(report).find(R"("cause_hint":["unread-data","linger0"])"), std::string::npos);
}

TEST(Json, ListsResets) {
  Report report = sample();
  report.resets = {{31, "client", "active", "accepted", 0, -3, {}},
                   {32, "server", "reactive", "redundant", 30, {}, 5}};
  EXPECT_TRUE(json(report).ends_with(
      R"("rsts":[{"frame":31,"from":"client","shape":"active","fate":"accepted","ttl_delta":-3},)"
      R"({"frame":32,"from":"server","shape":"reactive","fate":"redundant","trigger_frame":30,"ipid_delta":5}]})"
      "\n"))
      << json(report);
}

TEST(Json, ListsFindings) {
  Report report = sample();
  report.findings = {{FindingKind::evidence, frames({3, 4}), "first"},
                     {FindingKind::alternative, {}, "second"}};
  std::string out;
  append_json(out, report, "");
  EXPECT_NE(out.find(R"("finding":[{"kind":"evidence","frames":[3,4],"text":"first"},)"
                     R"({"kind":"alternative","frames":[],"text":"second"}])"),
            std::string::npos)
      << out;
}

TEST(Json, EscapesWhatAPacketMayHold) {
  Report report = sample();
  report.summary = "\"\\\n\r\t\x01\x1b[2J\x7f\xc2\x9b\xff\xc3\xa9 \xe2\x82";
  report.summary += '\0';
  EXPECT_NE(
      json(report).find("\"summary\":\"\\\"\\\\\\n\\r\\t\\u0001\\u001b[2J\\u007f\\u009b\xef\xbf\xbd\xc3\xa9 "
                        "\xef\xbf\xbd\xef\xbf\xbd\\u0000\""),
      std::string::npos)
      << json(report);
}

TEST(Json, IsOneLineOfValidUtf8WhateverTheBytes) {
  std::mt19937 random{3};
  for (int round = 0; round < 2000; ++round) {
    Report report = sample();
    report.summary.clear();
    for (auto i = random() % 30; i > 0; --i) report.summary += static_cast<char>(random());
    const std::string text = json(report, report.summary);
    ASSERT_EQ(text.find('\n'), text.size() - 1);
    for (std::string_view rest = text; !rest.empty();) {
      const CodePoint point = first_code_point(rest);
      ASSERT_TRUE(point.valid);
      rest.remove_prefix(point.bytes.size());
    }
  }
}

std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> result(1);
  bool is_quoted = false;
  for (std::size_t i = 0; i < line.size() && (is_quoted || line[i] != '\n'); ++i) {
    const char c = line[i];
    if (c == '"' && is_quoted && i + 1 < line.size() && line[i + 1] == '"') {
      result.back() += c;
      ++i;
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      result.emplace_back();
    } else {
      result.back() += c;
    }
  }
  return result;
}

TEST(Csv, HasTheColumnsOfJsonWithoutResets) {
  std::string header;
  append_csv_header(header);
  const std::vector<std::string> names = cells(header);
  ASSERT_EQ(names.size(), 11 + connection_fields().size() + 1);
  EXPECT_EQ(names.back(), "end_time_local");
  EXPECT_EQ(names[0], "file");
  EXPECT_EQ(names[9], "client.bytes");
  EXPECT_EQ(names[11], connection_fields()[0].name);
  EXPECT_EQ(std::count(names.begin(), names.end(), "rsts"), 0);
}

TEST(LocalTime, StandsBesideTheEndWhereSomebodyKnowsIt) {
  Report report = sample();
  report.ended = true;
  report.decisive_ns = 1'700'000'000'123'456'789;
  const LocalOffset berlin = [](std::int64_t) { return std::int64_t{3600}; };
  std::string json;
  append_json(json, report, "", berlin);
  EXPECT_NE(json.find(R"("end_time_local":"2023-11-14T23:13:20.123456789+01:00")"), std::string::npos)
      << json;
  std::string csv;
  append_csv(csv, report, "", berlin);
  EXPECT_TRUE(csv.ends_with(",2023-11-14T23:13:20.123456789+01:00\n")) << csv;
  json.clear();
  append_json(json, report, "");
  EXPECT_EQ(json.find("end_time_local"), std::string::npos);
  report.ended = false;
  csv.clear();
  append_csv(csv, report, "", berlin);
  EXPECT_TRUE(csv.ends_with(",\n")) << csv;
}

TEST(Csv, EveryRowHasEveryColumn) {
  Report report = sample();
  report.stream.reset();
  report.explanation = "one, \"two\"\nthree";
  report.findings = {{FindingKind::evidence, frames({3, 4}), "first"},
                     {FindingKind::alternative, {}, "second"}};
  report.cause_hints = {"unread-data", "linger0"};
  std::string header;
  std::string row;
  append_csv_header(header);
  append_csv(row, report, "");
  const std::vector<std::string> names = cells(header);
  const std::vector<std::string> values = cells(row);
  ASSERT_EQ(values.size(), names.size()) << row;
  EXPECT_EQ(values[0], "");
  EXPECT_EQ(values[1], "");
  EXPECT_EQ(std::count(row.begin(), row.end(), '\n'), 1) << "a row is a line";
  const auto value_of = [&](std::string_view name) {
    return values[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())];
  };
  EXPECT_EQ(value_of("explanation"), "one, \"two\"\xef\xbf\xbdthree");
  EXPECT_EQ(value_of("finding"), "evidence: first (frames 3, 4) alternative: second");
  EXPECT_EQ(value_of("cause_hint"), "unread-data linger0");
  EXPECT_EQ(value_of("duration"), "1.25");
}

}  // namespace
}  // namespace tcpteardown
