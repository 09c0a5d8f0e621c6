// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracking/fold.h"
#include "wire/thresholds.h"

// What later segments say about an earlier RST.
namespace tcpteardown::folding {
namespace {

// Sent after a RST without a time stamp, by the clock of its sender: late data that was only
// delayed has an old stamp. The margin is reordering and a clock that runs wrong.
bool stamped_after(const Connection& c, const Reset& r, const Segment& s) {
  const std::int64_t slack = reordering_slack_ns(c);
  const std::int64_t sent = expected_time(r.sender_stamps, s.options.ts_value);
  if (s.time_ns - r.at.time_ns <= slack || sent < 0) return false;
  return sent - r.at.time_ns > slack + (r.at.time_ns - r.sender_stamps.time_ns) / threshold::kClockDrift;
}

// A RST of a connection's own side carries SND.NXT (RFC 9293 §3.10.5): what starts there was sent
// after it, whatever the order of arrival.
bool starts_at_reset(const Reset& r, const Segment& s) {
  return r.has_ack && r.sender_has_seq && !r.sender_missed && r.seq == r.sender_snd_nxt && s.seq == r.seq &&
         s.payload_length > 0;
}

enum class SentAfter { no, perhaps, proven };

// Was this segment sent after the RST of the same side? Reordering and late copies must not look like it. It
// is proven by an ACK beyond the RST's own, or of data sent too late for any before it; by the time stamp
// where both have one; else by the IP identification where the RST continues its sender's count. More time
// than reordering takes leaves it open: the way may have become longer.
SentAfter sent_after(const Connection& c, const Reset& r, const Segment& s) {
  const auto proven_if = [](bool holds) { return holds ? SentAfter::proven : SentAfter::no; };
  const bool ack_is_true = r.has_ack &&
                           (!r.receiver_has_seq || at_or_before(r.ack, r.receiver_snd_nxt + 1)) &&
                           (!r.sender_has_rcv_nxt || at_or_after(r.ack, r.sender_rcv_nxt));
  if (ack_is_true && s.flags.ack && after(s.ack, r.ack)) return SentAfter::proven;
  if (r.sender_had_ts && s.options.has_timestamps) {
    return proven_if(newer_stamp(s.options.ts_value, r.sender_ts) && (r.has_ts || stamped_after(c, r, s)));
  }
  if (s.time_ns - r.at.time_ns <= reordering_slack_ns(c)) return SentAfter::no;
  if (starts_at_reset(r, s)) return SentAfter::proven;
  const bool counted = r.newest_ip_id && s.has_ip_id && s.ip_id != 0;
  const std::int16_t step = counted ? ip_id_step(*r.newest_ip_id, s.ip_id) : std::int16_t{0};
  if (counted && *r.newest_ip_id == r.ip_id) return proven_if(step > 0);
  const bool older = step < 0 && step > -threshold::kNearIpId;
  const std::int64_t trip = c.round_trip_ns > 0 ? c.round_trip_ns : threshold::kUnknownTrip;
  if (older || s.time_ns - r.at.time_ns <= trip) return SentAfter::no;
  const bool acks_fresh = !ack_is_true && s.flags.ack && r.receiver_has_seq && after(s.ack, r.receiver_fresh);
  return acks_fresh ? SentAfter::proven : SentAfter::perhaps;
}

// A segment captured behind the RST that followed it on the wire (reordering): what it carried
// was sent before the RST.
void take_overtaken(Connection& c, Reset& r, const Segment& s) {
  const Seq end = s.seq + s.payload_length + (s.flags.fin ? 1U : 0U);
  // Nothing follows a FIN, so only a RST that stands right behind it can have followed.
  const bool fits = r.sender_has_seq && after(end, r.sender_snd_nxt) && at_or_before(end, r.seq) &&
                    (!s.flags.fin || end == r.seq);
  // Up to the RST's own number and with no newer time stamp it was sent before, however late it is.
  const bool stamped_before =
      r.has_ts && s.options.has_timestamps && end == r.seq && !newer_stamp(s.options.ts_value, r.sender_ts);
  if (!fits || (!stamped_before && s.time_ns - r.at.time_ns > reordering_slack_ns(c))) return;
  r.sender_snd_nxt = end;
  if (s.flags.fin) r.sender_fin_sent = true;
  if (r.seq != end) return;
  r.fin_unseen = false;
  r.acceptance = acceptance_of(c, r);
  c.reset_taken = c.reset_taken || is_taken(r.acceptance);
}

// The segment that a RST without ACK answers, captured behind it (reordering). A pure ACK that
// came before is a worse answer to why: most are answered by nothing.
void take_overtaken_trigger(const Connection& c, Reset& r, const Segment& s, SegmentKind kind) {
  const bool asks = kind != SegmentKind::pure_ack;
  const bool has_better = r.trigger.seen() && r.trigger.kind != SegmentKind::pure_ack;
  if (r.has_ack || has_better || !s.flags.ack || s.ack != r.seq || !asks) return;
  if (s.time_ns - r.at.time_ns > reordering_slack_ns(c)) return;
  const bool is_activity = c.last_activity.frame == s.frame;
  r.idle_ns = is_activity ? c.quiet_before_ns : s.time_ns - c.last_activity.time_ns;
  r.trigger = {.at = moment(s),
               .seq = s.seq,
               .ack = s.ack,
               .length = s.payload_length,
               .fin = s.flags.fin,
               .syn = s.flags.syn,
               .kind = kind,
               .window = s.window,
               .ip_id = s.ip_id,
               .has_ip_id = s.has_ip_id,
               .earliest = moment(s)};
}

// Data or a FIN captured behind the RST whose ACK field covers it: its sender had it before.
void take_overtaken_data(const Connection& c, Reset& r, const Segment& s) {
  const Seq data_end = s.seq + s.payload_length;
  const Seq end = data_end + (s.flags.fin ? 1U : 0U);
  const bool fits =
      r.has_ack && r.receiver_has_seq && at_or_before(end, r.ack) && after(end, r.receiver_snd_nxt);
  if (!fits || s.time_ns - r.at.time_ns > reordering_slack_ns(c)) return;
  r.receiver_snd_nxt = end;
  r.receiver_data_end = data_end;
  if (s.flags.fin) {
    r.receiver_fin_sent = true;
    r.fin_unseen = false;
  }
  r.receiver_bytes = c.side(other(r.sender)).bytes;
}

// What the purported sender says after its RST.
void note_sender_after(Connection& c, Reset& r, const Segment& s) {
  const Moment now = moment(s);
  take_overtaken(c, r, s);
  if (s.flags.syn) {
    // A SYN-ACK for the very SYN that was refused: the server never refused it.
    const bool same_try = c.side(other(r.sender)).last_syn.frame < r.at.frame;
    if (s.flags.ack && same_try && !r.sender_sent_more.seen()) r.sender_sent_more = now;
    return;
  }
  const SentAfter sent = sent_after(c, r, s);
  if (sent == SentAfter::no) return;
  const Seq end = s.seq + s.payload_length + (s.flags.fin ? 1U : 0U);
  const bool takes_space = s.payload_length > 0 || s.flags.fin;
  const bool proven_new = s.options.has_timestamps || after(end, later_of(r.seq, r.sender_highest));
  const bool sent_more = takes_space && proven_new;
  if (sent_more && !r.sender_sent_more.seen()) {
    r.sender_sent_more = now;
    r.sent_more_by_time = sent == SentAfter::perhaps;
  }
  if (sent == SentAfter::perhaps && !sent_more) return;
  const bool acks_more = s.flags.ack && r.sender_has_rcv_nxt && after(s.ack, r.sender_highest_ack);
  if (acks_more && sent == SentAfter::proven && !r.sender_acked_more.seen()) r.sender_acked_more = now;
  const bool mute = r.trigger.length > 0 && s.flags.ack && at_or_before(s.ack, r.trigger.seq);
  if (mute && !r.sender_kept_mute.seen()) r.sender_kept_mute = now;
}

void note_receiver_after(Reset& r, const Segment& s) {
  const Moment now = moment(s);
  const bool pure_ack = s.flags.ack && s.payload_length == 0 && !s.flags.fin && !s.flags.syn;
  if (!r.receiver_spoke.seen()) {
    r.receiver_spoke = now;
    const bool unchanged = r.receiver_has_ack && s.ack == r.receiver_rcv_nxt && s.seq == r.receiver_snd_nxt;
    if (pure_ack && unchanged && r.seq != r.receiver_rcv_nxt) r.challenge = now;
  }
  if (!s.flags.ack) return;
  // What the RST echoes is the newest that its sender had (RFC 7323 §4.3).
  const bool came_later = r.has_ts && s.options.has_timestamps && newer_stamp(s.options.ts_value, r.ts_echo);
  const bool soon = s.time_ns - r.at.time_ns <= threshold::kReordering;
  const bool more = r.receiver_has_ack && after(s.ack, r.receiver_rcv_nxt);
  if (more && soon && !came_later && !r.acked_beside.seen()) r.acked_beside = now;
  r.receiver_ack_after = r.receiver_acked.seen() ? later_of(r.receiver_ack_after, s.ack) : s.ack;
  r.receiver_acked = now;
}

}  // namespace

void fold_aftermath(Connection& c, Side side, const Segment& s, SegmentKind kind) {
  for (std::size_t i = 0; i < c.resets.kept(); ++i) {
    Reset& r = c.resets[i];
    if (side == r.sender) {
      note_sender_after(c, r, s);
    } else {
      take_overtaken_trigger(c, r, s, kind);
      take_overtaken_data(c, r, s);
      note_receiver_after(r, s);
    }
  }
}

}  // namespace tcpteardown::folding
