// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/output.h"
#include "verdict/judge.h"

namespace tcpteardown {
namespace {

// A few connections, and what is said of each.
struct Capture {
  std::vector<ReportRow> rows;
  std::vector<Report> reports;

  ReportRow& add(std::string_view verdict, Severity severity, LostBytes lost = {}) {
    ReportRow row;
    row.id = find_verdict(verdict)->id;
    row.severity = severity;
    row.loss = lost.certain > 0 ? Loss::certain : lost.possible > 0 ? Loss::possible : Loss::none;
    row.lost = lost;
    const auto frame = static_cast<FrameNumber>(rows.size() + 1);
    row.first = row.last = row.decisive = {frame, 1'700'000'000'000'000'000 + frame};
    rows.push_back(row);
    Report report;
    report.id = row.id;
    report.verdict = verdict;
    report.severity = to_string(severity);
    report.ended = true;
    report.decisive_frame = frame;
    report.decisive_ns = row.decisive.time_ns;
    report.summary = "about " + std::string(verdict) + " of frame " + std::to_string(frame);
    report.last_segments = {{.frame = frame}};
    reports.push_back(std::move(report));
    return rows.back();
  }
  [[nodiscard]] std::string text(const TextLayout& layout = {}) const {
    return text_report(
        rows, [this](std::size_t place) { return reports[place]; }, "a.pcap", layout);
  }
};

std::string text_of(const Report& report, std::string_view file) {
  const std::vector<ReportRow> rows(1);
  return text_report(
      rows, [&report](std::size_t) { return report; }, file);
}

std::size_t place(const std::string& text, std::string_view what) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what << " is not in\n" << text;
  return at;
}

std::string line_with(const std::string& text, std::string_view what) {
  const std::size_t at = place(text, what);
  if (at == std::string::npos) return {};
  const std::size_t begin = text.rfind('\n', at) + 1;
  return text.substr(begin, text.find('\n', at) - begin);
}

std::size_t occurrences(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++count;
  return count;
}

TcpEndpoint server_at(std::uint8_t last_byte, std::uint16_t port) {
  TcpEndpoint end;
  end.address.bytes = {10, 0, 0, last_byte};
  end.port = port;
  return end;
}

TEST(TextReport, OfNothingSaysSo) {
  EXPECT_EQ(Capture{}.text(), "TCP teardown of a.pcap: no TCP connections\n");
}

TEST(TextReport, PutsTheWorstFirst) {
  Capture capture;
  capture.add("half-closed-idle", Severity::warn);
  capture.add("abort-by-receiver", Severity::error, {0, 70});
  capture.add("abort-by-sender", Severity::error, {1'234'567, 0});
  const std::string text = capture.text();
  const std::string list = text.substr(place(text, "what happened"));
  EXPECT_LT(place(list, "about abort-by-sender"), place(list, "about abort-by-receiver"));
  EXPECT_LT(place(list, "about abort-by-receiver"), place(list, "about half-closed-idle"));
}

TEST(TextReport, CountsVerdictsAndBytes) {
  Capture capture;
  capture.add("abort-by-sender", Severity::error, {1'000'000, 0});
  capture.add("abort-by-sender", Severity::error, {234'567, 0});
  capture.add("abort-by-sender", Severity::error, {0, 89});
  const std::string text = capture.text();
  EXPECT_NE(text.find("3 connections, 3 ended, 2023-11-14 22:13:20 to 22:13:20 UTC"), std::string::npos)
      << text;
  EXPECT_EQ(line_with(text, "  abort-by-sender  error"),
            "  abort-by-sender  error               3   1,234,567            89");
}

TEST(TextReport, StampsTheWorstSeverityOnNobodyElse) {
  Capture capture;
  for (int i = 0; i < 16; ++i) capture.add("data-after-close", Severity::chat);
  for (int i = 0; i < 2; ++i) capture.add("data-after-close", Severity::error, {10, 0});
  capture.add("abort-idle", Severity::warn);
  EXPECT_EQ(line_with(capture.text(), "2 error"),
            "  data-after-close  2 error, 16 chat           18          20             -");
}

TEST(TextReport, ExplainsOneOfEachVerdictThatIsWorthALook) {
  Capture capture;
  for (int i = 0; i < 8; ++i) capture.add("abort-by-sender", Severity::error, {70, 0});
  capture.add("half-closed-idle", Severity::warn);
  capture.add("abort-no-data", Severity::note);
  const std::string text = capture.text();
  EXPECT_EQ(occurrences(text, "\n   frame "), 2U) << text;
  EXPECT_LT(place(text, "\nabort-by-sender   error"), place(text, "\nhalf-closed-idle   warn"));
  EXPECT_LT(place(text, "\nhalf-closed-idle   warn"), place(text, "what happened"))
      << "explained before the list";
}

TEST(TextReport, ExplainsNoMoreThanOneReads) {
  Capture capture;
  for (const std::string_view slug : {"abort-by-sender", "half-closed-idle", "abort-idle", "setup-refused",
                                      "setup-no-reply", "peer-lost-state"}) {
    capture.add(slug, Severity::warn);
  }
  const std::string text = capture.text();
  EXPECT_EQ(occurrences(text, "\n   frame "), 5U);
  EXPECT_NE(text.find("For an example of the others: tcpteardown --verdict VERDICT"), std::string::npos);
}

TEST(TextReport, OfOneConnectionAlwaysHasTheDrawing) {
  Capture capture;
  capture.add("graceful", Severity::chat);
  EXPECT_EQ(occurrences(capture.text(), "\n   frame "), 1U);
}

TEST(TextReport, ListsTenOfAVerdictAndNoneThatEndedWell) {
  Capture capture;
  for (int i = 0; i < 12; ++i) capture.add("abort-no-data", Severity::note);
  for (int i = 0; i < 3; ++i) capture.add("graceful", Severity::chat);
  const std::string few = capture.text();
  EXPECT_EQ(occurrences(few, "about abort-no-data"), 10U);
  EXPECT_EQ(occurrences(few, "about graceful"), 0U);
  EXPECT_NE(few.find("... and 2 abort-no-data, 3 graceful. All: tcpteardown --all"), std::string::npos)
      << few;
  const std::string all = capture.text({.rows = RowsShown::all});
  EXPECT_EQ(occurrences(all, "about abort-no-data"), 12U);
  EXPECT_EQ(occurrences(all, "about graceful"), 3U);
  EXPECT_EQ(all.find("... and"), std::string::npos);
}

TEST(TextReport, BeginsWithWhatProgramsSaw) {
  Capture capture;
  for (int i = 0; i < 3; ++i) {
    ReportRow& row = capture.add("abort-before-response", Severity::warn);
    row.seen = {Symptom::reset_by_peer, true, false};
    row.initiator = Initiator::server;
    row.server = server_at(static_cast<std::uint8_t>(i < 2 ? 2 : 3), 443);
    row.stream = static_cast<std::uint32_t>(i);
  }
  ReportRow& silent = capture.add("timeout-retransmit", Severity::error);
  silent.seen = {Symptom::timed_out, true, false};
  silent.initiator = Initiator::server;
  silent.server = server_at(4, 80);
  const std::string text = capture.text();
  EXPECT_LT(place(text, "connection reset by peer: 3 connections"), place(text, "bytes lost"));
  EXPECT_EQ(
      line_with(text, "10.0.0.2:443 and 1 more"),
      "      3  client   server         abort-before-response  10.0.0.2:443 and 1 more  stream 0, frame 1, "
      "22:13:20.000000");
  EXPECT_EQ(line_with(text, "silent server"),
            "      1  client   silent server  timeout-retransmit     10.0.0.4:80              frame 4, "
            "22:13:20.000000")
      << "who is silent need not be the one at fault";
}

TEST(TextReport, CountsByServerAndByClient) {
  Capture capture;
  for (std::uint8_t i = 0; i < 7; ++i) {
    ReportRow& row = capture.add("abort-by-receiver", i == 6 ? Severity::chat : Severity::warn);
    row.server = server_at(static_cast<std::uint8_t>(i < 2 ? 1 : i), 443);
    row.client = server_at(100, static_cast<std::uint16_t>(5000 + i));
    row.initiator = i == 0 ? Initiator::client : Initiator::server;
  }
  const std::string report = capture.text();
  EXPECT_EQ(line_with(report, "10.0.0.1:443"),
            "  10.0.0.1:443            2             2          1          1        -       -           -    "
            "         "
            "-  abort-by-receiver");
  EXPECT_NE(report.find("... 1 more: --by server"), std::string::npos) << report;
  const std::string whole = capture.text({.tables = Tables::by_server});
  EXPECT_EQ(occurrences(whole, ":443 "), 6U) << whole;
  EXPECT_EQ(occurrences(whole, "what happened"), 0U) << "that table alone";
  const std::string clients = capture.text({.tables = Tables::by_client});
  EXPECT_EQ(occurrences(clients, "10.0.0.100 "), 1U) << "their ports are of no interest\n" << clients;
}

TEST(TextReport, TellsLocalTimeWhereItIsNotUtc) {
  Capture capture;
  capture.add("abort-no-data", Severity::note);
  capture.add("abort-no-data", Severity::note);
  EXPECT_EQ(capture.text().find("local"), std::string::npos);
  EXPECT_EQ(capture.text({.local = [](std::int64_t) { return std::int64_t{0}; }}), capture.text());
  const std::string text = capture.text({.local = [](std::int64_t) { return std::int64_t{-12'600}; }});
  EXPECT_NE(text.find("22:13:20 to 22:13:20 UTC, local time is UTC-03:30"), std::string::npos) << text;
  EXPECT_EQ(line_with(text, "about abort-no-data of frame 1"),
            "  note           -      1  22:13:20.000000  18:43:20.000000  abort-no-data  about abort-no-data "
            "of frame 1");
}

TEST(TextReport, FitsTheTerminal) {
  Capture capture;
  for (int i = 0; i < 2; ++i) {
    capture.add("abort-no-data", Severity::note);
    capture.reports.back().summary =
        "one two three four five six seven eight nine ten eleven twelve thirteen";
  }
  const std::string wide = capture.text();
  EXPECT_NE(wide.find("eight nine ten eleven twelve thirteen\n"), std::string::npos)
      << "whole lines, for grep";
  const std::string narrow = capture.text({.width = 90});
  const std::string list = narrow.substr(place(narrow, "what happened"));
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = list.find('\n', begin);
    EXPECT_LE(end - begin, 90U) << list.substr(begin, end - begin);
    begin = end + 1;
  }
}

TEST(TextReport, SaysTheAnswerThenTheProofThenWhatToDo) {
  Report report;
  report.verdict = "abort-by-receiver";
  report.severity = "error";
  report.stream = 4;
  report.ended = true;
  report.decisive_frame = 31;
  report.decisive_ns = 1'700'000'000'123'456'789;
  report.confidence = "medium";
  report.confidence_reason = "it ends too soon";
  report.summary = "who did what";
  report.retry = "unsafe";
  report.advice = "Look there.";
  report.findings = {{FindingKind::evidence, frame_span(17, 29, 9), "first proof"},
                     {FindingKind::evidence, frames({31}), "second proof"},
                     {FindingKind::alternative, {}, "one"},
                     {FindingKind::alternative, {}, "two"},
                     {FindingKind::programs, {}, "client: no error"}};
  const std::string text = text_of(report, "a.pcap");
  EXPECT_EQ(text.substr(place(text, "abort-by-receiver")),
            "abort-by-receiver   error   stream 4   confidence medium (it ends too soon)\n"
            "  who did what\n"
            "  evidence  17-29  first proof\n"
            "            31     second proof\n"
            "  could be         one; two\n"
            "  programs         client: no error\n"
            "  when      31     2023-11-14 22:13:20.123456 UTC\n"
            "  retry            unsafe: the server may have processed it\n"
            "  next             Look there.\n");
}

TEST(TextReport, CannotSteerATerminal) {
  Report report;
  report.verdict = "graceful";
  report.summary = "text\x1b[31m\r\xc2\x9b";
  report.findings = {{FindingKind::evidence, frames({7}), report.summary}};
  report.advice = report.summary;
  report.last_segments = {{.frame = 7}};
  const std::string text = text_of(report, "x\x1b]0;title\x07.pcap");
  for (const char c : text) EXPECT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
  EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
}

}  // namespace
}  // namespace tcpteardown
