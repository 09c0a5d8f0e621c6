// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/phrasing.h"
#include "report/places.h"

// What was lost, by direction.
namespace tcpteardown {
namespace {

std::string from_side(const Scene& s, Side side) { return " from " + role(s, side); }

std::string lost_verb(Loss loss, std::uint64_t bytes) {
  if (loss == Loss::possible) return "may be lost";
  return bytes == 1 ? "is lost" : "are lost";
}

std::string loss_of(const Scene& s, Side sender) {
  const DirectionLoss& d = s.t().loss(sender);
  if (d.loss == Loss::none) return "";
  if (d.unacked > 0) return byte_count(d.unacked) + from_side(s, sender) + ' ' + lost_verb(d.loss, d.unacked);
  if (d.unacked_at_reset > 0) {
    return byte_count(d.unacked_at_reset) + from_side(s, sender) + ", in flight at the RST, may be lost";
  }
  if (d.unread_max == 0) return "what " + role(s, sender) + " had still to send may be lost";
  return "up to " + counted(d.unread_max, "acknowledged byte", "acknowledged bytes") + from_side(s, sender) +
         " may be unread";
}

// A clause for the end of a summary. Nothing lost is only said where all could be seen.
std::string loss(const Scene& s) {
  const std::string parts = joined(loss_of(s, s.peer()), loss_of(s, s.closer));
  if (!parts.empty()) return "; " + parts;
  if (s.t().only_tls_alert_lost) return "; only a TLS alert was discarded, no data";
  const Quality& q = s.t().quality;
  const bool sure = !q.midstream && !q.one_sided && !q.lossy;
  return sure ? "; no data is lost" : "; no loss is seen";
}

// The summary of a transfer that its receiver cut off.
std::string in_flight(const Scene& s) {
  const DirectionLoss& d = s.t().loss(s.peer());
  if (s.t().only_tls_alert_lost) return "; only a TLS alert was discarded, no data";
  if (d.unacked > 0) {
    const bool one = d.unacked == 1;
    const std::string fate = d.loss == Loss::certain ? (one ? "is lost" : "are lost") : "may be lost";
    return " while " + byte_count(d.unacked) + from_side(s, s.peer()) + (one ? " was" : " were") +
           " in flight; " + (one ? "that byte " : "those bytes ") + fate;
  }
  const bool closed_window = s.reset != nullptr && s.rst().sender_zero_window;
  return (closed_window ? " with its receive window closed to " : " during a transfer from ") +
         role(s, s.peer()) + loss(s);
}

// How far the transfer had come: acknowledged, lost, perhaps unread.
std::string transfer_story(const Scene& s) {
  const Endpoint& y = s.end(s.peer());
  const DirectionLoss& d = s.t().loss(s.peer());
  const std::uint64_t acknowledged = y.bytes > d.unacked ? y.bytes - d.unacked : 0;
  const std::string sent =
      role(s, s.peer()) + " had sent " + byte_count(y.bytes) + ", last in " + in_frame(y.last_data.frame);
  const std::string unread = d.unread_max == 0 ? "" : " (up to " + grouped(d.unread_max) + " perhaps unread)";
  if (d.unacked == 0) return sent + ", and all of it was acknowledged" + unread;
  const std::string fate =
      ", in flight, " + lost_verb(d.loss == Loss::none ? Loss::possible : d.loss, d.unacked);
  if (acknowledged == 0) return sent + ", and none of it was acknowledged; all " + grouped(d.unacked) + fate;
  return sent + ", and " + grouped(acknowledged) + " of them were acknowledged" + unread + "; the other " +
         grouped(d.unacked) + fate;
}

// What the side that reset had acknowledged but perhaps never read.
std::string unread(const Scene& s) {
  const DirectionLoss& d = s.t().loss(s.peer());
  if (d.unread_max == 0) return "";
  return "; up to " + byte_count(d.unread_max) + from_side(s, s.peer()) +
         " had been acknowledged and may not have been read";
}

std::uint64_t own_unacked(const Scene& s) {
  const DirectionLoss& d = s.t().loss(s.closer);
  return d.unacked_at_reset > d.unacked ? d.unacked_at_reset : d.unacked;
}

// The data of the side that reset, as it stood at the RST.
std::string own_flight(const Scene& s) {
  const std::uint64_t unacked = own_unacked(s);
  const std::string towards = loss_of(s, s.peer());
  return " while " + byte_count(unacked) + " of its own " + (unacked == 1 ? "was" : "were") +
         " not yet acknowledged; " + (unacked == 1 ? "it " : "they ") +
         lost_verb(s.t().loss(s.closer).loss, unacked) + (towards.empty() ? "" : "; " + towards);
}

std::string own_story(const Scene& s) {
  const Endpoint& x = s.end(s.closer);
  const std::uint64_t unacked = own_unacked(s);
  const std::string sent =
      role(s, s.closer) + " had sent " + byte_count(x.bytes) + ", last in " + in_frame(x.last_data.frame);
  const bool later = s.t().loss(s.closer).unacked == 0;  // an ACK that crossed the RST
  const std::string ack = later ? " (an ACK came after the RST)" : "";
  if (unacked >= x.bytes) return sent + ", and none of it had been acknowledged" + ack;
  return sent + ", and " + grouped(unacked) + " of them had not been acknowledged" + ack;
}

std::string own_fate(const Scene& s) {
  if (s.t().loss(s.closer).loss == Loss::certain) {
    return "Nothing shows that those bytes arrived, and the connection on which they could be repeated is "
           "gone.";
  }
  return "Those bytes may have arrived all the same, but a receiver may discard what it has not yet read "
         "when the RST comes.";
}

// Where no verdict can be given, nothing is known of the data either.
std::string unclear_loss(const Scene& s) {
  return s.judgement->loss == Loss::none ? "" : ", nor whether data was lost";
}

std::string outstanding(const Scene& s) {
  std::string parts = joined(loss_of(s, s.peer()), loss_of(s, s.closer));
  if (!parts.empty()) return parts;
  return s.t().only_tls_alert_lost ? "only a TLS alert (close_notify) was discarded, no data"
                                   : "nothing was outstanding in either direction";
}

constexpr std::array kLossPlaces{
    Place{"loss", "", loss},
    Place{"some_loss", "",
          [](const Scene& s) { return s.judgement->loss == Loss::none ? std::string{} : loss(s); }},
    Place{"in_flight", " while data from its peer was in flight", in_flight},
    Place{"transfer_story", "", transfer_story},
    Place{"unread", "", unread},
    Place{"own_flight", " before its own data had been acknowledged", own_flight},
    Place{"own_story", "", own_story},
    Place{"own_fate", "", own_fate},
    Place{"unclear_loss", "", unclear_loss},
    Place{"outstanding", "what was outstanding", outstanding},
    Place{"rejected", "that data is lost", rejected},
};

}  // namespace

std::string rejected(const Scene& s) {
  if (s.t().only_tls_alert_lost) return "a TLS alert, no data, was discarded";
  const DirectionLoss& d = s.t().loss(s.peer());
  if (d.unacked == 0) return "no data was lost";
  return byte_count(d.unacked) + from_side(s, s.peer()) + ' ' +
         lost_verb(d.loss == Loss::none ? Loss::possible : d.loss, d.unacked);
}

std::span<const Place> loss_places() { return kLossPlaces; }

}  // namespace tcpteardown
