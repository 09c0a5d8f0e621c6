// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tracking/fold.h"
#include "wire/thresholds.h"

// Does a FIN fit the side in whose name it came?
namespace tcpteardown::folding {
namespace {

Seq fin_number(const Segment& s) { return s.seq + s.payload_length + (s.flags.syn ? 1U : 0U); }

// The oldest data that it acknowledges carries a newer time stamp than the one it echoes: RFC 7323 §4.3
// (2) has the echo taken from just that segment, however late the ACK is.
Moment older_than_its_echo(const Connection& c, Side side, const Segment& s) {
  const Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  if (!s.options.has_timestamps || !x.has_ack || y.retransmissions > 0) return {};
  for (const RecentSegment& r : c.recent[static_cast<std::size_t>(other(side))]) {
    const bool covers = r.length > 0 && r.seq == x.rcv_nxt && at_or_after(s.ack, r.seq + r.length);
    const bool soon = s.time_ns - r.at.time_ns < c.round_trip_ns;
    if (covers && soon && r.has_ts && newer_stamp(r.ts_value, s.options.ts_echo)) return r.at;
  }
  return {};
}

void describe_hops(FinClaim& claim, const Endpoint& x, std::uint8_t hop_limit) {
  const UsualHopLimit usual = usual_hop_limit(x);
  claim.hop_limit = hop_limit;
  claim.usual_hop_limit = usual.value;
  claim.usual_hop_limit_seen = usual.seen;
  for (const HopLimits::Entry& entry : x.hop_limits.entries) {
    const int gap = static_cast<int>(entry.value) - static_cast<int>(hop_limit);
    if (entry.count > 0 && gap < threshold::kFarHops && gap > -threshold::kFarHops)
      claim.near_hop_limit = true;
  }
}

FinClaim describe(const Connection& c, Side side, const Segment& s) {
  const Endpoint& x = c.side(side);
  FinClaim claim;
  claim.at = moment(s);
  claim.start = s.seq;
  claim.number = fin_number(s);
  claim.ack = s.ack;
  claim.has_ts = s.options.has_timestamps;
  claim.lacks_ts = !claim.has_ts && s.options_complete;
  claim.ts_value = s.options.ts_value;
  claim.old_echo = older_than_its_echo(c, side, s);
  describe_hops(claim, x, s.hop_limit);
  claim.counted = s.has_ip_id && s.ip_id != 0 && x.has_ip_id && x.ip_id_leaps == 0 &&
                  x.ip_id_steps >= threshold::kOfHandshakeOnly;
  claim.ids_leap = x.ip_id_leaps > x.ip_id_steps;
  claim.ip_id = s.ip_id;
  claim.ip_id_before = x.last_ip_id;
  claim.other_link = s.link_source != 0 && x.link_source != 0 && s.link_source != x.link_source &&
                     s.link_source != x.last_link_source;
  return claim;
}

// Later than a round trip and reordering explain, or by the time stamps not a late one from before it.
bool came_late(const Connection& c, const FinClaim& claim, const Segment& s) {
  if (claim.has_ts && s.options.has_timestamps) return newer_stamp(s.options.ts_value, claim.ts_value);
  const std::int64_t trip = c.round_trip_ns > 0 ? c.round_trip_ns : threshold::kUnknownTrip;
  return s.time_ns - claim.at.time_ns > std::max(trip, threshold::kReordering);
}

// Lateness alone proves nothing: an ACK from before it, or the copy of one that another capture point saw,
// may be late. Something new does: a newer time stamp; an ACK of more than the FIN acknowledged, for RCV.NXT
// never goes back; an IP-ID behind all that its sender had used, the FIN's own included if it is one of
// these.
bool sent_since(const Connection& c, const FinClaim& claim, const Segment& s) {
  if (!came_late(c, claim, s)) return false;
  if ((claim.has_ts && s.options.has_timestamps) || after(s.ack, claim.ack)) return true;
  if (!claim.counted || !s.has_ip_id || s.ip_id == 0) return false;
  const std::int16_t own = ip_id_step(claim.ip_id_before, claim.ip_id);
  const bool own_counts = own > 0 && own <= threshold::kNearIpId;
  const std::int16_t step = ip_id_step(own_counts ? claim.ip_id : claim.ip_id_before, s.ip_id);
  return step > 0 && step <= threshold::kNearIpId;
}

// Its sender's IP-IDs go on from where they stood before it, and it stands outside, or both have the same
// one.
void note_count(FinClaim& claim, const Segment& s) {
  const bool has_id = s.has_ip_id && s.ip_id != 0;
  if (has_id && claim.ip_id != 0 && !claim.ids_leap && s.flags.fin && fin_number(s) == claim.number) {
    const std::int16_t next = ip_id_step(claim.ip_id, s.ip_id);
    claim.again_apart = claim.again_apart || next < 0 || next > threshold::kNearIpId;
  }
  if (!claim.counted || !has_id) return;
  const std::int16_t step = ip_id_step(claim.ip_id_before, s.ip_id);
  const std::int16_t own = ip_id_step(claim.ip_id_before, claim.ip_id);
  const bool is_copy = s.flags.fin && fin_number(s) == claim.number && s.ack == claim.ack;
  const bool outside = own <= 0 || own > threshold::kNearIpId || (s.ip_id == claim.ip_id && !is_copy);
  if (step <= 0 || step > threshold::kNearIpId || !outside) return;
  if (!claim.counts_on.seen()) claim.counts_on = moment(s);
  const bool same_number = s.flags.fin && fin_number(s) == claim.number && s.ip_id != claim.ip_id;
  if (same_number && !claim.again.seen()) claim.again = moment(s);
}

// Data that starts no later than at the FIN's number and ends beyond it: nothing follows a FIN (RFC 9293
// §3.10.4). What stands in the place of the FIN's own data counts as lost too.
void note_data(const Connection& c, FinClaim& claim, const Segment& s) {
  const Seq end = s.seq + s.payload_length;
  if (claim.wrote_any && s.seq == claim.wrote_end) claim.wrote_end = end;
  const bool is_its_copy = s.flags.fin && end == claim.number;
  if (at_or_before(end, claim.start) || after(s.seq, claim.number) || is_its_copy) return;
  const bool beyond = after(end, claim.number) && s.payload_length > 1;
  if (!beyond && (claim.inferred || !came_late(c, claim, s))) return;
  if (beyond && !claim.wrote.seen()) claim.wrote = moment(s);
  const Seq start = later_of(s.seq, claim.start);
  claim.wrote_start = claim.wrote_any && before(claim.wrote_start, start) ? claim.wrote_start : start;
  claim.wrote_end = claim.wrote_any ? later_of(claim.wrote_end, end) : end;
  claim.wrote_any = true;
}

// An ACK carries SND.NXT (RFC 9293 §3.10.7.4), which lies behind the FIN's number once that is sent. From
// the FIN's own number also keep-alives come; these do not answer what they refuse.
void note_ack(const Connection& c, Side side, FinClaim& claim, const Segment& s) {
  const Endpoint& y = c.side(other(side));
  // Also a capture may lack data and a FIN, and their copies come later; but no ACK from before them.
  if (claim.inferred && s.seq == claim.start && before(claim.start, claim.number) && !claim.below.seen())
    claim.below = moment(s);
  if (claim.inferred || after(s.seq, claim.number) ||
      before(s.seq, claim.start - threshold::kUnseenByStranger))
    return;
  if (y.zero_window) return;
  if (!sent_since(c, claim, s)) {
    const bool late = s.time_ns - claim.at.time_ns > threshold::kReordering;
    const bool is_old = before(s.ack, claim.ack);  // whoever sent that FIN, its sender had come further
    claim.overtook = claim.overtook || (late && !is_old && before(s.seq, claim.number));
    return;
  }
  if (before(s.seq, claim.number)) {
    if (!claim.below.seen()) claim.below = moment(s);
    return;
  }
  const bool takes_fin = !y.fin.sent() || after(s.ack, y.fin.seq);
  const bool at_once =
      s.time_ns - y.last_segment.time_ns <= std::max(c.round_trip_ns, threshold::kReordering);
  if (takes_fin || !at_once) return;
  if (!claim.refused.seen()) claim.refused = moment(s);
  if (claim.refusals < 0xff) ++claim.refusals;
}

// An ACK of one number more than its peer has sent: of a FIN that was not captured, or never sent by it. Of
// more numbers, with which its sender closes: of data and a FIN.
void note_inferred(Connection& c, Side side, const Segment& s) {
  Endpoint& y = c.side(other(side));
  if (y.fin_claim.seen() || !y.has_seq || !s.flags.ack || s.flags.syn) return;
  const std::int32_t beyond = distance(y.snd_nxt, s.ack);
  const bool answers_page =
      s.flags.fin && y.missed_bytes == 0 && beyond > 1 && beyond <= threshold::kLongestPacket;
  if (beyond != 1 && !answers_page) return;
  y.fin_claim.at = moment(s);
  y.fin_claim.inferred = true;
  y.fin_claim.start = y.snd_nxt;
  y.fin_claim.number = s.ack - 1;
}

}  // namespace

bool is_stray_fin(const Connection& c, Side side, const Segment& s) {
  const Endpoint& x = c.side(side);
  const Endpoint& y = c.side(other(side));
  if (!s.flags.fin || s.flags.syn || !y.has_ack || !x.has_seq || x.missed_bytes > 0) return false;
  const Seq number = fin_number(s);
  if (x.fin.sent() && number == x.fin.seq) return false;
  // Its sender's own data had gone far beyond; a little may be padding taken for data.
  const bool other_stands_ahead = x.fin.sent() && !x.fin.is_acked();
  const bool behind_data =
      !other_stands_ahead && distance(number, x.data_end) > static_cast<std::int32_t>(threshold::kOddSegment);
  const bool below = (before(number + 1, y.rcv_nxt) && at_or_before(y.rcv_nxt, x.snd_nxt + 1)) || behind_data;
  const bool far_beyond = after(number, later_of(y.rcv_nxt, x.snd_nxt) + threshold::kOtherConnection);
  return below || far_beyond;
}

void fold_fin_claim(Connection& c, Side side, const Segment& s) {
  Endpoint& x = c.side(side);
  FinClaim& claim = x.fin_claim;
  note_inferred(c, side, s);
  const bool disproves = claim.inferred && s.payload_length > 1 && after(fin_number(s), claim.number);
  const bool is_new = s.flags.fin && !disproves &&
                      (!claim.seen() || (!x.fin.sent() && !claim.wrote.seen()) ||
                       (!x.fin.is_acked() && before(fin_number(s), claim.number)));
  if (is_new) {
    const bool acked_before = claim.inferred && claim.number == fin_number(s) &&
                              s.time_ns - claim.at.time_ns > reordering_slack_ns(c);
    claim = describe(c, side, s);
    claim.acked_before = acked_before;
    return;
  }
  const bool is_copy = claim.seen() && s.flags.fin && fin_number(s) == claim.number;
  if (s.options_complete && !is_copy) ++(s.options.has_timestamps ? x.stamped : x.unstamped);
  if (!claim.seen() || s.flags.syn) return;
  note_count(claim, s);
  if (s.payload_length > 0) {
    note_data(c, claim, s);
  } else if (s.flags.ack && !s.flags.fin) {
    note_ack(c, side, claim, s);
  }
}

}  // namespace tcpteardown::folding
