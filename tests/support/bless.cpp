// SPDX-License-Identifier: GPL-2.0-or-later
// Rewrites what scripts expect, the pages of what is said of them, and the answers to all captures, to what
// the analysis says now. Read the diff before you commit it.
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "goldens.h"
#include "script_check.h"

namespace tcpteardown::test {
namespace {

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file{path};
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// The expectation as the script would write it with this value.
std::string written(const Expectation& expectation, const Answer& found) {
  const bool is_inline = expectation.about == Expectation::About::frame_field;
  std::string name = expectation.name;
  if (is_inline && (name == "A.state" || name == "B.state")) name = name.substr(0, 1);
  if (!found.value) return "no " + (name == "A" || name == "B" ? expectation.name : name);
  if (name.empty()) return "connections " + *found.value;
  return name + ' ' + *found.value;
}

// What stands on the line before its expectation: everything up to "=>", or the first words.
std::string kept_part(const std::string& line, const Expectation& first) {
  const std::size_t arrow = line.find("=>");
  if (arrow != std::string::npos) return line.substr(0, arrow) + "=> ";
  if (line.starts_with("verdict")) return "";
  if (first.about == Expectation::About::frame_field)
    return "expect frame " + std::to_string(first.frame) + ' ';
  return "expect ";
}

std::string comment_of(const std::string& line) {
  const std::size_t mark = line.find(" #");
  return mark == std::string::npos ? "" : " " + line.substr(mark);
}

// False if something is wrong that no rewriting can heal.
bool bless(const std::string& path) {
  const ScriptResult result = load_script(path);
  if (!result.error.empty()) {
    std::cerr << path << ": " << describe_error(result) << '\n';
    return false;
  }
  Analysis analysis;
  analyse_script(result.script, analysis);
  std::map<std::size_t, std::vector<const Expectation*>> by_line;
  for (const Expectation& expectation : result.script.expectations)
    by_line[expectation.line].push_back(&expectation);
  std::vector<std::string> lines = read_lines(path);
  bool all_healed = true;
  bool has_changed = false;
  for (const auto& [number, expectations] : by_line) {
    std::string text;
    bool is_line_met = true;
    for (const Expectation* expectation : expectations) {
      const Answer found = answer(*expectation, result.script, analysis);
      is_line_met = is_line_met && is_met(*expectation, found);
      text += (text.empty() ? "" : ", ") + written(*expectation, found);
      const bool is_healable = found.problem.empty() && expectation->test != Expectation::Test::contains;
      if (!is_met(*expectation, found) && !is_healable) {
        std::cerr << path << ":" << number << ": cannot be rewritten; change it by hand\n";
        all_healed = false;
      }
    }
    if (is_line_met) continue;
    std::string& line = lines[number - 1];
    line = kept_part(line, *expectations.front()) + text + comment_of(line);
    has_changed = true;
  }
  if (!all_healed) return false;
  if (!has_changed) return true;
  std::ofstream file{path, std::ios::trunc};
  for (const std::string& line : lines) file << line << '\n';
  std::cout << "rewrote " << path << '\n';
  return file.good();
}

bool write_golden(const std::string& path, const std::string& text) {
  if (content_of(path) == text) return true;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream file{path, std::ios::trunc};
  file << text;
  std::cout << "rewrote " << path << '\n';
  return file.good();
}

// Goldens are pages of ours alone: what belongs to no script or capture any more goes.
bool bless_goldens(const std::string& root) {
  std::set<std::string> kept;
  bool all_good = true;
  for (const auto make :
       {sentence_goldens, overlap_goldens, answer_goldens, variant_goldens, recipe_goldens}) {
    for (const Golden& golden : make(root)) {
      kept.insert(golden.path);
      all_good = write_golden(root + "/tests/" + golden.path, golden.text) && all_good;
    }
  }
  for (const std::string& path : stored_goldens(root)) {
    if (kept.contains(path)) continue;
    std::filesystem::remove(root + "/tests/" + path);
    std::cout << "removed " << path << '\n';
  }
  return all_good;
}

}  // namespace
}  // namespace tcpteardown::test

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: bless CHECKOUT\n";
    return 1;
  }
  const std::string root{words[1]};
  bool all_good = true;
  for (const std::string& path : tcpteardown::test::scripts_below(root + "/tests/scripts")) {
    all_good = tcpteardown::test::bless(path) && all_good;
  }
  all_good = tcpteardown::test::bless_goldens(root) && all_good;
  return all_good ? 0 : 1;
}
