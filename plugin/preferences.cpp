// SPDX-License-Identifier: GPL-2.0-or-later
#include "preferences.h"

#include <epan/packet.h>
#include <epan/prefs.h>

namespace tcpteardown {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;  // ns

guint idle_threshold = static_cast<guint>(Settings{}.idle_threshold_ns / kSecond);  // s
guint silence = static_cast<guint>(Settings{}.silence_ns / kSecond);                // s
int annotate_value = static_cast<int>(Annotate::every_frame);
int severity_value = static_cast<int>(Severity::chat);

const enum_val_t kAnnotateChoices[] = {
    {"every", "Every frame of the connection", static_cast<int>(Annotate::every_frame)},
    {"telling", "Only frames that ended it or did something worth a word",
     static_cast<int>(Annotate::telling_frames)},
    {nullptr, nullptr, 0},
};

const enum_val_t kSeverityChoices[] = {
    {"chat", "Chat", static_cast<int>(Severity::chat)},
    {"note", "Note", static_cast<int>(Severity::note)},
    {"warn", "Warning", static_cast<int>(Severity::warn)},
    {"error", "Error", static_cast<int>(Severity::error)},
    {nullptr, nullptr, 0},
};

}  // namespace

void register_preferences(int protocol) {
  module_t* module = prefs_register_protocol(protocol, nullptr);
  prefs_register_uint_preference(
      module, "idle_threshold", "Idle threshold (seconds)",
      "A connection that was reset after so long without data counts as ended by idleness", 10,
      &idle_threshold);
  prefs_register_uint_preference(
      module, "silence", "Silence before a time-out is claimed (seconds)",
      "How long the capture must go on without an answer before a side is said not to respond", 10, &silence);
  prefs_register_enum_preference(module, "annotate", "Annotate",
                                 "Which frames get the fields of TCP Teardown in the packet details",
                                 &annotate_value, kAnnotateChoices, false);
  prefs_register_enum_preference(
      module, "least_severity", "Least severity of expert infos",
      "Expert infos below this severity are not made; the verdicts stay as they are", &severity_value,
      kSeverityChoices, false);
}

Settings settings() {
  return {.idle_threshold_ns = idle_threshold * kSecond, .silence_ns = silence * kSecond};
}

Annotate annotate() { return static_cast<Annotate>(annotate_value); }

Severity least_severity() { return static_cast<Severity>(severity_value); }

}  // namespace tcpteardown
