// SPDX-License-Identifier: GPL-2.0-or-later
#include "prepare.h"

#include <glib.h>

#include <algorithm>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "capture_session.h"
#include "preferences.h"
#include "still_read.h"

namespace tcpteardown {
namespace {

const char* to_pool(wmem_allocator_t* pool, std::string_view text) {
  return wmem_strndup(pool, text.data(), text.size());
}

template <typename T>  // ShownValue, ShownExpert and frame numbers
std::span<const T> to_pool(wmem_allocator_t* pool, const std::vector<T>& items) {
  const std::size_t size = items.size();
  T* copy = wmem_alloc_array(pool, T, size);
  for (std::size_t i = 0; i < size; ++i) new (&copy[i]) T{items[i]};
  return {copy, size};
}

void read_value(wmem_allocator_t* pool, const Value& value, ShownValue& item) {
  switch (item.type) {
    case FieldType::text: item.text = to_pool(pool, value.text); return;
    case FieldType::level:
      item.text = to_pool(pool, value.text);
      item.number = value.number;
      return;
    case FieldType::address:
      item.text = to_pool(pool, to_string(*value.address));
      item.address = *value.address;
      return;
    case FieldType::finding: {
      const Finding& finding = *value.finding;
      const auto frames = finding.frames.view();
      item.text = to_pool(pool, std::string(to_string(finding.kind)) + ": " + finding.text);
      item.frames = to_pool(pool, std::vector<FrameNumber>(frames.begin(), frames.end()));
      return;
    }
    case FieldType::unsigned_number:
    case FieldType::signed_number:
    case FieldType::boolean:
    case FieldType::frame_number:
    case FieldType::duration:
    case FieldType::moment: item.number = value.number; return;
  }
}

// Reads every field of one kind (of connections or of frames) from its source.
template <typename Fields, typename Source>
std::span<const ShownValue> read_all(wmem_allocator_t* pool, const Fields& fields,
                                     std::span<const RegisteredField> registered, const Source& source,
                                     bool texts) {
  std::vector<ShownValue> shown;
  Values values;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!registered[i].wanted || (registered[i].is_text && !texts)) continue;
    values.clear();
    fields[i].read(source, values);
    for (const Value& value : values) {
      ShownValue& item = shown.emplace_back();
      item.hf = registered[i].hf;
      item.field = &registered[i];
      item.type = registered[i].type;
      item.group = registered[i].group;
      item.heads_group = registered[i].heads_group;
      item.rank = registered[i].rank;
      item.is_hidden = registered[i].is_hidden;
      read_value(pool, value, item);
    }
  }
  std::stable_sort(shown.begin(), shown.end(),
                   [](const ShownValue& x, const ShownValue& y) { return x.rank < y.rank; });
  return to_pool(pool, shown);
}

std::span<const ShownExpert> read_experts(wmem_allocator_t* pool, ConnectionIndex connection,
                                          const FrameNote& note, Known known) {
  std::vector<ExpertHit> hits;
  std::vector<ShownExpert> shown;
  const Report* report = session_report(connection, Detail::facts, known);
  if (report == nullptr) return {};
  experts_of_frame(*report, note, hits);
  // Few frames have any, and only theirs need words.
  if (hits.empty()) return {};
  hits.clear();
  report = session_report(connection, Detail::texts, known);
  if (report == nullptr) return {};
  experts_of_frame(*report, note, hits);
  for (const ExpertHit& hit : hits) {
    if (expert_infos()[hit.info].severity < least_severity()) continue;
    shown.push_back({&registered_experts()[hit.info], to_pool(pool, hit.sentence)});
  }
  return to_pool(pool, shown);
}

bool is_telling(const FrameNote& note) { return note.final_frame || !note.event.empty(); }

// What the frame did. A single pass says once that a connection ended, and does not take it back.
std::optional<FrameNote> note_of(const packet_info* pinfo, ConnectionIndex connection, const Report& report,
                                 Known known) {
  std::optional<FrameNote> note = session_note(connection, report, pinfo->num, known);
  if (note && note->final_frame && !PINFO_FD_VISITED(pinfo))
    note->final_frame = session_say_final(connection);
  return note;
}

}  // namespace

Shown prepare(const packet_info* pinfo, const SeenHeader& header, Wanted wanted) noexcept {
  Shown shown;
  if (!header.known) return shown;
  try {
    const Known known = known_of(pinfo);
    const Report* report = session_report(header.connection, Detail::facts, known);
    if (report == nullptr) return shown;
    const std::optional<FrameNote> note = note_of(pinfo, header.connection, *report, known);
    if (!note) return shown;
    if (wanted.experts) shown.experts = read_experts(pinfo->pool, header.connection, *note, known);
    if (wanted.fields && (annotate() == Annotate::every_frame || is_telling(*note))) {
      const bool texts = wanted.texts && (!wanted.telling_texts || is_telling(*note));
      report = session_report(header.connection, texts ? Detail::texts : Detail::facts, known);
      if (report == nullptr) return {};
      shown.summary = to_pool(pinfo->pool, texts ? std::string_view{report->summary} : report->verdict);
      shown.of_connection =
          read_all(pinfo->pool, connection_fields(), registered_connection_fields(), *report, texts);
      shown.of_frame = read_all(pinfo->pool, frame_fields(), registered_frame_fields(), *note, texts);
    }
    shown.ok = true;
  } catch (...) {
    return {};
  }
  return shown;
}

}  // namespace tcpteardown
