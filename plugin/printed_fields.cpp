// SPDX-License-Identifier: GPL-2.0-or-later
#include "printed_fields.h"

#include <string>
#include <string_view>

#include "command_line.h"
#include "ids.h"

namespace tcpteardown {
namespace {

struct CommandLine {
  bool names_us = false;
  bool names_fields = false;  // with -e
  // Expert infos, columns, labels of the tree, or a script that may read anything.
  bool may_show_us_too = false;
  bool is_for_programs = false;  // -T with another form than text
};

bool is_exported(std::string_view form) {
  return form == "json" || form == "jsonraw" || form == "pdml" || form == "ek" || form == "fields";
}

CommandLine read_command_line() {
  CommandLine found;
  bool is_form = false;
  // Where its words are not known all is printed, for all we know.
  for (const std::string& word : words_of_command_line()) {
    const std::string_view form = word.starts_with("-T") ? std::string_view{word}.substr(2) : word;
    found.is_for_programs =
        found.is_for_programs || ((is_form || word.size() > form.size()) && is_exported(form));
    is_form = word == "-T";
    const auto contains = [&word](std::string_view part) { return word.find(part) != std::string::npos; };
    found.names_us = found.names_us || contains(kFilterName);
    found.names_fields = found.names_fields || word.starts_with("-e");
    found.may_show_us_too = found.may_show_us_too || contains("_ws.expert") || contains("_ws.col") ||
                            contains("lua") || word == "text" || word == "-etext";
  }
  return found;
}

// Nothing of ours is dissected by other programs in a first pass with a visible tree.
const CommandLine& command_line() {
  static const CommandLine read = read_command_line();
  return read;
}

}  // namespace

bool our_fields_are_named() { return command_line().names_us; }

bool lines_are_read() { return !command_line().is_for_programs || !is_tshark(); }

bool only_other_fields_are_printed() {
  const CommandLine& line = command_line();
  return line.names_fields && !line.names_us && !line.may_show_us_too && is_tshark();
}

}  // namespace tcpteardown
