// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/arguments.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>

#include <system_error>
#include "formats/connection_text.h"

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
  if (word == "--json") {
    arguments.format = Format::json;
  } else if (word == "--csv") {
    arguments.format = Format::csv;
  } else if (word == "--all") {
    arguments.rows = RowsShown::all;
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

// Their times decide on their order, so they are looked into before they are read.
bool can_be_joined(const std::vector<std::string>& files) {
  return std::none_of(files.begin(), files.end(),
                      [](const std::string& file) { return file == "-" || file.ends_with(".seg"); });
}

bool can_be_followed(const Arguments& arguments) {
  return arguments.format != Format::text && !arguments.join && arguments.files.size() == 1 &&
         !arguments.files.front().ends_with(".seg");
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
    } else if (word == "--threads") {
      arguments.threads = ++at < words.size() ? parse_threads(words[at]) : 0;
      if (arguments.threads == 0) return wrong("--threads takes a number from 1 to 256");
    } else if (!take_option(word, arguments)) {
      return wrong("unknown option " + quoted(word));
    }
  }
  if (arguments.follow && !can_be_followed(arguments))
    return wrong("--follow takes --json or --csv, and one capture");
  if (arguments.join && !can_be_joined(arguments.files)) return wrong("--join takes captures in files only");
  if (arguments.command == Command::report && arguments.files.empty()) return wrong("no capture given");
  return arguments;
}

std::string_view help_text() {
  return R"(tcpteardown: how and why every TCP connection in a capture ended

usage: tcpteardown [--json | --csv | --all] [--join] [--threads N] [--] FILE...
       tcpteardown --follow (--json | --csv) [--] FILE
       tcpteardown explain [VERDICT | --list | --markdown]
       tcpteardown --to-pcap SCRIPT CAPTURE
       tcpteardown --help | --version

FILE is a capture (pcap, pcapng, snoop; also compressed with gzip, zstd, lz4 or
xz), a script (its name ends in .seg), or "-" for a capture on standard input.

  --all        a line for every connection, not only the ten worst of a verdict
  --json       one JSON object a connection and line, for jq and the like
  --csv        a header line and a row a connection
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
