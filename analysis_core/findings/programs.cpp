// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/tellings.h"
#include "verdict/questions.h"

// What each application saw, as Linux reports it. Nothing where the wire cannot tell.
namespace tcpteardown {
namespace {

using Found = std::optional<Finding>;

std::string_view in_words(Errno e) {
  switch (e) {
    case Errno::none: return "no error";
    case Errno::unknown: return "";
    case Errno::eof:
    case Errno::econnreset:
    case Errno::epipe:
    case Errno::econnrefused:
    case Errno::etimedout:
    case Errno::ehostunreach:
    case Errno::enetunreach:
    case Errno::eacces: break;
  }
  return to_string(e);
}

// "EOF, then EPIPE if it writes"
std::string in_words(const ErrnoList& list) {
  std::string out;
  for (std::size_t i = 0; i < list.count; ++i) {
    const std::string_view word = in_words(list.values[i]);
    if (word.empty()) continue;
    if (!out.empty()) out += ", then ";
    out += word;
    if (list.values[i] == Errno::epipe && i > 0) out += " if it writes";
  }
  return out;
}

bool saw_nothing(const ErrnoList& list) { return list.count == 1 && list.values[0] == Errno::none; }

// Before the handshake is complete no application has the connection at the server. Where nothing
// ended, there was nothing to see.
bool exists(const Story& s, Part part) {
  if (!s.judgement->ended) return false;
  if (part == Part::client || !saw_nothing(s.judgement->server_errno)) return true;
  return s.family != Family::setup && questions::handshake_complete(s.t());
}

template <Part part>
Found application(const Story& s) {
  const ErrnoList& list = part == Part::client ? s.judgement->client_errno : s.judgement->server_errno;
  const std::string seen = in_words(list);
  if (seen.empty() || !exists(s, part)) return {};
  return Finding{
      FindingKind::programs, {}, std::string(part == Part::client ? "client: " : "server: ") + seen};
}

constexpr auto kRules = std::to_array<FindingRule>({application<Part::client>, application<Part::server>});

}  // namespace

std::span<const FindingRule> program_findings() { return kRules; }

}  // namespace tcpteardown
