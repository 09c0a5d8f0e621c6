// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <string>

#include "capture/analysis.h"
#include "report/report.h"

// What the findings say of the application protocol: only what its bytes prove.
namespace tcpteardown {
namespace {

// The client asks, the server answers, the client resets.
std::string context_of(const std::string& request, const std::string& response) {
  const auto segment = [](const std::string& who, const std::string& text, const std::string& ack) {
    std::string escaped;
    std::size_t size = 0;
    for (const char c : text) {
      escaped += c == '\n' ? "\\r\\n" : std::string(1, c);
      size += c == '\n' ? 2 : 1;
    }
    const std::string end = std::to_string(1 + size);
    return "+.01 " + who + " > P. 1:" + end + '(' + std::to_string(size) + ") ack " + ack + " payload \"" +
           escaped + "\"\n";
  };
  const auto size_of = [](const std::string& text) {
    std::size_t size = 1;
    for (const char c : text) size += c == '\n' ? 2 : 1;
    return std::to_string(size);
  };
  const std::string sent = size_of(request);
  const std::string got = size_of(response);
  const ScriptResult script = parse_script(
      "handshake\n" + segment("A", request, "1") + segment("B", response, sent) + "+.01 A > . " + sent + ':' +
      sent + "(0) ack " + got + "\n+.01 A > R. " + sent + ':' + sent + "(0) ack " + got + "\nsilence 5\n");
  EXPECT_EQ(script.error, "") << describe_error(script);
  Analysis analysis;
  analyse_script(script.script, analysis);
  std::string said;
  for (const Finding& finding :
       make_report(analysis.table().facts(0), analysis.table().capture_end()).findings) {
    if (finding.kind == FindingKind::context) said += finding.text + '\n';
  }
  return said;
}

bool contains(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

TEST(HttpContext, ResponseThatLacksPartOfItsBody) {
  const std::string said = context_of("GET / HTTP/1.1\n\n", "HTTP/1.1 200 OK\nContent-Length: 5000\n\nhello");
  EXPECT_TRUE(contains(said, "4,995 bytes of Content-Length unsent")) << said;
}

TEST(HttpContext, ResponseWithItsWholeBody) {
  const std::string said = context_of("GET / HTTP/1.1\n\n", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello");
  EXPECT_TRUE(contains(said, "HTTP 200: complete")) << said;
}

TEST(HttpContext, ResponsesWithoutABody) {
  const std::string head = context_of("HEAD / HTTP/1.1\n\n", "HTTP/1.1 200 OK\nContent-Length: 5000\n\n");
  EXPECT_TRUE(contains(head, "HTTP 200: complete")) << head;
  const std::string not_modified =
      context_of("GET / HTTP/1.1\n\n", "HTTP/1.1 304 Not Modified\nContent-Length: 5000\n\n");
  EXPECT_TRUE(contains(not_modified, "HTTP 304: complete")) << not_modified;
}

TEST(HttpContext, SecondResponseBehindTheFirst) {
  const std::string said = context_of("GET / HTTP/1.1\n\n",
                                      "HTTP/1.1 200 OK\nContent-Length: 2\n\nokHTTP/1.1 200 OK\n"
                                      "Content-Length: 10\n\nhalf");
  EXPECT_FALSE(contains(said, "complete")) << said;
}

}  // namespace
}  // namespace tcpteardown
