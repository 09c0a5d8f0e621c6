// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <deque>
#include <string>

#include "report/fields.h"

namespace tcpteardown {
namespace {

// Events that deserve a word on their own frame.
struct EventInfo {
  std::string_view event;
  ExpertInfo info;
};

constexpr std::array kEvents{
    EventInfo{
        "rst-ignored",
        {"rst_ignored", Severity::note, "this RST did not end the connection: its receiver ignores it"}},
    EventInfo{"rst-challenged",
              {"rst_challenged", Severity::note,
               "this RST did not end the connection: its receiver challenges it"}},
    EventInfo{"rst-redundant",
              {"rst_redundant", Severity::chat, "this RST changed nothing: the connection had ended"}},
    EventInfo{"rst-unproven",
              {"rst_unproven", Severity::note, "the capture does not show whether this RST was accepted"}},
    EventInfo{"data-after-close",
              {"data_after_close_segment", Severity::note, "this data met a side that had closed"}},
    EventInfo{"data-crossing-fin", {"data_crossing_fin", Severity::note, "this data crossed the peer's FIN"}},
    EventInfo{"data-beyond-fin", {"data_beyond_fin", Severity::warn, "data beyond the sender's own FIN"}},
    EventInfo{"half-close-data",
              {"half_close_data", Severity::chat, "data towards the side that has sent its FIN"}},
    EventInfo{"syn-in-connection",
              {"syn_in_connection", Severity::note, "a SYN of another sequence inside the live connection"}},
    EventInfo{"challenge-ack",
              {"challenge_ack", Severity::note, "a challenge ACK: the segment before it was not believed"}},
    EventInfo{"fin-retransmitted", {"fin_retransmitted", Severity::chat, "a copy of the same FIN"}},
    EventInfo{"keep-alive-unanswered",
              {"keep_alive_unanswered", Severity::note, "this probe was never answered"}},
    EventInfo{"retransmission-unanswered",
              {"retransmission_unanswered", Severity::note, "this retransmission was never acknowledged"}},
    EventInfo{"icmp-error",
              {"icmp_error", Severity::note, "an ICMP error about a segment of this connection"}},
    EventInfo{"mptcp-fastclose",
              {"mptcp_fastclose", Severity::note,
               "MP_FASTCLOSE: ends the MPTCP connection, not only this subflow"}},
};

std::string underscored(std::string_view slug) {
  std::string key{slug};
  for (char& c : key) {
    if (c == '-') c = '_';
  }
  return key;
}

// The keys of the verdicts live as long as the program; a deque never moves its strings.
struct Register {
  std::deque<std::string> keys;
  std::vector<ExpertInfo> infos;
  std::vector<std::size_t> of_row;  // where the infos of a row begin, in the order of the catalogue
  std::size_t data_lost = 0;
  std::size_t first_event = 0;

  Register() {
    for (const Verdict& row : catalogue()) {
      of_row.push_back(infos.size());
      infos.push_back({keys.emplace_back(underscored(row.slug)), row.severity, row.summary});
      if (row.harmless == nullptr) continue;
      infos.push_back({keys.emplace_back(underscored(row.slug) + "_harmless"), Severity::chat, row.summary});
    }
    data_lost = infos.size();
    infos.push_back({"data_lost", Severity::error, "data was lost: sent, and never delivered to the peer"});
    first_event = infos.size();
    for (const EventInfo& event : kEvents) infos.push_back(event.info);
  }

  // The harmless form stands right behind its row's own.
  [[nodiscard]] std::size_t of_verdict(VerdictId id, bool harmless) const {
    return of_row[static_cast<std::size_t>(id)] + (harmless ? 1 : 0);
  }
};

const Register& the_register() {
  static const Register made;
  return made;
}

}  // namespace

std::span<const ExpertInfo> expert_infos() { return the_register().infos; }

void experts_of_frame(const Report& report, const FrameNote& note, std::vector<ExpertHit>& hits) {
  const Register& all = the_register();
  if (note.final_frame) {
    hits.push_back({all.of_verdict(report.id, report.harmless_form), report.summary});
    if (report.data_lost) hits.push_back({all.data_lost, {}});
  }
  for (std::size_t i = 0; i < kEvents.size(); ++i) {
    if (kEvents[i].event == note.event) hits.push_back({all.first_event + i, {}});
  }
}

}  // namespace tcpteardown
