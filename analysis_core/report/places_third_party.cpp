// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/phrasing.h"
#include "report/places.h"

// What shows that the purported sender of a RST did not send it.
namespace tcpteardown {
namespace {

// The first segment that its sender would not have sent after a reset of its own.
const Moment& proof(const Reset& r) {
  const bool sent = r.sender_sent_more.seen();
  const bool acked = r.sender_acked_more.seen();
  return sent && (!acked || r.sender_sent_more.frame <= r.sender_acked_more.frame) ? r.sender_sent_more
                                                                                   : r.sender_acked_more;
}

// The last RST of that side; the burst that guesses ahead ends there.
const Reset& last_of_burst(const Scene& s) {
  const Reset* last = &s.rst();
  for (std::size_t i = 0; i < s.t().reset_count; ++i) {
    const Reset& r = s.t().resets[i].facts;
    if (r.sender == s.closer && r.at.frame > last->at.frame) last = &r;
  }
  return *last;
}

std::string went_on(const Scene& s) {
  if (s.reset == nullptr) return "";
  const Moment& seen = proof(s.rst());
  if (!seen.seen()) {
    return "had sent nothing near the numbers of the RSTs up to " + in_frame(last_of_burst(s).at.frame);
  }
  const bool sent = seen.frame == s.rst().sender_sent_more.frame;
  return (sent ? "went on sending in " : "went on acknowledging in ") + in_frame(seen.frame);
}

std::string not_its_own(const Scene& s) {
  if (s.reset == nullptr) return "";
  const Reset& r = s.rst();
  if (proof(r).seen()) {
    return role(s, s.closer) + ' ' + went_on(s) + ", which no system does that has reset a connection";
  }
  const Reset& last = last_of_burst(s);
  const std::int32_t ahead = distance(r.sender_snd_nxt, last.seq);
  return "RSTs with rising numbers came up to " + in_frame(last.at.frame) + ", " +
         byte_count(ahead > 0 ? static_cast<std::uint64_t>(ahead) : 0) + " ahead of all that " +
         role(s, s.closer) + " had sent and with nothing to answer: somebody guessed, and a host need not";
}

// What could deceive here, and why it does not.
std::string against(const Scene& s) {
  if (s.reset == nullptr) return "";
  const Moment& seen = proof(s.rst());
  if (!seen.seen())
    return " Only a capture that misses data of that side could deceive here, and no gap shows.";
  return " Only a segment sent before the RST and delayed could deceive here; " + in_frame(seen.frame) +
         " came " + duration(between(s.rst().at, seen)) +
         " behind it and counts because its numbers or its time stamp are newer.";
}

std::string mute_frame(const Scene& s) {
  return std::to_string(s.reset == nullptr ? 0 : s.rst().sender_kept_mute.frame);
}

constexpr std::array kThirdPartyPlaces{
    Place{"went_on", "went on", went_on},
    Place{"not_its_own", "its sender went on", not_its_own},
    Place{"against", "", against},
    Place{"mute_frame", "N", mute_frame},
};

}  // namespace

std::span<const Place> third_party_places() { return kThirdPartyPlaces; }

}  // namespace tcpteardown
