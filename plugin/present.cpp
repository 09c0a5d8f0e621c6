// SPDX-License-Identifier: GPL-2.0-or-later
#include "present.h"

#include <epan/expert.h>
#include <epan/proto.h>
#include <epan/tap.h>

#include <cstring>
#include <type_traits>

#include "ids.h"
#include "printed_fields.h"

namespace tcpteardown {
namespace {

// epan leaves functions by longjmp, which runs no destructors.
static_assert(std::is_trivially_destructible_v<Shown>);

// A longer text is shown below its title, in lines: a label has room for ITEM_LABEL_LENGTH bytes
// and loses the rest.
constexpr std::size_t kLongText = 140;
constexpr std::size_t kLineLength = 96;

// How much of the text stands on the next line: to the end of the sentence, or to the last blank
// that fits.
std::size_t length_of_line(const char* text) {
  std::size_t last_blank = 0;
  for (std::size_t i = 0; text[i] != '\0'; ++i) {
    if (text[i] == ' ' && i > 0 && text[i - 1] == '.') return i;
    if (i >= kLineLength && last_blank != 0) return last_blank;
    if (text[i] == ' ') last_blank = i;
  }
  return std::strlen(text);
}

void add_lines(proto_tree* tree, tvbuff_t* tvb, const char* text) {
  while (*text != '\0') {
    const std::size_t length = length_of_line(text);
    proto_tree_add_none_format(tree, headings.line, tvb, 0, 0, "%.*s", static_cast<int>(length), text);
    text += length + std::strspn(text + length, " ");
  }
}

proto_item* add_text(proto_tree* tree, tvbuff_t* tvb, const ShownValue& value) {
  if (std::strlen(value.text) <= kLongText || value.is_hidden || !lines_are_read()) {
    return proto_tree_add_string(tree, value.hf, tvb, 0, 0, value.text);
  }
  proto_item* item = proto_tree_add_string_format(tree, value.hf, tvb, 0, 0, value.text, "%s",
                                                  proto_registrar_get_name(value.hf));
  add_lines(proto_item_add_subtree(item, subtrees.text), tvb, value.text);
  return item;
}

// One line, with a link to each frame below it.
proto_item* add_finding(proto_tree* tree, tvbuff_t* tvb, const ShownValue& value) {
  proto_item* item = proto_tree_add_string_format(tree, value.hf, tvb, 0, 0, value.text, "%s", value.text);
  if (value.frames.empty()) return item;
  proto_tree* links = proto_item_add_subtree(item, subtrees.finding);
  for (const FrameNumber frame : value.frames) {
    proto_item_set_generated(proto_tree_add_uint(links, finding_frame_field(), tvb, 0, 0, frame));
  }
  return item;
}

proto_item* add_duration(proto_tree* tree, tvbuff_t* tvb, const ShownValue& value) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  const nstime_t time = {.secs = static_cast<time_t>(value.number / kNanoseconds),
                         .nsecs = static_cast<int>(value.number % kNanoseconds)};
  return proto_tree_add_time(tree, value.hf, tvb, 0, 0, &time);
}

proto_item* add_moment(proto_tree* tree, tvbuff_t* tvb, const ShownValue& value) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  std::int64_t seconds = value.number / kNanoseconds;
  std::int64_t rest = value.number % kNanoseconds;
  if (rest < 0) {  // before 1970
    rest += kNanoseconds;
    --seconds;
  }
  const nstime_t time = {.secs = static_cast<time_t>(seconds), .nsecs = static_cast<int>(rest)};
  return proto_tree_add_time(tree, value.hf, tvb, 0, 0, &time);
}

void hide(proto_item* item) {
  proto_item_set_generated(item);
  proto_item_set_hidden(item);
}

proto_item* add_level(proto_tree* tree, tvbuff_t* tvb, const ShownValue& value) {
  proto_item* item = proto_tree_add_string(tree, value.hf, tvb, 0, 0, value.text);
  hide(proto_tree_add_uint(tree, value.field->level_hf, tvb, 0, 0, static_cast<guint32>(value.number)));
  return item;
}

proto_item* add_address(proto_tree* tree, tvbuff_t* tvb, const ShownValue& value) {
  proto_item* item = proto_tree_add_string(tree, value.hf, tvb, 0, 0, value.text);
  if (value.address.is_ipv6) {
    ws_in6_addr address;
    std::memcpy(&address, value.address.bytes.data(), sizeof(address));
    hide(proto_tree_add_ipv6(tree, value.field->ipv6_hf, tvb, 0, 0, &address));
  } else {
    ws_in4_addr address = 0;  // as on the wire
    std::memcpy(&address, value.address.bytes.data(), sizeof(address));
    hide(proto_tree_add_ipv4(tree, value.field->ipv4_hf, tvb, 0, 0, address));
  }
  return item;
}

proto_item* add_value(proto_tree* tree, tvbuff_t* tvb, const ShownValue& value) {
  switch (value.type) {
    case FieldType::text: return add_text(tree, tvb, value);
    case FieldType::level: return add_level(tree, tvb, value);
    case FieldType::address: return add_address(tree, tvb, value);
    case FieldType::moment: return add_moment(tree, tvb, value);
    case FieldType::unsigned_number:
      return proto_tree_add_uint64(tree, value.hf, tvb, 0, 0, static_cast<guint64>(value.number));
    case FieldType::signed_number:
      return proto_tree_add_int(tree, value.hf, tvb, 0, 0, static_cast<gint32>(value.number));
    case FieldType::boolean:
      return proto_tree_add_boolean(tree, value.hf, tvb, 0, 0, static_cast<guint32>(value.number));
    case FieldType::frame_number:
      return proto_tree_add_uint(tree, value.hf, tvb, 0, 0, static_cast<guint32>(value.number));
    case FieldType::duration: return add_duration(tree, tvb, value);
    case FieldType::finding: return add_finding(tree, tvb, value);
  }
  return nullptr;
}

void add_generated(proto_tree* tree, tvbuff_t* tvb, const ShownValue& value) {
  proto_item* item = add_value(tree, tvb, value);
  proto_item_set_generated(item);
  if (value.is_hidden) proto_item_set_hidden(item);
}

void add_of_connection(proto_tree* tree, packet_info* pinfo, tvbuff_t* tvb,
                       std::span<const ShownValue> values) {
  const auto groups = field_groups();
  auto** trees = wmem_alloc0_array(pinfo->pool, proto_tree*, groups.size() + 1);
  for (const ShownValue& value : values) {
    if (value.group == kNoGroup) {
      add_generated(tree, tvb, value);
      continue;
    }
    const auto position = static_cast<std::size_t>(value.group);
    proto_tree*& group = trees[position];
    if (value.heads_group) {
      proto_item* item = add_value(tree, tvb, value);
      proto_item_set_generated(item);
      group = proto_item_add_subtree(item, subtrees.group);
      continue;
    }
    if (group == nullptr) {
      proto_item* item =
          proto_tree_add_none_format(tree, groups[position].hf, tvb, 0, 0, "%s", groups[position].title);
      proto_item_set_generated(item);
      group = proto_item_add_subtree(item, subtrees.group);
    }
    add_generated(group, tvb, value);
  }
}

void add_of_frame(proto_tree* tree, tvbuff_t* tvb, std::span<const ShownValue> values) {
  if (values.empty()) return;
  proto_item* item = proto_tree_add_none_format(tree, headings.frame, tvb, 0, 0, "This frame");
  proto_item_set_generated(item);
  proto_tree* frame = proto_item_add_subtree(item, subtrees.frame);
  for (const ShownValue& value : values) add_generated(frame, tvb, value);
}

proto_item* add_tree(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, const Shown& shown) {
  proto_item* item =
      proto_tree_add_protocol_format(tree, ids.protocol, tvb, 0, 0, "%s: %s", kProtocolName, shown.summary);
  proto_item_set_generated(item);
  proto_tree* ours = proto_item_add_subtree(item, subtrees.protocol);
  add_of_connection(ours, pinfo, tvb, shown.of_connection);
  add_of_frame(ours, tvb, shown.of_frame);
  return item;
}

// The Expert Information dialog and -z expert need no tree. epan registers their tap when it starts
// to dissect, after our handoff.
bool experts_are_tapped() {
  if (ids.expert_tap == 0) ids.expert_tap = find_tap_id("expert");
  return ids.expert_tap != 0 && have_tap_listener(ids.expert_tap);
}

// By name: a tree that is only visible does not.
bool is_asked_for(int protocol) {
  return proto_registrar_get_nth(static_cast<guint>(protocol))->ref_type != HF_REF_TYPE_NONE;
}

}  // namespace

Wanted wanted_of(proto_tree* tree, const packet_info* pinfo) {
  // A field that a filter, a column or a tap asks for marks its protocol as referenced; with a
  // visible tree everything is.
  const auto is_referenced = [tree](int protocol) {
    if (tree == nullptr || !proto_field_is_referenced(tree, protocol)) return false;
    return is_asked_for(protocol) || !only_other_fields_are_printed();
  };
  const bool fields = is_referenced(ids.protocol);
  const bool experts = fields || is_referenced(proto_expert) || experts_are_tapped();
  const bool texts = fields && choose_wanted(tree);
  // Who reads the whole tree in a first pass sees what is known so far, and sentences where something
  // happens.
  const bool is_shown_only = !is_asked_for(ids.protocol) && !our_fields_are_named();
  const bool first_pass = !PINFO_FD_VISITED(pinfo);
  return {.fields = fields, .texts = texts, .telling_texts = first_pass && is_shown_only, .experts = experts};
}

void present(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, const SeenHeader& header, Wanted wanted) {
  const Shown shown = prepare(pinfo, header, wanted);
  if (!shown.ok) return;
  proto_item* item = shown.summary != nullptr ? add_tree(tvb, pinfo, tree, shown) : nullptr;
  for (const ShownExpert& expert : shown.experts) {
    if (expert.sentence[0] != '\0')
      expert_add_info_format(pinfo, item, expert.info, "%s", expert.sentence);
    else
      expert_add_info(pinfo, item, expert.info);
  }
}

}  // namespace tcpteardown
