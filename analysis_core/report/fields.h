// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "report/report.h"
#include "verdict/verdict.h"
#include "wire/flow_key.h"

// The catalogue of what is shown: every field and every expert info, once, for all adapters.
namespace tcpteardown {

enum class FieldType : std::uint8_t {
  text,
  level,  // text, one of the field's `levels`; number: its place there
  unsigned_number,
  signed_number,
  boolean,  // number: 0 or 1
  frame_number,
  duration,  // number: nanoseconds
  moment,    // number: nanoseconds since the epoch
  address,
  finding,
};

// One value of a field. Views and pointers go into the Report or FrameNote it was read from.
struct Value {
  std::string_view text = {};          // for FieldType::text and FieldType::level
  std::int64_t number = 0;             // for all others
  const Finding* finding = nullptr;    // for FieldType::finding
  const IpAddress* address = nullptr;  // for FieldType::address
};
using Values = std::vector<Value>;

// A field that describes a whole connection.
struct ConnectionField {
  std::string_view name;  // without the prefix "tcpteardown."
  FieldType type;
  bool several;                                   // may have more than one value
  std::string_view title;                         // for people: "Verdict"
  std::string_view help;                          // one sentence, Wireshark's blurb
  void (*read)(const Report&, Values&);           // appends; nothing if absent
  std::span<const std::string_view> levels = {};  // for FieldType::level, the least first
};

// A field that stands only on the frame it speaks of.
struct FrameField {
  std::string_view name;
  FieldType type;
  std::string_view title;
  std::string_view help;
  void (*read)(const FrameNote&, Values&);
};

// In the order of the JSON keys.
[[nodiscard]] std::span<const ConnectionField> connection_fields();
[[nodiscard]] std::span<const FrameField> frame_fields();

// An expert info: one for each verdict (and its harmless form), one for certain loss, one for
// each event that deserves a word. Key "abort_by_receiver" is tcpteardown.expert.abort_by_receiver.
struct ExpertInfo {
  std::string_view key;
  Severity severity;
  std::string_view text;  // lower-case start, no final period
};

[[nodiscard]] std::span<const ExpertInfo> expert_infos();

// Which expert infos a frame carries: positions in expert_infos(), and the sentence to show
// instead of the general text (empty: the general text).
struct ExpertHit {
  std::size_t info;
  std::string_view sentence;
};
void experts_of_frame(const Report& report, const FrameNote& note, std::vector<ExpertHit>& hits);

}  // namespace tcpteardown
