// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/output.h"

namespace tcpteardown {
namespace {

Report connection(std::string_view verdict, std::string_view severity, std::string_view loss,
                  std::uint64_t unacked) {
  Report report;
  report.id = find_verdict(verdict)->id;
  report.verdict = verdict;
  report.severity = severity;
  report.loss = loss;
  report.client_unacked = unacked;
  report.summary = "about " + std::string(verdict);
  report.ended = true;
  return report;
}

std::size_t place(const std::string& text, std::string_view what) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what << " is not in\n" << text;
  return at;
}

TEST(TextReport, OfNothingSaysSo) {
  EXPECT_EQ(text_report(std::vector<Report>{}, "a.pcap"), "TCP teardown of a.pcap: no TCP connections\n");
}

TEST(TextReport, PutsTheWorstFirst) {
  const std::vector<Report> reports{connection("graceful", "chat", "none", 0),
                                    connection("abort-by-receiver", "error", "possible", 70),
                                    connection("abort-by-sender", "error", "certain", 1'234'567),
                                    connection("half-closed-idle", "warn", "none", 0)};
  const std::string text = text_report(reports, "a.pcap");
  EXPECT_LT(place(text, "about abort-by-sender"), place(text, "about abort-by-receiver"));
  EXPECT_LT(place(text, "about abort-by-receiver"), place(text, "about half-closed-idle"));
  EXPECT_LT(place(text, "about half-closed-idle"), place(text, "about graceful"));
}

TEST(TextReport, CountsVerdictsAndBytes) {
  const std::vector<Report> reports{connection("abort-by-sender", "error", "certain", 1'000'000),
                                    connection("abort-by-sender", "error", "certain", 234'567),
                                    connection("abort-by-sender", "error", "possible", 89)};
  const std::string text = text_report(reports, "a.pcap");
  EXPECT_NE(text.find("3 connections, 3 ended"), std::string::npos) << text;
  const std::string row = text.substr(place(text, "\n  abort-by-sender") + 1);
  EXPECT_EQ(row.substr(0, row.find('\n')),
            "  abort-by-sender  error               3   1,234,567            89");
}

TEST(TextReport, DrawsTheWorstFive) {
  std::vector<Report> reports;
  for (int i = 0; i < 8; ++i) {
    reports.push_back(connection("abort-by-sender", "error", "certain", 70));
    reports.back().last_segments = {{.frame = 7}};
  }
  reports.push_back(connection("graceful", "chat", "none", 0));
  reports.back().last_segments = {{.frame = 9}};
  const auto drawings = [](const std::string& text) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find("\n   frame ", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  EXPECT_EQ(drawings(text_report(reports, "a.pcap")), 5U);
  const std::vector<Report> two{reports[7], reports[8]};
  EXPECT_EQ(drawings(text_report(two, "a.pcap")), 1U) << "one that ended well needs no drawing";
  const std::vector<Report> one{reports[8]};
  EXPECT_EQ(drawings(text_report(one, "a.pcap")), 1U) << "unless it is all there is";
}

TEST(TextReport, SaysTheAnswerThenTheProofThenWhatToDo) {
  Report report = connection("abort-by-receiver", "error", "certain", 70);
  report.stream = 4;
  report.decisive_frame = 31;
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
  const std::string text = text_report(std::vector<Report>{report}, "a.pcap");
  EXPECT_EQ(text.substr(place(text, "abort-by-receiver")),
            "abort-by-receiver   error   stream 4   confidence medium (it ends too soon)\n"
            "  who did what\n"
            "  evidence  17-29  first proof\n"
            "            31     second proof\n"
            "  could be         one; two\n"
            "  programs         client: no error\n"
            "  retry            unsafe: the server may have processed it\n"
            "  next             Look there.\n");
}

TEST(TextReport, CannotSteerATerminal) {
  Report report = connection("graceful", "chat", "none", 0);
  report.summary = "text\x1b[31m\r\xc2\x9b";
  report.findings = {{FindingKind::evidence, frames({7}), report.summary}};
  report.advice = report.summary;
  report.last_segments = {{.frame = 7}};
  const std::string text = text_report(std::vector<Report>{report}, "x\x1b]0;title\x07.pcap");
  for (const char c : text) EXPECT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
  EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
}

}  // namespace
}  // namespace tcpteardown
