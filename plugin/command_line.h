// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

// What the program that loaded us was asked to do, as far as only its command line tells.
namespace tcpteardown {

[[nodiscard]] bool is_tshark();
[[nodiscard]] bool is_wireshark();  // with a window

// Its words, without the names of files; empty where /proc is missing.
[[nodiscard]] std::vector<std::string> words_of_command_line();

// The name of the capture file as the user wrote it; empty if it is not known.
[[nodiscard]] std::string capture_file_name();

// Whether tshark reads the capture twice (-2), so that filters see final answers.
[[nodiscard]] bool reads_twice();

}  // namespace tcpteardown
