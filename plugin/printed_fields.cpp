// SPDX-License-Identifier: GPL-2.0-or-later
#include "printed_fields.h"

#include <glib.h>

#include <cstring>
#include <string_view>

#include "ids.h"

namespace tcpteardown {
namespace {

struct CommandLine {
  bool names_us = false;
  bool names_fields = false;  // with -e
  // Expert infos, columns, labels of the tree, or a script that may read anything.
  bool may_show_us_too = false;
};

CommandLine read_command_line() {
  CommandLine found;
  gchar* words = nullptr;
  gsize size = 0;
  // Where there is no such file all is printed, for all we know.
  if (!g_file_get_contents("/proc/self/cmdline", &words, &size, nullptr)) return found;
  bool is_file = false;  // named after -r or -w, perhaps in a folder of our name
  for (gsize at = 0; at < size; at += std::strlen(words + at) + 1) {
    const std::string_view word{words + at};
    const bool was_file = is_file;
    is_file = word == "-r" || word == "-w";
    if (was_file || is_file) continue;
    const auto contains = [word](std::string_view part) { return word.find(part) != std::string_view::npos; };
    found.names_us = found.names_us || contains(kFilterName);
    found.names_fields = found.names_fields || word.starts_with("-e");
    found.may_show_us_too = found.may_show_us_too || contains("_ws.expert") || contains("_ws.col") ||
                            contains("lua") || word == "text" || word == "-etext";
  }
  g_free(words);
  return found;
}

// Nothing of ours is dissected by other programs in a first pass with a visible tree.
const CommandLine& command_line() {
  static const CommandLine read = read_command_line();
  return read;
}

bool is_tshark() {
  const char* program = g_get_prgname();
  return program != nullptr && std::strcmp(program, "tshark") == 0;
}

}  // namespace

bool our_fields_are_named() { return command_line().names_us; }

bool only_other_fields_are_printed() {
  const CommandLine& line = command_line();
  return line.names_fields && !line.names_us && !line.may_show_us_too && is_tshark();
}

}  // namespace tcpteardown
