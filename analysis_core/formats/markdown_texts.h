// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

// The parts of VERDICTS.md that belong to no single verdict, in markdown_texts.cpp.
namespace tcpteardown {

extern const std::string_view kGeneratedLine;
extern const std::string_view kIntroduction;
extern const std::string_view kReadingOrder;
extern const std::string_view kConfidenceLimits;
extern const std::string_view kReallyThatHost;

}  // namespace tcpteardown
