// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence/roles.h"
#include "report/report.h"
#include "report/so_far.h"
#include "state/tcp_state.h"

namespace tcpteardown {
namespace {

const ResetReport* reset_of(const Report& report, FrameNumber frame) {
  for (const ResetReport& r : report.resets) {
    if (r.frame == frame) return &r;
  }
  return nullptr;
}

std::string_view reset_event(const Report& report, FrameNumber frame) {
  const ResetReport* r = reset_of(report, frame);
  if (r == nullptr) return "rst-redundant";  // one of many, behind those that are kept
  if (r->fate == "accepted") return "rst-accepted";
  if (r->fate == "challenged") return "rst-challenged";
  if (r->fate == "redundant") return "rst-redundant";
  return r->fate == "unknown" ? "rst-unproven" : "rst-ignored";
}

std::string_view event_name(const Report& report, const Mark& mark) {
  switch (mark.event) {
    case Event::fin: return "fin";
    case Event::fin_retransmitted: return "fin-retransmitted";
    case Event::fin_acked: return "fin-acked";
    case Event::reset: return reset_event(report, mark.frame);
    case Event::challenge_ack: return "challenge-ack";
    case Event::half_close_data: return "half-close-data";
    case Event::syn_inside: return "syn-in-connection";
    case Event::icmp_error: return "icmp-error";
    case Event::fastclose: return "mptcp-fastclose";
    case Event::none: return {};
  }
  return {};
}

// A FIN that drew a RST is a FIN, whatever data came before it.
bool is_bare_fin(const Connection& c, FrameNumber trigger) {
  for (std::size_t i = 0; i < c.resets.kept(); ++i) {
    const Trigger& drew = c.resets[i].trigger;
    if (drew.at.frame == trigger && drew.fin && drew.length == 0) return true;
  }
  return false;
}

// That nobody answered it: only who knows all that came can tell.
std::string_view event_by_silence(const Connection& c, FrameNumber frame) {
  for (const Endpoint* x : {&c.a, &c.b}) {
    if (x->keep_alives.last.frame == frame || x->window_probes.last.frame == frame) {
      return "keep-alive-unanswered";
    }
    if (x->resends.last.frame == frame || x->resends.first.frame == frame) return "retransmission-unanswered";
  }
  return {};
}

// What only the whole story tells of a frame: that it met a closed socket, that it challenges a RST.
std::string_view event_by_role(const Connection& c, const Report& report, FrameNumber frame, Known known) {
  const TriggerEvent met = row_of(report.id).trigger_event;
  const bool met_it = frame == report.trigger_frame && !is_bare_fin(c, frame);
  if (met_it && met != TriggerEvent::none) return to_string(met);
  if (known == Known::all) {
    const std::string_view unanswered = event_by_silence(c, frame);
    if (!unanswered.empty()) return unanswered;
  }
  if (c.a.data_beyond_fin.frame == frame || c.b.data_beyond_fin.frame == frame) return "data-beyond-fin";
  if (c.pending.challenge.frame == frame) return "challenge-ack";
  for (std::size_t i = 0; i < c.resets.kept(); ++i) {
    if (c.resets[i].challenge.frame == frame) return "challenge-ack";
  }
  return {};
}

}  // namespace

FrameNote note_frame(const Connection& c, const Report& report, FrameNumber frame, Known known) {
  FrameNote note;
  StateFacts states;
  for (std::size_t i = 0; i < c.mark_count; ++i) {
    const Mark& mark = c.marks[i];
    if (mark.frame > frame) break;
    states = mark.states;
    if (mark.frame == frame) note.event = event_name(report, mark);
  }
  const std::string_view by_role = event_by_role(c, report, frame, known);
  if (!by_role.empty()) note.event = by_role;
  const Side client = find_roles(c).client;
  note.client_state = to_string(state_of(states, client));
  note.server_state = to_string(state_of(states, other(client)));
  note.final_frame = report.ended && report.decisive_frame == frame && (known == Known::all || is_over(c));
  if (const ResetReport* r = reset_of(report, frame); r != nullptr) {
    note.rst_shape = r->shape;
    note.rst_fate = r->fate;
    note.rst_ttl_delta = r->ttl_delta;
    note.rst_ipid_delta = r->ipid_delta;
  }
  return note;
}

}  // namespace tcpteardown
