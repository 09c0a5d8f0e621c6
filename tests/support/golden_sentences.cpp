// SPDX-License-Identifier: GPL-2.0-or-later
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "evidence/teardown.h"
#include "goldens.h"
#include "report/report.h"
#include "report_texts.h"
#include "script_check.h"
#include "verdict/judge.h"

namespace tcpteardown::test {
namespace {

constexpr std::size_t kLabelWidth = 13;

void add_line(std::string label, std::string_view text, std::string& page) {
  label.resize(kLabelWidth, ' ');
  page += "  " + label + std::string(text) + '\n';
}

// A field that not every connection has.
void add_if_there(const Report& report, const std::string& label, const std::string& name,
                  std::string& page) {
  const std::optional<std::string> value = value_of(report, name).value;
  if (value) add_line(label, *value, page);
}

void add_fields(const Connection& connection, CaptureEnd end, const Report& r, std::string& page) {
  const std::string reason{judge(gather(connection, end)).confidence_reason};
  add_line("verdict", std::string(r.verdict) + ", " + std::string(r.severity), page);
  add_line("confidence", std::string(r.confidence) + (reason.empty() ? "" : ": " + reason), page);
  add_line("initiator", r.initiator, page);
  add_line("loss", r.loss, page);
  add_if_there(r, "retry", "retry", page);
  add_line("errno", "client " + r.client_errno + "; server " + r.server_errno, page);
  add_if_there(r, "decisive", "decisive_frame", page);
}

void add_connection(const ConnectionTable& table, ConnectionIndex i, std::string& page) {
  const Report report = make_report(table.facts(i), table.capture_end());
  add_fields(table.facts(i), table.capture_end(), report, page);
  for (const Text& text : texts_of(report)) {
    add_line(text.kind, (text.frames.empty() ? "" : "[" + text.frames + "] ") + text.text, page);
  }
}

void add_script(const std::string& path, std::string& page) {
  const std::string name = std::filesystem::path(path).filename().string();
  const ScriptResult result = load_script(path);
  if (!result.error.empty()) {
    page += '\n' + name + ": " + describe_error(result) + '\n';
    return;
  }
  Analysis analysis;
  analyse_script(result.script, analysis);
  const ConnectionTable& table = analysis.table();
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    page += '\n' + name;
    if (table.size() > 1) {
      page += ", connection " + std::to_string(i + 1) + " of " + std::to_string(table.size());
    }
    page += '\n';
    add_connection(table, i, page);
  }
}

}  // namespace

std::vector<Golden> sentence_goldens(const std::string& root) {
  std::map<std::string, std::string> pages;  // by folder
  for (const std::string& path : scripts_below(root + "/tests/scripts")) {
    const std::string folder = std::filesystem::path(path).parent_path().filename().string();
    std::string& page = pages[folder];
    if (page.empty()) page = "# What is said of tests/scripts/" + folder + ". Made by the target bless.\n";
    add_script(path, page);
  }
  std::vector<Golden> goldens;
  for (auto& [folder, page] : pages)
    goldens.push_back({"catalogue/sentences/" + folder + ".golden", std::move(page)});
  return goldens;
}

}  // namespace tcpteardown::test
