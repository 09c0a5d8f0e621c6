// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/arguments.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>

#include <array>
#include <system_error>

#include "formats/connection_text.h"
#include "formats/nearest.h"

namespace tcpteardown {
namespace {

Arguments wrong(std::string message) {
  Arguments arguments;
  arguments.error = std::move(message);
  return arguments;
}

std::string quoted(std::string_view word) { return "'" + printable(word) + "'"; }

Arguments parse_explain(std::span<const std::string_view> words) {
  Arguments arguments;
  arguments.command = Command::explain;
  if (words.empty()) return arguments;
  if (words.size() > 1) return wrong("explain takes one verdict");
  if (words[0] == "--markdown") {
    arguments.explain = Explain::markdown;
  } else if (words[0] == "--list") {
    arguments.explain = Explain::list;
  } else if (words[0].starts_with('-')) {
    return wrong("unknown option " + quoted(words[0]) + " of explain");
  } else {
    arguments.explain = Explain::page;
    arguments.slug = words[0];
  }
  return arguments;
}

Arguments parse_to_pcap(std::span<const std::string_view> words) {
  Arguments arguments;
  arguments.command = Command::to_pcap;
  if (words.size() != 2) return wrong("--to-pcap takes a script and the capture to write");
  arguments.files.assign(words.begin(), words.end());
  return arguments;
}

constexpr unsigned kMostThreads = 256;  // our choice

// 0 if the word is no number of threads.
unsigned parse_threads(std::string_view word) {
  unsigned threads = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), threads);
  const bool is_number = problem == std::errc{} && end == word.data() + word.size();
  return is_number && threads <= kMostThreads ? threads : 0;
}

// An option of the report that stands alone; false if it is none.
bool take_option(std::string_view word, Arguments& arguments) {
  if (word == "--json" || word == "--csv") {
    const Format format = word == "--json" ? Format::json : Format::csv;
    if (arguments.format != Format::text && arguments.format != format) {
      arguments.error = "--json and --csv are two formats: choose one";
    }
    arguments.format = format;
  } else if (word == "--all") {
    arguments.layout.rows = RowsShown::all;
  } else if (word == "--join") {
    arguments.join = true;
  } else if (word == "--follow") {
    arguments.follow = true;
  } else if (word == "-h" || word == "--help") {
    arguments.command = Command::help;
  } else if (word == "-v" || word == "--version") {
    arguments.command = Command::version;
  } else {
    return false;
  }
  return true;
}

// What each option with a value sets; a text that says what it takes, if the value is none such.
using SetOption = std::string (*)(std::string_view value, Arguments& arguments);

std::string set_threads(std::string_view value, Arguments& arguments) {
  arguments.threads = parse_threads(value);
  return arguments.threads == 0 ? "a number from 1 to 256" : "";
}

std::string set_stream(std::string_view value, Arguments& arguments) {
  std::uint32_t stream = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), stream);
  if (problem != std::errc{} || end != value.data() + value.size()) return "a number, that of tcp.stream";
  arguments.selection.stream = stream;
  return {};
}

std::string set_verdict(std::string_view value, Arguments& arguments) {
  const Verdict* verdict = find_verdict(value);
  if (verdict == nullptr) {
    const std::string_view near = nearest_verdict(value);
    return "a verdict, and " + quoted(value) + " is none" +
           (near.empty() ? " (tcpteardown explain lists them)"
                         : "; do you mean '" + std::string(near) + "'?");
  }
  arguments.selection.verdict = verdict->id;
  return {};
}

std::string set_host(std::string_view value, Arguments& arguments) {
  arguments.selection.host = parse_host(value);
  return arguments.selection.host ? "" : "ADDRESS, ADDRESS:PORT, [IPV6]:PORT or :PORT";
}

std::string set_time(std::string_view value, std::optional<std::int64_t>& time) {
  time = parse_time(value);
  return time ? "" : "a time such as 2026-11-20T10:03:11.5 (UTC) or 2026-11-20T11:03+01:00";
}
std::string set_since(std::string_view value, Arguments& arguments) {
  return set_time(value, arguments.selection.since_ns);
}
std::string set_until(std::string_view value, Arguments& arguments) {
  return set_time(value, arguments.selection.until_ns);
}

std::string set_table(std::string_view value, Arguments& arguments) {
  if (value == "server") {
    arguments.layout.tables = Tables::by_server;
  } else if (value == "client") {
    arguments.layout.tables = Tables::by_client;
  } else {
    return "server or client";
  }
  return {};
}

struct ValueOption {
  std::string_view name;
  SetOption set;
};
constexpr auto kValueOptions = std::to_array<ValueOption>({{"--threads", set_threads},
                                                           {"--stream", set_stream},
                                                           {"--verdict", set_verdict},
                                                           {"--host", set_host},
                                                           {"--since", set_since},
                                                           {"--until", set_until},
                                                           {"--by", set_table}});
constexpr auto kPlainOptions = std::to_array<std::string_view>(
    {"--json", "--csv", "--all", "--join", "--follow", "--help", "--version", "--to-pcap"});

const ValueOption* find_option(std::string_view word) {
  const auto* found = std::find_if(kValueOptions.begin(), kValueOptions.end(),
                                   [word](const ValueOption& option) { return option.name == word; });
  return found == kValueOptions.end() ? nullptr : found;
}

std::string unknown_option(std::string_view word) {
  std::vector<std::string_view> known(kPlainOptions.begin(), kPlainOptions.end());
  for (const ValueOption& option : kValueOptions) known.push_back(option.name);
  const std::string_view near = nearest(word, known);
  return "unknown option " + quoted(word) + (near.empty() ? "" : "; do you mean " + std::string(near) + "?");
}

// Their times decide on their order, so they are looked into before they are read.
bool can_be_joined(const std::vector<std::string>& files) {
  return std::none_of(files.begin(), files.end(),
                      [](const std::string& file) { return file == "-" || file.ends_with(".seg"); });
}

bool can_be_followed(const Arguments& arguments) {
  return arguments.format != Format::text && !arguments.join && arguments.files.size() == 1 &&
         arguments.selection.takes_all() && !arguments.files.front().ends_with(".seg");
}

// What cannot be asked for at the same time; empty if all can.
std::string contradiction(const Arguments& arguments) {
  if (arguments.follow && !can_be_followed(arguments)) {
    return "--follow takes --json or --csv, one capture, and all of its connections";
  }
  if (arguments.join && !can_be_joined(arguments.files)) return "--join takes captures in files only";
  if (arguments.layout.tables != Tables::report && arguments.format != Format::text) {
    return "--by makes a table of its own: neither --json nor --csv";
  }
  return arguments.command == Command::report && arguments.files.empty() ? "no capture given" : "";
}

}  // namespace

Arguments parse_arguments(std::span<const std::string_view> words) {
  if (!words.empty() && words[0] == "explain") return parse_explain(words.subspan(1));
  if (!words.empty() && words[0] == "--to-pcap") return parse_to_pcap(words.subspan(1));
  Arguments arguments;
  bool options_end = false;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string_view word = words[at];
    const bool is_option = !options_end && word.size() > 1 && word.starts_with('-');
    if (!is_option) {
      arguments.files.emplace_back(word);
    } else if (word == "--") {
      options_end = true;
    } else if (const ValueOption* option = find_option(word)) {
      const std::string takes = option->set(++at < words.size() ? words[at] : std::string_view{}, arguments);
      if (!takes.empty()) return wrong(std::string(word) + " takes " + takes);
    } else if (!take_option(word, arguments)) {
      return wrong(unknown_option(word));
    }
    if (!arguments.error.empty()) return wrong(arguments.error);
  }
  if (std::string what = contradiction(arguments); !what.empty()) return wrong(std::move(what));
  return arguments;
}

std::string_view help_text() {
  return R"(tcpteardown: how and why every TCP connection in a capture ended

usage: tcpteardown [--json | --csv | --all | --by server | --by client]
                   [--stream N] [--verdict VERDICT] [--host HOST]
                   [--since TIME] [--until TIME]
                   [--join] [--threads N] [--] FILE...
       tcpteardown --follow (--json | --csv) [--] FILE
       tcpteardown explain [VERDICT | --list | --markdown]
       tcpteardown --to-pcap SCRIPT CAPTURE
       tcpteardown --help | --version

FILE is a capture (pcap, pcapng, snoop; also compressed with gzip, zstd, lz4 or
xz), a script (its name ends in .seg), or "-" for a capture on standard input.

  --all        a line for every connection: not only the ten worst of a verdict, and
               those as well that ended as they should
  --by         a line for each server (address and port) or client (address): how
               many of its connections are worth a look, and whose doing that was
  --json       one JSON object a connection and line, for jq and the like
  --csv        a header line and a row a connection

  --stream N   only the connection that is tcp.stream N in Wireshark
  --verdict V  only those of that verdict
  --host H     only those of that end: ADDRESS, ADDRESS:PORT, [IPV6]:PORT or :PORT
  --since T    only those that had a segment then or later; --until T: or earlier.
               2026-11-20, 2026-11-20T10:03:11.5, 2026-11-20T11:03+01:00; UTC where
               no offset stands

  --join       the files are pieces of one capture, as a ring of dumpcap's or
               tcpdump's leaves them: in the order of their times, connections go
               on from one to the next, and so do the numbers of frames
  --follow     for a capture without an end, "-" mostly: a row for each connection
               as it is over, and then it is forgotten. A last key "record" says
               why it came then: "over" (4 minutes behind the last segment, when
               none can follow), "idle" (silent for 2 hours and 4 minutes; it may
               go on as another row), "crowded" (more than a million at once), or
               "end" (of the capture)
  --threads N  how many make the report at the same time, from 1 to 256; by default
               as many as there are processors. The report is the same.
  explain      what the verdicts mean: all in a line each, or the page of one
  --list       only the names of the verdicts
  --markdown   all pages, as in VERDICTS.md
  --to-pcap    writes the exchange of a script as a capture

Exit status: 0 if all was read, 2 if a file could not be read, or not all of it:
it is damaged, or its link type is not read (what could be read is reported),
1 for a wrong command line.
)";
}

}  // namespace tcpteardown
