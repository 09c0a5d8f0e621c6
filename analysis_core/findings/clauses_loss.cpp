// SPDX-License-Identifier: GPL-2.0-or-later
#include "findings/clauses.h"
#include "findings/phrasing.h"

// What was lost, by direction.
namespace tcpteardown {
namespace {

std::string lost_verb(Loss loss, std::uint64_t bytes) {
  if (loss == Loss::possible) return "may be lost";
  return bytes == 1 ? "is lost" : "are lost";
}

}  // namespace

std::string loss_of(const Story& s, Side sender) {
  const DirectionLoss& d = s.t().loss(sender);
  if (d.loss == Loss::none) return "";
  const std::string from = " from " + the(s, sender);
  if (d.unacked > 0) return byte_count(d.unacked) + from + ' ' + lost_verb(d.loss, d.unacked);
  if (d.unacked_at_reset > 0)
    return byte_count(d.unacked_at_reset) + from + ", in flight at the RST, may be lost";
  const Endpoint& y = s.end(other(sender));
  if (d.unread_max == 0 && y.strange_ack.seen() && !y.has_ack) {
    return "data from " + the(s, sender) + " may be lost, as nothing shows how much arrived";
  }
  if (d.unread_max == 0) return "what " + the(s, sender) + " had still to send may be lost";
  return "up to " + counted(d.unread_max, "acknowledged byte", "acknowledged bytes") + from +
         (d.loss == Loss::certain ? " are lost unread" : " may be unread");
}

std::string loss_clause(const Story& s) {
  const std::string parts = joined(loss_of(s, s.peer()), loss_of(s, s.actor));
  if (!parts.empty()) return "; " + parts;
  if (s.t().only_tls_alert_lost) return "; only a TLS alert was discarded, no data";
  const Quality& q = s.t().quality;
  const bool sure = !q.midstream && !q.one_sided && !q.lossy;
  return sure ? "; nothing was outstanding on the wire" : "; no loss is seen";
}

std::string some_loss(const Story& s) { return s.judgement->loss == Loss::none ? "" : loss_clause(s); }

std::string rejected(const Story& s) {
  if (s.t().only_tls_alert_lost) return "a TLS alert, no data, was discarded";
  const DirectionLoss& d = s.t().loss(s.peer());
  if (d.unacked == 0) return "no data was outstanding";
  return byte_count(d.unacked) + " from " + the(s, Part::peer) + ' ' +
         lost_verb(d.loss == Loss::none ? Loss::possible : d.loss, d.unacked);
}

FrameNumber data_before_rst(const Story& s, Part part) {
  const Endpoint& x = s.end(part);
  return x.last_data.frame < s.rst().at.frame ? x.last_data.frame : x.first_data.frame;
}

std::optional<Finding> unread_finding(const Story& s) {
  const DirectionLoss& d = s.t().loss(s.peer());
  const bool is_told = d.unacked == 0 && d.unacked_at_reset == 0;  // by the summary
  if (d.unread_max == 0 || is_told) return {};
  return evidence(frames({data_before_rst(s, Part::peer)}),
                  "up to " + grouped(d.unread_max) + " of " + the(s, Part::peer) +
                      "'s acknowledged bytes may never have been read");
}

std::string totals(const Story& s) {
  const std::uint64_t client = s.end(Part::client).bytes;
  const std::uint64_t server = s.end(Part::server).bytes;
  if (client == 0 && server == 0) return "no data";
  return joined(client == 0 ? "" : byte_count(client) + " from the client",
                server == 0 ? "" : byte_count(server) + " from the server");
}

bool only_good_bye_lost(const Story& s) { return s.t().only_tls_alert_lost; }

std::string read_until_good_bye(const Story&) {
  return "nothing to repair. A program that reads until the peer's close_notify before it closes avoids this "
         "RST.";
}

}  // namespace tcpteardown
