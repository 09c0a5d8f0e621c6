// SPDX-License-Identifier: GPL-2.0-or-later
#include <filesystem>
#include <string>

#include "evidence/teardown.h"
#include "goldens.h"
#include "script_check.h"
#include "verdict/verdict.h"

namespace tcpteardown::test {
namespace {

std::string rows_that_hold(const Teardown& teardown) {
  std::string rows;
  for (const Verdict& row : catalogue()) {
    if (row.holds(teardown)) rows += (rows.empty() ? "" : ", ") + std::string(row.slug);
  }
  return rows;
}

std::string page_of(const std::string& path) {
  Analysis analysis;
  (void)analyse_file(path, analysis);  // a script that cannot be read fails its own test
  const ConnectionTable& table = analysis.table();
  std::string page = std::filesystem::path(path).filename().string() + '\n';
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    page += "  " + rows_that_hold(gather(table.facts(i), table.capture_end())) + '\n';
  }
  return page;
}

}  // namespace

std::vector<Golden> overlap_goldens(const std::string& root) {
  std::string page =
      "# All rows of the catalogue that hold for each connection of each script; the first is the verdict.\n"
      "# Made by the target bless. Moved rows show here even where no verdict changes.\n";
  std::string folder;
  for (const std::string& path : scripts_below(root + "/tests/scripts")) {
    const std::string next = std::filesystem::path(path).parent_path().filename().string();
    if (next != folder) page += "\n--- " + next + '\n';
    folder = next;
    page += page_of(path);
  }
  return {{"catalogue/overlaps.golden", page}};
}

}  // namespace tcpteardown::test
