// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/output.h"
#include "formats/output_format.h"
#include "report/fields.h"

// JSON Lines: one object (RFC 8259) a connection. Always valid UTF-8, whatever a packet held.
namespace tcpteardown {
namespace {

void append_escape(std::string& out, std::uint32_t control) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (control) {
    case '\n': out += "\\n"; return;
    case '\t': out += "\\t"; return;
    case '\r': out += "\\r"; return;
    default: break;
  }
  out += "\\u00";
  out += kHex[control >> 4 & 0xf];
  out += kHex[control & 0xf];
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (;;) {
    const std::size_t plain = plain_prefix(text, '"', '\\');
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const CodePoint point = first_code_point(text);
    text.remove_prefix(point.bytes.size());
    if (!point.valid) {
      out += kReplacementCharacter;
    } else if (is_control(point.value)) {
      append_escape(out, point.value);
    } else {
      if (point.value == '"' || point.value == '\\') out += '\\';
      out += point.bytes;
    }
  }
  out += '"';
}

// Keys are ours and need no escapes.
void append_key(std::string& out, std::string_view key) {
  if (out.back() != '{') out += ',';
  out += '"';
  out += key;
  out += "\":";
}

void append_text(std::string& out, std::string_view key, std::string_view text) {
  append_key(out, key);
  append_string(out, text);
}

void append_count(std::string& out, std::string_view key, std::uint64_t count) {
  append_key(out, key);
  append_unsigned(out, count);
}

void append_finding(std::string& out, const Finding& finding) {
  out += '{';
  append_text(out, "kind", to_string(finding.kind));
  append_key(out, "frames");
  out += '[';
  for (const FrameNumber frame : finding.frames.view()) {
    if (out.back() != '[') out += ',';
    append_unsigned(out, frame);
  }
  out += ']';
  append_text(out, "text", finding.text);
  out += '}';
}

void append_value(std::string& out, FieldType type, const Value& value) {
  switch (type) {
    case FieldType::text:
    case FieldType::level: append_string(out, value.text); break;
    case FieldType::moment:
    case FieldType::address:  // no character of theirs needs an escape
      out += '"';
      append_plain(out, type, value);
      out += '"';
      break;
    case FieldType::finding: append_finding(out, *value.finding); break;
    case FieldType::unsigned_number:
    case FieldType::signed_number:
    case FieldType::boolean:
    case FieldType::frame_number:
    case FieldType::duration: append_plain(out, type, value); break;
  }
}

void append_field(std::string& out, const ConnectionField& field, const Values& values) {
  if (values.empty()) return;
  append_key(out, field.name);
  if (!field.several) {
    append_value(out, field.type, values.front());
    return;
  }
  out += '[';
  for (const Value& value : values) {
    if (&value != &values.front()) out += ',';
    append_value(out, field.type, value);
  }
  out += ']';
}

void append_reset(std::string& out, const ResetReport& reset) {
  if (out.back() != '[') out += ',';
  out += '{';
  append_count(out, "frame", reset.frame);
  append_text(out, "from", reset.from);
  append_text(out, "shape", reset.shape);
  append_text(out, "fate", reset.fate);
  if (reset.trigger_frame != 0) append_count(out, "trigger_frame", reset.trigger_frame);
  if (reset.ttl_delta) {
    append_key(out, "ttl_delta");
    append_number(out, *reset.ttl_delta);
  }
  if (reset.ipid_delta) {
    append_key(out, "ipid_delta");
    append_number(out, *reset.ipid_delta);
  }
  out += '}';
}

void append_identity(std::string& out, const Report& report, std::string_view file) {
  append_text(out, "file", file);
  if (report.stream) append_count(out, "stream", *report.stream);
  append_text(out, "client", report.client);
  append_text(out, "server", report.server);
  append_key(out, "start");
  out += '"';
  append_utc(out, report.start_ns);
  out += '"';
  append_key(out, "duration");
  append_seconds(out, report.duration_ns);
  append_count(out, "first_frame", report.first_frame);
  append_count(out, "last_frame", report.last_frame);
  append_count(out, "frames", report.frames);
  append_count(out, "client.bytes", report.client_bytes);
  append_count(out, "server.bytes", report.server_bytes);
}

}  // namespace

void append_json(std::string& out, const Report& report, std::string_view file, LocalOffset local) {
  out += '{';
  append_identity(out, report, file);
  Values values;
  for (const ConnectionField& field : connection_fields()) {
    values.clear();
    field.read(report, values);
    append_field(out, field, values);
  }
  if (report.ended && local != nullptr) {
    append_text(out, kLocalEnd, local_iso(report.decisive_ns, local(report.decisive_ns)));
  }
  append_key(out, "rsts");
  out += '[';
  for (const ResetReport& reset : report.resets) append_reset(out, reset);
  out += "]}\n";
}

}  // namespace tcpteardown
