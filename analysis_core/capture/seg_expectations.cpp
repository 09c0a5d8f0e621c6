// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/seg_expectations.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace tcpteardown {
namespace {

constexpr std::uint64_t kMaxCount = 1'000'000;

}  // namespace

// "expect FIELD VALUE", "expect FIELD contains TEXT", "expect no FIELD", and the same of a frame behind
// "expect frame N"; "expect connections N".
Expectation ExpectationReader::read_expect(WordReader& words) const {
  Expectation expectation{.connection = connection_};
  if (words.take_if("connections")) {
    expectation.about = Expectation::About::connections;
    expectation.value = words.take("a number");
    return expectation;
  }
  if (words.take_if("frame")) {
    expectation.about = Expectation::About::frame_field;
    expectation.frame =
        static_cast<FrameNumber>(parse_number(words.take("a frame"), kMaxCount, "frame number"));
  }
  if (words.take_if("no")) {
    expectation.test = Expectation::Test::absent;
    expectation.name = words.take("a field");
    return expectation;
  }
  expectation.name = words.take("a field");
  if (words.take_if("contains")) expectation.test = Expectation::Test::contains;
  if (words.at_end()) throw ScriptError("no value to expect");
  expectation.value = words.take_rest();
  return expectation;
}

bool ExpectationReader::read_line(std::size_t line, WordReader& words,
                                  std::vector<Expectation>& expectations) {
  if (words.take_if("connection")) {
    connection_ =
        static_cast<std::size_t>(parse_number(words.take("a number"), kMaxCount, "connection number"));
    if (connection_ == 0) throw ScriptError("connections count from 1");
    return true;
  }
  if (words.take_if("verdict")) {
    expectations.push_back(
        {.connection = connection_, .name = "verdict", .value = std::string(words.take("a slug"))});
  } else if (words.take_if("expect")) {
    expectations.push_back(read_expect(words));
  } else {
    return false;
  }
  expectations.back().line = line;
  return true;
}

void ExpectationReader::read_inline(std::size_t line, FrameNumber frame, WordReader& words,
                                    std::vector<Expectation>& expectations) const {
  do {
    Expectation expectation{
        .line = line, .about = Expectation::About::frame_field, .connection = connection_, .frame = frame};
    const std::string_view what = words.take("A, B, event or no");
    if (what == "A" || what == "B") {
      expectation.name = std::string(what) + ".state";
    } else if (what == "no") {
      expectation.test = Expectation::Test::absent;
      expectation.name = words.take("a field");
    } else {
      expectation.name = what;
    }
    std::string& last = expectation.test == Expectation::Test::absent ? expectation.name : expectation.value;
    if (expectation.test != Expectation::Test::absent) last = words.take("a value");
    const bool goes_on = last.ends_with(',');
    if (goes_on) last.pop_back();
    expectations.push_back(std::move(expectation));
    if (!goes_on) break;
  } while (!words.at_end());
}

}  // namespace tcpteardown
