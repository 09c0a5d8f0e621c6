// SPDX-License-Identifier: GPL-2.0-or-later
// What is said of a connection does not depend on how it is stored: as its segments, or as its facts from
// some segment on.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "capture/analysis.h"
#include "formats/output.h"
#include "report/report.h"

namespace tcpteardown::test {
namespace {

std::string said_of(const std::string& path, std::size_t transcript) {
  Analysis analysis{0, transcript};
  (void)analyse_file(path, analysis);  // what could be read of a damaged one is judged as well
  const ConnectionTable& table = analysis.table();
  std::string said;
  for (ConnectionIndex i = 0; i < table.size(); ++i) {
    append_json(said, make_report(table.facts(i), table.capture_end()), path);
  }
  return said;
}

class Transcripts : public testing::TestWithParam<std::string> {};

TEST_P(Transcripts, ChangeNoAnswer) {
  std::size_t bytes = 0;
  const std::filesystem::path folder = std::string(TCPTEARDOWN_ROOT) + '/' + GetParam();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string path = entry.path().string();
    const std::string facts_alone = said_of(path, 0);
    // Some forty bytes are the segments of a handshake.
    for (const std::size_t transcript : {std::size_t{40}, std::size_t{100}, ConnectionTable::kTranscript}) {
      ASSERT_EQ(said_of(path, transcript), facts_alone) << path << ", " << transcript << " bytes";
    }
    bytes += facts_alone.size();
  }
  EXPECT_GT(bytes, 0U) << "nothing was read below " << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Answers, Transcripts, testing::Values("captures", "tests/scripts"),
                         [](const auto& test) {
                           return std::string(test.index == 0 ? "captures" : "scripts");
                         });

}  // namespace
}  // namespace tcpteardown::test
