// SPDX-License-Identifier: GPL-2.0-or-later
#include "findings/clauses.h"

#include "evidence/habits.h"
#include "evidence/suspicion.h"
#include "findings/phrasing.h"
#include "wire/thresholds.h"

namespace tcpteardown {
namespace {

bool perhaps_a_device(const Story& s) {
  return habits::foreign_hop_limit(*s.reset) || habits::mirrored_by(s.t(), *s.reset) != nullptr;
}

}  // namespace

Finding evidence(Frames frames, std::string text) { return {FindingKind::evidence, frames, std::move(text)}; }
Finding against(Frames frames, std::string text) { return {FindingKind::against, frames, std::move(text)}; }
Finding context(Frames frames, std::string text) { return {FindingKind::context, frames, std::move(text)}; }
Finding alternative(std::string text) { return {FindingKind::alternative, {}, std::move(text)}; }

std::string rst_kind(const Story& s) { return s.rst().has_ack ? "RST,ACK" : "RST"; }
std::string rst_frame(const Story& s) { return in_frame(s.rst().at.frame); }

const JudgedReset* challenged_before(const Story& s) {
  if (s.reset == nullptr || s.reset->shape != Shape::reactive) return nullptr;
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const JudgedReset& r = s.t().resets[i];
    const bool same_side = r.facts.sender == s.rst().sender && r.facts.at.frame < s.rst().at.frame;
    if (same_side && r.fate == Fate::challenged && r.facts.challenge.frame == s.rst().trigger.at.frame)
      return &r;
  }
  return nullptr;
}

std::string more_resets(const Story& s, std::size_t count) {
  const bool all_kept = s.c().resets.count() == s.c().resets.kept();
  return (all_kept ? "" : "at least ") + grouped(count) + " more";
}

std::string after_pause(const Story& s) {
  const bool paused = s.rst().idle_known && s.rst().idle_ns >= threshold::kWorthAWord;
  return paused ? " after " + duration(s.rst().idle_ns) + " without data" : "";
}

std::optional<Finding> rst_finding(const Story& s) {
  if (s.reset == nullptr) return {};
  const FrameNumber at = s.rst().at.frame;
  switch (s.reset->shape) {
    case Shape::active:
      return evidence(frames({at}),
                      rst_kind(s) + " answers no segment: " + the(s, Part::actor) +
                          (perhaps_a_device(s) ? ", or a device in its name, gave up" : "'s side gave up"));
    case Shape::bare:
      return evidence(
          frames({at}),
          "RST without usable ACK answers no segment seen here, as load balancers and small stacks send it");
    case Shape::reflected:
      return evidence(frames({at, s.rst().mirror.frame}),
                      "IP ID and window of the RST are copied from its receiver's packet: a device made it");
    case Shape::reactive:
      return evidence(
          frames({at, s.rst().trigger.at.frame}),
          "RST without ACK answers a segment of " + the(s, Part::peer) + ": no socket was there any more");
    case Shape::refusal: break;
  }
  return evidence(frames({at}), rst_kind(s) + " answers a SYN");
}

std::string fin_brief(const Story& s, Part part) {
  const Endpoint& x = s.end(part);
  if (x.fin.sent()) return "FIN in " + in_frame(x.fin.first.frame);
  if (!s.t().fin(s.side(part))) return "no FIN seen";
  const Moment& acked = x.fin.is_acked() ? x.fin.acked : x.one_beyond;
  return "FIN not captured, but acknowledged in " + in_frame(acked.frame);
}

namespace {

// RFC 9293 §3.1: the ACK field of a RST counts like any other.
FrameNumber acknowledged_by_reset(const Story& s, Part part) {
  if (s.reset == nullptr || s.rst().sender == s.side(part) || !s.rst().has_ack) return 0;
  const Fin& fin = s.end(part).fin;
  const bool covers = !fin.is_acked() && s.rst().at.frame > fin.first.frame && after(s.rst().ack, fin.seq);
  return covers && s.reset->fate == Fate::accepted ? s.rst().at.frame : 0;
}

}  // namespace

std::optional<Finding> fin_finding(const Story& s, Part part) {
  const Endpoint& x = s.end(part);
  if (!x.fin.sent()) {
    if (!s.t().fin(s.side(part))) return {};
    return evidence(frames({x.one_beyond.frame}),
                    the(s, part) + "'s FIN was not captured; an ACK one beyond its data proves it");
  }
  std::string did = part == Part::second ? fins_apart(s) : "";
  if (!did.empty()) did = " came" + did;
  if (x.fin.retransmissions > 0) {
    did += std::string(did.empty() ? "" : ",") + " was repeated " + times(x.fin.retransmissions);
  }
  if (!did.empty()) did += " and";
  const FrameNumber last = x.fin.retransmissions == 0 ? 0 : x.fin.last.frame;
  const FrameNumber by_reset = acknowledged_by_reset(s, part);
  const std::string_view fate = x.fin.is_acked() ? " was acknowledged"
                                : by_reset != 0  ? " was acknowledged by the RST itself"
                                                 : " got no ACK in this capture";
  return evidence(frames({x.fin.first.frame, last, by_reset != 0 ? by_reset : x.fin.acked.frame}),
                  the(s, part) + "'s FIN" + did + std::string(fate));
}

std::string resetter(const Story& s) {
  return (looks_foreign(s.t()) ? "somebody in the name of " : "") + named(s, Part::actor);
}

std::optional<Finding> fin_had_not_come(const Story& s) {
  const Fin& fin = s.end(Part::peer).fin;
  if (!fin.sent() || fin.first.frame > s.rst().at.frame || s.rst().sender_fin_sent) return {};
  return context(frames({fin.first.frame}),
                 the(s, Part::peer) + "'s FIN had not come: no ACK and not the RST covers it");
}

std::string gave_up_request(const Story& s) {
  return the(s, Part::client) +
         "'s program: it gave up its own request before all of it was sent (error, time-out, cancelled)";
}

}  // namespace tcpteardown
