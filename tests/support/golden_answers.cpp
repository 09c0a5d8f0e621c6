// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evidence/teardown.h"
#include "formats/output_format.h"
#include "goldens.h"
#include "report/fields.h"
#include "report/report.h"
#include "report_texts.h"
#include "script_check.h"
#include "verdict/judge.h"

namespace tcpteardown::test {
namespace {

namespace fs = std::filesystem;

// Sentences have pages of their own; the family follows from the verdict, and the ends stand in front. The
// alert is in the sentences.
constexpr std::array<std::string_view, 11> kNotHere{
    "family",      "summary",        "finding",     "explanation", "advice",   "client.address",
    "client.port", "server.address", "server.port", "end_time",    "tls_alert"};

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

// Without their names: this is asked for a hundred thousand variants.
void append_fields(const Report& report, std::string& line) {
  Values values;
  for (const ConnectionField& field : connection_fields()) {
    if (!is_answer(field)) continue;
    values.clear();
    field.read(report, values);
    char separator = '\t';
    if (values.empty()) line += "\t-";
    for (const Value& value : values) {
      line += std::exchange(separator, ' ');
      append_plain(line, field.type, value);
    }
  }
}

std::string line_of(const std::string& name, const Connection& connection, CaptureEnd end,
                    const Settings& settings) {
  const Report report = make_report_without_text(connection, end, settings);
  std::string line = name + '\t' + std::to_string(report.first_frame) + '\t' + report.client + '\t' +
                     report.server + '\t' + std::to_string(report.frames) + '\t' +
                     std::to_string(report.client_bytes) + '\t' + std::to_string(report.server_bytes);
  append_fields(report, line);
  const Teardown teardown = gather(connection, end, settings);
  line += '\t' + loss_of(teardown.loss(teardown.client)) + '\t' + loss_of(teardown.loss(teardown.server()));
  return line + '\t' + resets_of(report) + '\n';
}

bool is_capture(const fs::path& path) {
  const std::string suffix = path.extension().string();
  return suffix == ".pcap" || suffix == ".pcapng" || suffix == ".snoop";
}

// As the page names it: lab/graceful, real, scripts/abort-crossed.
std::string folder_of(const fs::path& path, const std::string& base) {
  return path.parent_path().lexically_relative(base).string();
}

}  // namespace

std::vector<AnswerFile> answer_files(const std::string& root) {
  std::vector<AnswerFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(root + "/captures")) {
    if (!is_capture(entry.path())) continue;
    files.push_back({entry.path().string(), folder_of(entry.path(), root + "/captures")});
  }
  for (const std::string& path : scripts_below(root + "/tests/scripts")) {
    files.push_back({path, folder_of(path, root + "/tests")});
  }
  std::sort(files.begin(), files.end(),
            [](const AnswerFile& x, const AnswerFile& y) { return x.path < y.path; });
  return files;
}

std::string answer_of(const Connection& connection, CaptureEnd end) {
  return line_of("", connection, end, {});
}

std::string words_of(const Connection& connection, CaptureEnd end) {
  std::string lines;
  for (const Text& text : texts_of(make_report(connection, end))) {
    lines += text.kind + ' ' + text.frames + ' ' + text.text + '\n';
  }
  return lines;
}

std::string answer_in_words(const Connection& connection, CaptureEnd end) {
  return answer_of(connection, end) + words_of(connection, end);
}

std::string answers_of(const std::string& name, const ConnectionTable& table, const Settings& settings) {
  std::string lines;
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    lines += line_of(name, table.facts(i), table.capture_end(), settings);
  }
  return lines;
}

std::vector<Golden> answer_goldens(const std::string& root) {
  std::map<std::string, std::string> pages;
  for (const AnswerFile& file : answer_files(root)) {
    std::string& page = pages.try_emplace(file.folder, heading()).first->second;
    Analysis analysis;
    const ReadResult read = analyse_file(file.path, analysis);
    const std::string name = fs::path(file.path).filename().string();
    if (read.outcome != ReadOutcome::complete) page += name + '\t' + read.message + '\n';
    page += answers_of(name, analysis.table());
  }
  std::vector<Golden> goldens;
  for (auto& [folder, page] : pages) {
    goldens.push_back({"captures/answers/" + folder + ".tsv", std::move(page)});
  }
  return goldens;
}

}  // namespace tcpteardown::test
