// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/arguments.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace tcpteardown {
namespace {

Arguments parse(std::vector<std::string_view> words) { return parse_arguments(words); }

TEST(Arguments, FilesAndFormats) {
  const Arguments text = parse({"a.pcap", "-"});
  EXPECT_EQ(text.error, "");
  EXPECT_EQ(text.format, Format::text);
  EXPECT_EQ(text.files, (std::vector<std::string>{"a.pcap", "-"}));
  EXPECT_EQ(parse({"--json", "a"}).format, Format::json);
  EXPECT_EQ(parse({"a", "--csv"}).format, Format::csv);
  EXPECT_EQ(parse({"--", "--json"}).files, std::vector<std::string>{"--json"});
  EXPECT_EQ(parse({"--", "--"}).files, std::vector<std::string>{"--"});
}

TEST(Arguments, RowsAndThreads) {
  EXPECT_EQ(parse({"a"}).layout.rows, RowsShown::few);
  EXPECT_EQ(parse({"--all", "a"}).layout.rows, RowsShown::all);
  EXPECT_EQ(parse({"a"}).threads, 0U) << "as many as there are processors";
  EXPECT_EQ(parse({"--threads", "3", "a"}).threads, 3U);
  for (const std::string_view word : {"0", "x", "3x", "-1", "257"}) {
    EXPECT_EQ(parse({"--threads", word, "a"}).error, "--threads takes a number from 1 to 256") << word;
  }
  EXPECT_EQ(parse({"a", "--threads"}).error, "--threads takes a number from 1 to 256");
}

TEST(Arguments, JoinedFiles) {
  EXPECT_TRUE(parse({"--join", "b", "a"}).join);
  EXPECT_FALSE(parse({"b", "a"}).join);
  EXPECT_EQ(parse({"--join", "a", "-"}).error, "--join takes captures in files only");
  EXPECT_EQ(parse({"--join", "a.seg"}).error, "--join takes captures in files only");
}

TEST(Arguments, OneFollowed) {
  EXPECT_TRUE(parse({"--follow", "--json", "-"}).follow);
  EXPECT_TRUE(parse({"--csv", "--follow", "a"}).follow);
  for (const std::vector<std::string_view>& words : {std::vector<std::string_view>{"--follow", "-"},
                                                     {"--follow", "--json", "a", "b"},
                                                     {"--follow", "--json", "--join", "a"},
                                                     {"--follow", "--json", "a.seg"}}) {
    EXPECT_EQ(parse(words).error, "--follow takes --json or --csv, one capture, and all of its connections");
  }
}

TEST(Arguments, Selections) {
  const Selection all = parse({"a"}).selection;
  EXPECT_TRUE(all.takes_all());
  const Arguments some = parse({"--stream", "4", "--verdict", "graceful", "--host", ":80", "--since",
                                "2026-01-01", "--until", "2026-01-02", "a"});
  EXPECT_EQ(some.error, "");
  EXPECT_EQ(some.selection.stream, 4U);
  EXPECT_EQ(some.selection.verdict, find_verdict("graceful")->id);
  EXPECT_EQ(some.selection.host->port, 80);
  EXPECT_TRUE(some.selection.since_ns && some.selection.until_ns);
  EXPECT_EQ(parse({"--stream", "x", "a"}).error, "--stream takes a number, that of tcp.stream");
  EXPECT_EQ(parse({"--verdict", "abort-wating", "a"}).error,
            "--verdict takes a verdict, and 'abort-wating' is none; do you mean 'abort-waiting'?");
  EXPECT_EQ(parse({"--verdict", "x", "a"}).error,
            "--verdict takes a verdict, and 'x' is none (tcpteardown explain lists them)");
  EXPECT_EQ(parse({"--host", "x", "a"}).error, "--host takes ADDRESS, ADDRESS:PORT, [IPV6]:PORT or :PORT");
  EXPECT_EQ(parse({"--since", "noon", "a"}).error,
            "--since takes a time such as 2026-11-20T10:03:11.5 (UTC) or 2026-11-20T11:03+01:00");
  EXPECT_EQ(parse({"a", "--until"}).error,
            "--until takes a time such as 2026-11-20T10:03:11.5 (UTC) or 2026-11-20T11:03+01:00");
  EXPECT_EQ(parse({"--follow", "--json", "--stream", "1", "a"}).error,
            "--follow takes --json or --csv, one capture, and all of its connections");
}

TEST(Arguments, Tables) {
  EXPECT_EQ(parse({"--by", "server", "a"}).layout.tables, Tables::by_server);
  EXPECT_EQ(parse({"--by", "client", "a"}).layout.tables, Tables::by_client);
  EXPECT_EQ(parse({"--by", "port", "a"}).error, "--by takes server or client");
  EXPECT_EQ(parse({"--by", "client", "--csv", "a"}).error,
            "--by makes a table of its own: neither --json nor --csv");
}

TEST(Arguments, OneFormat) {
  EXPECT_EQ(parse({"--csv", "--json", "a"}).error, "--json and --csv are two formats: choose one");
  EXPECT_EQ(parse({"--csv", "--csv", "a"}).error, "");
}

TEST(Arguments, WrongOnesAreNamed) {
  EXPECT_EQ(parse({"--jsno", "a"}).error, "unknown option '--jsno'; do you mean --json?");
  EXPECT_EQ(parse({"--verbose-mode", "a"}).error, "unknown option '--verbose-mode'");
  EXPECT_EQ(parse({}).error, "no capture given");
  EXPECT_EQ(parse({"--"}).error, "no capture given");
  EXPECT_EQ(parse({"--xml", "a"}).error, "unknown option '--xml'");
  EXPECT_EQ(parse({"--to-pcap", "a"}).error, "--to-pcap takes a script and the capture to write");
  EXPECT_EQ(parse({"explain", "--all"}).error, "unknown option '--all' of explain");
  EXPECT_EQ(parse({"explain", "a", "b"}).error, "explain takes one verdict");
}

TEST(Arguments, OtherCommands) {
  EXPECT_EQ(parse({"--help"}).command, Command::help);
  EXPECT_EQ(parse({"a.pcap", "--version"}).command, Command::version);
  EXPECT_EQ(parse({"explain"}).explain, Explain::overview);
  EXPECT_EQ(parse({"explain", "--list"}).explain, Explain::list);
  EXPECT_EQ(parse({"explain", "--markdown"}).explain, Explain::markdown);
  EXPECT_EQ(parse({"explain", "graceful"}).slug, "graceful");
  EXPECT_EQ(parse({"--to-pcap", "a.seg", "b.pcap"}).command, Command::to_pcap);
}

}  // namespace
}  // namespace tcpteardown
