// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/teardown.h"
#include "goldens.h"
#include "report/fields.h"
#include "report/report.h"
#include "script_check.h"
#include "verdict/judge.h"

namespace tcpteardown::test {
namespace {

namespace fs = std::filesystem;

// Sentences have pages of their own; the family follows from the verdict.
constexpr std::array<std::string_view, 5> kNotHere{"family", "summary", "finding", "explanation", "advice"};

bool is_answer(const ConnectionField& field) {
  return std::find(kNotHere.begin(), kNotHere.end(), field.name) == kNotHere.end();
}

// All that the reports have no field for is in the last columns.
std::string heading() {
  std::string line = "capture\tfirst frame\tclient\tserver\tframes\tclient.bytes\tserver.bytes";
  for (const ConnectionField& field : connection_fields()) {
    if (is_answer(field)) line += '\t' + std::string(field.name);
  }
  return line + "\tlost of client\tlost of server\trsts: frame from shape fate trigger ttl ipid\n";
}

// Also what was rejected, and what was outstanding at the RST.
std::string loss_of(const DirectionLoss& loss) {
  std::string text{to_string(loss.loss)};
  if (loss.rejected != 0) text += " rejected " + std::to_string(loss.rejected);
  if (loss.unacked_at_reset != 0) text += " outstanding " + std::to_string(loss.unacked_at_reset);
  return text;
}

std::string number_of(const std::optional<std::int32_t>& value) {
  return value ? std::to_string(*value) : "-";
}

std::string resets_of(const Report& report) {
  std::string text;
  for (const ResetReport& reset : report.resets) {
    text += (text.empty() ? "" : "; ") + std::to_string(reset.frame) + ' ' + std::string(reset.from) + ' ' +
            std::string(reset.shape) + ' ' + std::string(reset.fate) + ' ' +
            std::to_string(reset.trigger_frame) + ' ' + number_of(reset.ttl_delta) + ' ' +
            number_of(reset.ipid_delta);
  }
  return text.empty() ? "-" : text;
}

std::string line_of(const std::string& name, const Connection& connection, CaptureEnd end) {
  const Report report = make_report_without_text(connection, end);
  std::string line = name;
  for (const char* fact : {"first_frame", "client", "server", "frames", "client.bytes", "server.bytes"}) {
    line += '\t' + value_of(report, fact).value.value_or("-");
  }
  for (const ConnectionField& field : connection_fields()) {
    if (is_answer(field)) line += '\t' + value_of(report, std::string(field.name)).value.value_or("-");
  }
  const Teardown teardown = gather(connection, end);
  line += '\t' + loss_of(teardown.loss(teardown.client)) + '\t' + loss_of(teardown.loss(teardown.server()));
  return line + '\t' + resets_of(report) + '\n';
}

void add_file(const std::string& path, std::string& page) {
  const std::string name = fs::path(path).filename().string();
  Analysis analysis;
  const ReadResult read = analyse_file(path, analysis);
  if (read.outcome != ReadOutcome::complete) page += name + '\t' + read.message + '\n';
  const ConnectionTable& table = analysis.table();
  for (ConnectionIndex i = 0; i < table.size(); ++i) page += line_of(name, table.facts(i), table.capture_end());
}

bool is_capture(const fs::path& path) {
  const std::string suffix = path.extension().string();
  return suffix == ".pcap" || suffix == ".pcapng" || suffix == ".snoop";
}

std::vector<std::string> captures_below(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (is_capture(entry.path())) paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

std::vector<Golden> answer_goldens(const std::string& root) {
  std::map<std::string, std::string> pages;  // by folder: lab/graceful, real, scripts/abort-crossed
  const auto add = [&pages](const std::string& path, const fs::path& base) {
    const std::string folder = fs::path(path).parent_path().lexically_relative(base).string();
    std::string& page = pages.try_emplace(folder, heading()).first->second;
    add_file(path, page);
  };
  for (const std::string& path : captures_below(root + "/captures")) add(path, root + "/captures");
  for (const std::string& path : scripts_below(root + "/tests/scripts")) add(path, root + "/tests");
  std::vector<Golden> goldens;
  for (auto& [folder, page] : pages)
    goldens.push_back({"captures/answers/" + folder + ".tsv", std::move(page)});
  return goldens;
}

}  // namespace tcpteardown::test
