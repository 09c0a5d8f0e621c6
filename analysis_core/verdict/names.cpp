// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/judge.h"

// The spelling of every value that users filter by.
namespace tcpteardown {

std::string_view to_string(Family family) {
  switch (family) {
    case Family::setup: return "setup";
    case Family::graceful: return "graceful";
    case Family::half_closed: return "half-closed";
    case Family::abort: return "abort";
    case Family::reactive: return "reactive";
    case Family::timeout: return "timeout";
    case Family::interference: return "interference";
    case Family::open: return "open";
    case Family::inconclusive: return "inconclusive";
  }
  return "inconclusive";
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::none: return "none";
    case Severity::chat: return "chat";
    case Severity::note: return "note";
    case Severity::warn: return "warn";
    case Severity::error: return "error";
  }
  return "none";
}

std::string_view to_string(Confidence confidence) {
  switch (confidence) {
    case Confidence::low: return "low";
    case Confidence::medium: return "medium";
    case Confidence::high: return "high";
  }
  return "low";
}

std::string_view to_string(TriggerEvent event) {
  switch (event) {
    case TriggerEvent::none: return "";
    case TriggerEvent::data_after_close: return "data-after-close";
    case TriggerEvent::data_crossing_fin: return "data-crossing-fin";
  }
  return "";
}

std::string_view to_string(Retry retry) {
  switch (retry) {
    case Retry::absent: return "";
    case Retry::safe: return "safe";
    case Retry::unsafe: return "unsafe";
    case Retry::unknown: return "unknown";
  }
  return "";
}

std::string_view to_string(Initiator initiator) {
  switch (initiator) {
    case Initiator::client: return "client";
    case Initiator::server: return "server";
    case Initiator::both: return "both";
    case Initiator::network: return "network";
    case Initiator::none: return "none";
    case Initiator::unknown: return "unknown";
  }
  return "unknown";
}

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::syn: return "syn";
    case Stage::handshake: return "handshake";
    case Stage::post_handshake: return "post-handshake";
    case Stage::first_data: return "first-data";
    case Stage::later: return "later";
    case Stage::after_fin: return "after-fin";
    case Stage::closed: return "closed";
  }
  return "later";
}

std::string_view to_string(Errno value) {
  switch (value) {
    case Errno::none: return "none";
    case Errno::eof: return "EOF";
    case Errno::econnreset: return "ECONNRESET";
    case Errno::epipe: return "EPIPE";
    case Errno::econnrefused: return "ECONNREFUSED";
    case Errno::etimedout: return "ETIMEDOUT";
    case Errno::ehostunreach: return "EHOSTUNREACH";
    case Errno::enetunreach: return "ENETUNREACH";
    case Errno::eacces: return "EACCES";
    case Errno::unknown: return "unknown";
  }
  return "unknown";
}

std::string_view to_string(Loss loss) {
  switch (loss) {
    case Loss::none: return "none";
    case Loss::possible: return "possible";
    case Loss::certain: return "certain";
  }
  return "none";
}

std::string_view to_string(Shape shape) {
  switch (shape) {
    case Shape::active: return "active";
    case Shape::reactive: return "reactive";
    case Shape::refusal: return "refusal";
    case Shape::bare: return "bare";
    case Shape::reflected: return "reflected";
  }
  return "bare";
}

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::accepted: return "accepted";
    case Fate::challenged: return "challenged";
    case Fate::ignored_old: return "ignored-old";
    case Fate::ignored_beyond: return "ignored-beyond";
    case Fate::redundant: return "redundant";
    case Fate::unknown: return "unknown";
  }
  return "unknown";
}

}  // namespace tcpteardown
