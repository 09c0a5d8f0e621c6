// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <epan/packet_info.h>

#include <cstdint>
#include <span>

#include "fields.h"
#include "frame_headers.h"

// The core's answers as plain values in the packet's memory pool, so that the code that calls epan
// (and may be left by longjmp) has nothing to destroy.
namespace tcpteardown {

struct ShownValue {
  int hf = -1;
  FieldType type = FieldType::text;
  int group = kNoGroup;
  bool heads_group = false;  // of the group `group`
  int rank = 0;
  bool is_hidden = false;
  const char* text = nullptr;           // for FieldType::text, FieldType::finding and names
  std::span<const FrameNumber> frames;  // for FieldType::finding
  const RegisteredField* field = nullptr;
  IpAddress address;        // for FieldType::address
  std::int64_t number = 0;  // for all others
};

struct ShownExpert {
  expert_field* info = nullptr;
  const char* sentence = nullptr;  // empty: the general text
};

struct Shown {
  bool ok = false;
  const char* summary = nullptr;
  std::span<const ShownValue> of_connection;
  std::span<const ShownValue> of_frame;
  std::span<const ShownExpert> experts;
};

// What somebody will read; text is made for nothing else.
struct Wanted {
  bool fields = false;
  bool texts = false;          // one of the long fields, or the tree itself
  bool telling_texts = false;  // and these only on frames that did something
  bool experts = false;
};

[[nodiscard]] Shown prepare(const packet_info* pinfo, const SeenHeader& header, Wanted wanted) noexcept;

}  // namespace tcpteardown
