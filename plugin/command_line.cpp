// SPDX-License-Identifier: GPL-2.0-or-later
#include "command_line.h"

#include <glib.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

// epan does not tell a dissector which file it reads: the name stays in the program above it. An epan_t's
// provider has times and interfaces of frames but no file, wiretap keeps the path to itself, and what
// plugin_if_get_ws_info() and plugin_if_get_capture_file() ask for is answered by Wireshark's window only,
// never by tshark, whose reports these are. So the name is read where the user wrote it, on the command line:
// rows of many files, put together by a shell, need it, and it is then the name that the user knows. Where
// /proc is missing the report is without a name; nothing else depends on it.
namespace tcpteardown {
namespace {

// tshark's short options that take no argument and so may stand before r, as in -2nr FILE. A test holds them
// against `tshark --help`. The long one has no abbreviation: --read-filter starts alike.
constexpr std::string_view kFlags = "2DghIlLnpPqQvVx";

std::vector<std::string> command_line() {
  std::vector<std::string> words;
  gchar* bytes = nullptr;
  gsize size = 0;
  if (!g_file_get_contents("/proc/self/cmdline", &bytes, &size, nullptr)) return words;
  const std::string_view all{bytes, size};
  for (std::size_t start = 0; start < all.size();) {
    const std::size_t end = all.find('\0', start);
    words.emplace_back(all.substr(start, end == std::string_view::npos ? end : end - start));
    if (end == std::string_view::npos) break;
    start = end + 1;
  }
  g_free(bytes);
  return words;
}

// What one word says about the file.
struct Word {
  std::optional<std::string_view> name{};  // in this word
  bool name_is_next = false;
  bool skips_next = false;  // the next word is the argument of another option
  std::string_view flags{};
};

Word read_long_option(std::string_view option) {
  constexpr std::string_view kOption = "--read-file";
  if (option == kOption) return {.name_is_next = true};
  if (option.starts_with(kOption) && option[kOption.size()] == '=') {
    return {.name = option.substr(kOption.size() + 1)};
  }
  return {};
}

Word read_word(std::string_view word) {
  if (word.starts_with("--")) return read_long_option(word);
  if (!word.starts_with('-')) return {};
  const std::size_t at = word.find_first_not_of(kFlags, 1);
  if (at == std::string_view::npos) return {.flags = word};
  const std::string_view flags = word.substr(0, at);
  const bool is_last = at + 1 == word.size();
  if (word[at] != 'r') return {.skips_next = is_last, .flags = flags};
  if (is_last) return {.name_is_next = true, .flags = flags};
  return {.name = word.substr(at + 1), .flags = flags};
}

bool is_program(const char* name) {
  const char* program = g_get_prgname();
  return program != nullptr && std::strcmp(program, name) == 0;
}

}  // namespace

bool is_tshark() { return is_program("tshark"); }

bool is_wireshark() { return is_program("wireshark"); }

std::vector<std::string> words_of_command_line() {
  std::vector<std::string> words = command_line();
  bool is_file = false;  // named after -r or -w, perhaps in a folder of our name
  std::erase_if(words, [&is_file](const std::string& word) {
    const bool was_file = is_file;
    is_file = word == "-r" || word == "-w";
    return was_file;
  });
  return words;
}

std::string capture_file_name() {
  const std::vector<std::string> words = command_line();
  for (std::size_t i = 1; i < words.size(); ++i) {
    const Word word = read_word(words[i]);
    if (word.name) return std::string{*word.name};
    if (word.name_is_next) return i + 1 < words.size() ? words[i + 1] : std::string{};
    if (word.skips_next) ++i;
  }
  return {};
}

bool reads_twice() {
  const std::vector<std::string> words = command_line();
  for (std::size_t i = 1; i < words.size(); ++i) {
    const Word word = read_word(words[i]);
    if (word.flags.find('2') != std::string_view::npos) return true;
    if (word.skips_next || word.name_is_next) ++i;
  }
  return false;
}

}  // namespace tcpteardown
