// SPDX-License-Identifier: GPL-2.0-or-later
#include "fields.h"

#include <epan/packet.h>
#include <epan/proto.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "ids.h"

namespace tcpteardown {
namespace {

// epan keeps pointers to all that is registered until the program ends; memory of its own scope
// lives as long.
template <typename T>  // used for hf, ei, fields and groups
std::span<T> make_array(std::size_t size) {
  T* first = wmem_alloc_array(wmem_epan_scope(), T, size);
  for (std::size_t i = 0; i < size; ++i) new (&first[i]) T{};
  return {first, size};
}

const char* keep(std::string_view text) { return wmem_strndup(wmem_epan_scope(), text.data(), text.size()); }

const char* full_name(std::string_view name) {
  return wmem_strdup_printf(wmem_epan_scope(), "%s.%.*s", kFilterName, static_cast<int>(name.size()),
                            name.data());
}

std::span<RegisteredField> connection_registered;
std::span<RegisteredField> frame_registered;
std::span<expert_field> expert_registered;
std::span<FieldGroup> groups;
int finding_frame = -1;

ftenum epan_type(FieldType type) {
  switch (type) {
    case FieldType::text:
    case FieldType::level:
    case FieldType::address:  // of either family, to group by
    case FieldType::finding: return FT_STRING;
    case FieldType::moment: return FT_ABSOLUTE_TIME;
    case FieldType::unsigned_number: return FT_UINT64;
    case FieldType::signed_number: return FT_INT32;
    case FieldType::boolean: return FT_BOOLEAN;
    case FieldType::frame_number: return FT_FRAMENUM;
    case FieldType::duration: return FT_RELATIVE_TIME;
  }
  return FT_NONE;
}

int epan_display(FieldType type) {
  switch (type) {
    case FieldType::unsigned_number:
    case FieldType::signed_number: return BASE_DEC;
    case FieldType::moment: return ABSOLUTE_TIME_LOCAL;
    case FieldType::text:
    case FieldType::level:
    case FieldType::address:
    case FieldType::boolean:
    case FieldType::frame_number:
    case FieldType::duration:
    case FieldType::finding: return BASE_NONE;
  }
  return BASE_NONE;
}

bool is_text(std::string_view name) {
  return name == "summary" || name == "finding" || name == "explanation" || name == "advice";
}

// What a reader wants first stands first in the tree, in this order; the rest follows as in JSON.
int rank_of(std::string_view name) {
  constexpr std::array<std::string_view, 11> kFirst{
      "verdict",      "summary",    "initiator",         "loss",    "retry", "client.errno",
      "server.errno", "confidence", "confidence_reason", "finding", "advice"};
  const auto* const found = std::find(kFirst.begin(), kFirst.end(), name);
  return static_cast<int>(found - kFirst.begin());
}

// The packet list draws an arrow from the segment that drew a RST to the one that decided.
const void* arrow_of(std::string_view name) {
  if (name == "trigger_frame") return FRAMENUM_TYPE(FT_FRAMENUM_REQUEST);
  if (name == "decisive_frame") return FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE);
  return nullptr;
}

// "warn" for 3, so that a filter may compare with the name, and refuses one that does not exist.
const value_string* names_of(std::span<const std::string_view> levels) {
  auto names = make_array<value_string>(levels.size() + 1);  // the last one ends it
  for (std::size_t i = 0; i < levels.size(); ++i) {
    names[i] = {static_cast<guint32>(i), keep(levels[i])};
  }
  return names.data();
}

template <typename Field>  // ConnectionField or FrameField
hf_register_info describe(const Field& field, RegisteredField& registered) {
  registered.type = field.type;
  registered.is_text = is_text(field.name);
  registered.rank = rank_of(field.name);
  // The heading of the tree says the one, the findings say the other.
  registered.is_hidden = field.name == "summary" || field.name == "explanation";
  return {&registered.hf,
          {keep(field.title), full_name(field.name), epan_type(field.type), epan_display(field.type),
           arrow_of(field.name), 0, keep(field.help), HFILL}};
}

const char* joined(std::string_view text, const char* more) {
  return wmem_strdup_printf(wmem_epan_scope(), "%.*s%s", static_cast<int>(text.size()), text.data(), more);
}

// "severity_level" of "severity".
hf_register_info describe_level(const ConnectionField& field, int* hf) {
  return {hf,
          {joined(field.title, ", by order"), full_name(joined(field.name, "_level")), FT_UINT8, BASE_DEC,
           names_of(field.levels), 0, keep(field.help), HFILL}};
}

// "client.ip" of "client.address".
hf_register_info describe_ip(const ConnectionField& field, const char* suffix, const char* title, ftenum type,
                             int* hf) {
  const std::string_view of = field.name.substr(0, field.name.rfind('.') + 1);
  return {hf,
          {joined(field.title, title), full_name(joined(of, suffix)), type, BASE_NONE, nullptr, 0,
           keep(field.help), HFILL}};
}

// The other types of a field; gives how many were added at `hf`.
std::size_t describe_other_types(const ConnectionField& field, RegisteredField& registered,
                                 hf_register_info* hf) {
  if (field.type == FieldType::level) {
    hf[0] = describe_level(field, &registered.level_hf);
    return 1;
  }
  if (field.type != FieldType::address) return 0;
  hf[0] = describe_ip(field, "ip", " (IPv4)", FT_IPv4, &registered.ipv4_hf);
  hf[1] = describe_ip(field, "ipv6", " (IPv6)", FT_IPv6, &registered.ipv6_hf);
  return 2;
}

// A name can be both a connection's and a frame's field; epan wants it once.
int* find_registered(std::string_view name) {
  const auto fields = connection_fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return &connection_registered[i].hf;
  }
  return nullptr;
}

void register_all_fields(int protocol) {
  const auto of_connection = connection_fields();
  const auto of_frame = frame_fields();
  connection_registered = make_array<RegisteredField>(of_connection.size());
  frame_registered = make_array<RegisteredField>(of_frame.size());
  constexpr std::size_t kMostTypes = 3;  // of one field
  auto hf = make_array<hf_register_info>(kMostTypes * of_connection.size() + of_frame.size() + 3);
  std::size_t used = 0;
  hf[used++] = {&headings.frame,
                {"This frame", full_name("this_frame"), FT_NONE, BASE_NONE, nullptr, 0,
                 "What this frame did to its connection", HFILL}};
  hf[used++] = {&headings.line,
                {"Line", full_name("line"), FT_NONE, BASE_NONE, nullptr, 0,
                 "A line of the text above it, for reading only", HFILL}};
  // The links below a finding. JSON has them inside it, so the core has no field of that name.
  hf[used++] = {&finding_frame,
                {"Frame", full_name("finding.frame"), FT_FRAMENUM, BASE_NONE, nullptr, 0,
                 "A frame that a finding rests on", HFILL}};
  for (std::size_t i = 0; i < of_connection.size(); ++i) {
    hf[used++] = describe(of_connection[i], connection_registered[i]);
    used += describe_other_types(of_connection[i], connection_registered[i], &hf[used]);
  }
  for (std::size_t i = 0; i < of_frame.size(); ++i) {
    frame_registered[i].type = of_frame[i].type;
    if (find_registered(of_frame[i].name) != nullptr) continue;
    hf[used++] = describe(of_frame[i], frame_registered[i]);
  }
  proto_register_field_array(protocol, hf.data(), static_cast<int>(used));
  for (std::size_t i = 0; i < of_frame.size(); ++i) {
    if (const int* shared = find_registered(of_frame[i].name)) frame_registered[i].hf = *shared;
  }
}

const char* title_of_group(std::string_view name) {
  char* title = wmem_strndup(wmem_epan_scope(), name.data(), name.size());
  std::replace(title, title + name.size(), '_', ' ');
  title[0] = g_ascii_toupper(title[0]);
  return title;
}

// Position of the group of that name, made if it is new.
int group_of(std::string_view name, std::size_t& used) {
  for (std::size_t i = 0; i < used; ++i) {
    if (groups[i].name == name) return static_cast<int>(i);
  }
  groups[used] = {keep(name), title_of_group(name)};
  return static_cast<int>(used++);
}

// The headings are fields too, so that exports have a name for them.
void register_groups(int protocol) {
  auto hf = make_array<hf_register_info>(groups.size());
  std::size_t used = 0;
  for (FieldGroup& group : groups) {
    if (find_registered(group.name) != nullptr) continue;
    hf[used++] = {&group.hf,
                  {group.title, full_name(group.name), FT_NONE, BASE_NONE, nullptr, 0,
                   "What is said of this part of the connection", HFILL}};
  }
  proto_register_field_array(protocol, hf.data(), static_cast<int>(used));
}

void make_groups() {
  const auto fields = connection_fields();
  groups = make_array<FieldGroup>(fields.size());
  std::size_t used = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t dot = fields[i].name.find('.');
    const bool stands_first = connection_registered[i].rank < rank_of({});
    if (dot == std::string_view::npos || dot == 0 || stands_first) continue;
    connection_registered[i].group = group_of(fields[i].name.substr(0, dot), used);
  }
  groups = groups.first(used);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    for (std::size_t g = 0; g < used; ++g) {
      if (fields[i].name != groups[g].name) continue;
      connection_registered[i].group = static_cast<int>(g);
      connection_registered[i].heads_group = true;
    }
  }
}

int epan_severity(Severity severity) {
  switch (severity) {
    case Severity::none:
    case Severity::chat: return PI_CHAT;
    case Severity::note: return PI_NOTE;
    case Severity::warn: return PI_WARN;
    case Severity::error: return PI_ERROR;
  }
  return PI_CHAT;
}

void register_experts(int protocol) {
  const auto infos = expert_infos();
  expert_registered = make_array<expert_field>(infos.size());
  auto ei = make_array<ei_register_info>(infos.size());
  for (std::size_t i = 0; i < infos.size(); ++i) {
    expert_registered[i] = EI_INIT;
    const char* name = wmem_strdup_printf(wmem_epan_scope(), "%s.expert.%s", kFilterName, keep(infos[i].key));
    ei[i] = {&expert_registered[i],
             {name, PI_SEQUENCE, epan_severity(infos[i].severity), keep(infos[i].text), EXPFILL}};
  }
  expert_register_field_array(expert_register_protocol(protocol), ei.data(), static_cast<int>(ei.size()));
}

}  // namespace

void register_fields(int protocol) {
  static std::array<int*, 5> trees{&subtrees.protocol, &subtrees.frame, &subtrees.group, &subtrees.text,
                                   &subtrees.finding};
  register_all_fields(protocol);
  make_groups();
  register_groups(protocol);
  register_experts(protocol);
  proto_register_subtree_array(trees.data(), static_cast<int>(trees.size()));
}

void show_texts_open() {
  static bool done = false;
  if (!done) {
    tree_expanded_set(subtrees.text, TRUE);
    tree_expanded_set(subtrees.finding, TRUE);
  }
  done = true;
}

namespace {

bool is_referenced(proto_tree* tree, const RegisteredField& field) {
  const int heading = field.group == kNoGroup ? -1 : groups[static_cast<std::size_t>(field.group)].hf;
  const std::array all{field.hf, field.level_hf, field.ipv4_hf, field.ipv6_hf, heading};
  return std::any_of(all.begin(), all.end(),
                     [tree](int hf) { return hf > 0 && proto_field_is_referenced(tree, hf); });
}

}  // namespace

bool choose_wanted(proto_tree* tree) {
  bool texts = false;
  for (const auto fields : {connection_registered, frame_registered}) {
    for (RegisteredField& field : fields) {
      field.wanted = is_referenced(tree, field);
      // The links stand below the finding, and somebody may ask for them alone.
      if (field.type == FieldType::finding)
        field.wanted = field.wanted || proto_field_is_referenced(tree, finding_frame);
      texts = texts || (field.wanted && field.is_text);
    }
  }
  return texts;
}

std::span<const RegisteredField> registered_connection_fields() { return connection_registered; }

std::span<const RegisteredField> registered_frame_fields() { return frame_registered; }

std::span<const FieldGroup> field_groups() { return groups; }

int finding_frame_field() { return finding_frame; }

std::span<expert_field> registered_experts() { return expert_registered; }

}  // namespace tcpteardown
