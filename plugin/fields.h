// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <epan/expert.h>

#include <cstddef>
#include <span>

#include "report/fields.h"

// The core's catalogue of fields and expert infos, registered with epan. Adds but the links below a finding.
namespace tcpteardown {

// Fields with a dotted name stand in a subtree of the tree: "client.errno" under "Client", and
// "half_close.by" under the field "half_close".
struct FieldGroup {
  const char* name;   // "client"
  const char* title;  // "Client", unless a field heads the group
  int hf = -1;        // of the heading, unless a field is it
};
inline constexpr int kNoGroup = -1;

// A registered field; in the order of connection_fields() or frame_fields().
struct RegisteredField {
  int hf = -1;
  FieldType type = FieldType::text;
  int group = kNoGroup;  // position in field_groups(); of frame fields always kNoGroup
  bool heads_group = false;
  bool is_text = false;    // one of the report's texts, which take most of the time to make
  int rank = 0;            // place in the tree; equal ones in the order of the fields
  bool is_hidden = false;  // for filters and columns alone
  bool wanted = true;      // somebody reads it in this dissection, see choose_wanted()
  // The same value in other types, for filters. epan compares a FieldType::level by its place, and an address
  // with those of a network, only if the field is no text; and -T fields prints only a text by its name.
  int level_hf = -1;  // of FieldType::level
  int ipv4_hf = -1;   // of FieldType::address
  int ipv6_hf = -1;
};

// Lines of the tree that hold no value of their own.
struct Headings {
  int frame = -1;  // "This frame"
  int line = -1;   // of a long text
};
inline Headings headings;

void register_fields(int protocol);
// Long texts are open until the user closes them. Does so once, not before the first capture:
// epan makes room for what is open after all protocols are registered.
void show_texts_open();

// Notes which fields a tree is for: all if it is shown, else those that a filter, a column or a tap
// asks for. Returns whether one of them is a text.
bool choose_wanted(proto_tree* tree);

[[nodiscard]] std::span<const RegisteredField> registered_connection_fields();
[[nodiscard]] std::span<const RegisteredField> registered_frame_fields();
[[nodiscard]] std::span<const FieldGroup> field_groups();
// The frame numbers below a finding.
[[nodiscard]] int finding_frame_field();
// In the order of expert_infos().
[[nodiscard]] std::span<expert_field> registered_experts();

// The subtrees, for epan to remember which of them are open.
struct Subtrees {
  int protocol = -1;
  int frame = -1;
  int group = -1;
  int text = -1;
  int finding = -1;
};
inline Subtrees subtrees;

}  // namespace tcpteardown
