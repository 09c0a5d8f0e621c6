// SPDX-License-Identifier: GPL-2.0-or-later
#include "script_check.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include "formats/output_format.h"
#include "report/fields.h"

namespace tcpteardown::test {
namespace {

std::optional<std::string> joined(FieldType type, const Values& values) {
  if (values.empty()) return {};
  std::string text;
  for (const Value& value : values) {
    if (&value != &values.front()) text += ' ';
    append_plain(text, type, value);
  }
  return text;
}

// Fields of the report that have no entry in connection_fields(), by their JSON keys.
Answer identity_field(const Report& report, const std::string& name) {
  if (name == "client") return {report.client, {}};
  if (name == "server") return {report.server, {}};
  if (name == "frames") return {std::to_string(report.frames), {}};
  if (name == "first_frame") return {std::to_string(report.first_frame), {}};
  if (name == "last_frame") return {std::to_string(report.last_frame), {}};
  if (name == "client.bytes") return {std::to_string(report.client_bytes), {}};
  if (name == "server.bytes") return {std::to_string(report.server_bytes), {}};
  return {{}, "there is no field " + name};
}

// The script speaks of A and B; the fields speak of client and server.
std::string by_role(const std::string& name, const Script& script, const Report& report) {
  if (name != "A.state" && name != "B.state") return name;
  const TcpEndpoint& side = name == "A.state" ? script.a : script.b;
  return report.client == to_string(side) ? "client.state" : "server.state";
}

Answer frame_field(const Expectation& expectation, const Script& script, const Analysis& analysis) {
  const ConnectionTable& table = analysis.table();
  const auto index = table.find(flow_key(script.a, script.b), expectation.frame);
  if (!index) return {{}, "frame " + std::to_string(expectation.frame) + " belongs to no connection"};
  const Report report = make_report(table.facts(*index), table.capture_end());
  const FrameNote note = note_frame(table.facts(*index), report, expectation.frame);
  const std::string name = by_role(expectation.name, script, report);
  for (const FrameField& field : frame_fields()) {
    if (field.name != name) continue;
    Values values;
    field.read(note, values);
    return {joined(field.type, values), {}};
  }
  return {{}, "there is no field " + name + " of a frame"};
}

}  // namespace

Answer value_of(const Report& report, const std::string& name) {
  for (const ConnectionField& field : connection_fields()) {
    if (field.name != name) continue;
    Values values;
    field.read(report, values);
    return {joined(field.type, values), {}};
  }
  return identity_field(report, name);
}

Answer answer(const Expectation& expectation, const Script& script, const Analysis& analysis) {
  const ConnectionTable& table = analysis.table();
  switch (expectation.about) {
    case Expectation::About::connections: return {std::to_string(table.size()), {}};
    case Expectation::About::frame_field: return frame_field(expectation, script, analysis);
    case Expectation::About::connection_field: break;
  }
  if (expectation.connection > table.size()) {
    return {{}, "there is no connection " + std::to_string(expectation.connection)};
  }
  const auto index = static_cast<ConnectionIndex>(expectation.connection - 1);
  return value_of(make_report(table.facts(index), table.capture_end()), expectation.name);
}

bool is_met(const Expectation& expectation, const Answer& found) {
  if (!found.problem.empty()) return false;
  switch (expectation.test) {
    case Expectation::Test::absent: return !found.value;
    case Expectation::Test::equals: return found.value == expectation.value;
    case Expectation::Test::contains:
      return found.value && found.value->find(expectation.value) != std::string::npos;
  }
  return false;
}

std::vector<std::string> unmet(const Script& script, const Analysis& analysis) {
  std::vector<std::string> failures;
  for (const Expectation& expectation : script.expectations) {
    const Answer found = answer(expectation, script, analysis);
    if (is_met(expectation, found)) continue;
    std::string text = "line " + std::to_string(expectation.line) + ": ";
    if (!found.problem.empty()) {
      text += found.problem;
    } else {
      text += (expectation.name.empty() ? "the number of connections" : expectation.name) + " is " +
              found.value.value_or("absent");
      if (expectation.test == Expectation::Test::equals) text += ", not " + expectation.value;
      if (expectation.test == Expectation::Test::contains) text += ", without " + expectation.value;
      if (expectation.test == Expectation::Test::absent) text += ", and should be absent";
    }
    failures.push_back(text);
  }
  return failures;
}

std::vector<std::string> scripts_below(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".seg") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace tcpteardown::test
