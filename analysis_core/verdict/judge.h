// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "evidence/teardown.h"
#include "verdict/verdict.h"

namespace tcpteardown {

enum class Initiator : std::uint8_t { client, server, both, network, none, unknown };
enum class Stage : std::uint8_t { syn, handshake, post_handshake, first_data, later, after_fin, closed };

// Whether the client may repeat its last request: what it sent since the last answer that it knew of.
enum class Retry : std::uint8_t {
  absent,   // nothing was asked, or it was answered: the question does not arise
  safe,     // the server never took any byte of it
  unsafe,   // the server may have processed it
  unknown,  // the capture does not show what would tell
};

// What an application's system calls return, as Linux reports it.
enum class Errno : std::uint8_t {
  none,
  eof,
  econnreset,
  epipe,
  econnrefused,
  etimedout,
  ehostunreach,
  enetunreach,
  eacces,
  unknown,
};

// In the order in which the application sees them; `count` of them are used.
struct ErrnoList {
  std::array<Errno, 3> values{};
  std::uint8_t count = 0;

  void add(Errno e) {
    if (count < values.size()) values[count++] = e;
  }
};

// The verdict, and how bad it is.
struct Ruling {
  const Verdict* row = nullptr;
  bool harmless = false;  // the row's harmless form
  Severity severity = Severity::none;
  Loss loss = Loss::none;
  Moment decisive;  // not seen: nothing ended it
};

// The verdict and all that follows from it.
struct Judgement {
  VerdictId id = {};
  const Verdict* verdict = nullptr;  // the row of that id
  Teardown evidence;
  bool harmless = false;  // the row's harmless form
  bool ended = false;     // something in the capture ended the connection
  Severity severity = Severity::none;
  Confidence confidence = Confidence::low;
  std::string_view confidence_reason;  // why it is no higher, as a clause; empty if it is high
  Retry retry = Retry::absent;
  Initiator initiator = Initiator::unknown;
  Stage stage = Stage::later;
  Loss loss = Loss::none;
  Moment decisive;  // not seen: nothing ended it
  ErrnoList client_errno;
  ErrnoList server_errno;
};

[[nodiscard]] Ruling rule(const Teardown& teardown);
[[nodiscard]] Judgement judge(const Teardown& teardown);

[[nodiscard]] std::string_view to_string(Retry retry);  // "" for absent
[[nodiscard]] std::string_view to_string(Initiator initiator);
[[nodiscard]] std::string_view to_string(Stage stage);
[[nodiscard]] std::string_view to_string(Errno value);
[[nodiscard]] std::string_view to_string(Loss loss);
[[nodiscard]] std::string_view to_string(Shape shape);
[[nodiscard]] std::string_view to_string(Fate fate);

}  // namespace tcpteardown
