// SPDX-License-Identifier: GPL-2.0-or-later
// Every script below tests/scripts is a test: its exchange goes through a packet, the decoder
// and the whole core, and must give what the script expects.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "script_check.h"

namespace tcpteardown::test {
namespace {

class Scripts : public testing::TestWithParam<std::string> {};

TEST_P(Scripts, MeetsItsExpectations) {
  const ScriptResult result = load_script(GetParam());
  ASSERT_EQ(result.error, "") << GetParam() << ": " << describe_error(result);
  ASSERT_FALSE(result.script.expectations.empty()) << GetParam() << " expects nothing";
  Analysis analysis;
  analyse_script(result.script, analysis);
  for (const std::string& failure : unmet(result.script, analysis))
    ADD_FAILURE() << GetParam() << ": " << failure;
}

// tests/scripts/half-closed-idle/leak.seg is "half_closed_idle_leak".
std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.substr(std::string(TCPTEARDOWN_SCRIPTS).size() + 1);
  name.erase(name.size() - 4);
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Scripts, testing::ValuesIn(scripts_below(TCPTEARDOWN_SCRIPTS)), test_name);

}  // namespace
}  // namespace tcpteardown::test
