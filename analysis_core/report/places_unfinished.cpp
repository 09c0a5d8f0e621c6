// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/phrasing.h"
#include "report/places.h"
#include "verdict/facts.h"

// An ending in order can still cut the programs short, and a host without the connection may be the
// one whose program had just closed it.
namespace tcpteardown {
namespace {

std::string all_arrived(const Scene& s) {
  const std::uint64_t missing = response_short_by(s);
  if (missing > 0) return "but the HTTP response ended " + byte_count(missing) + " short";
  return lacks_last_chunk(s) ? "but the HTTP response lacks its last chunk" : "no data is lost";
}

std::string everything(const Scene& s) {
  const bool is_empty = s.end(s.client).bytes == 0 && s.end(s.server()).bytes == 0;
  return is_empty ? "; there was none" : ", so everything arrived (" + totals(s) + ")";
}

std::string usual_closing_advice(const Scene& s) {
  if (s.is("graceful-half-close")) {
    return "nothing to repair: this is how a half-closed connection is meant to work. The transfer ended "
           "with the second FIN, not with the first.";
  }
  if (s.is("graceful-then-reset")) {
    return "nothing to repair. Do not count this RST as a failure in statistics.";
  }
  return "nothing to repair in this ending. If a program complained at that time, read what the last data "
         "said, or look for another connection of the same hosts.";
}

// Who closed first broke the exchange off; for TCP it was still a close in order.
std::string closing_advice(const Scene& s) {
  const bool is_short = response_short_by(s) > 0 || lacks_last_chunk(s);
  if (!is_short && !request_unanswered(s)) return usual_closing_advice(s);
  const PayloadContext& request = s.end(s.client).payload;
  const Moment& fin = s.end(s.first).fin.first;
  const std::string after = fin.seen() && between(request.message, fin) > 0
                                ? ", " + duration(between(request.message, fin)) + " after its request"
                                : "";
  if (s.first == s.client) {
    return "TCP did its part, and the client's program closed before it had " +
           std::string(is_short ? "the whole response" : "a response") + after +
           ": compare that with its time-outs, and ask whether somebody cancelled it.";
  }
  return "TCP did its part, and the server's program closed before it had sent " +
         std::string(is_short ? "the whole response" : "a response") + ": look at its log at the time of " +
         (fin.seen() ? in_frame(fin.frame) : std::string("its FIN")) +
         " (a worker that ended or was restarted, a time-out for reading or sending, an upstream that "
         "broke off).";
}

// A host that spoke a moment ago has not restarted since, and no NAT has forgotten it.
std::string lost_story(const Scene& s) {
  if (s.reset == nullptr || !facts::resetter_spoke_just_before(s.t())) {
    return "A restart or crash, a failover, a FIN that was lost on its way, and a NAT, firewall or load "
           "balancer that had forgotten the connection and answers in the host's name look the same.";
  }
  const Moment& last = s.rst().sender_last_before;
  return "It had spoken only " + duration(between(last, s.rst().at)) + " before, in " + in_frame(last.frame) +
         ", so it hardly restarted: more likely its program had closed, and its FIN was still waiting behind "
         "other data or is not in the capture.";
}

constexpr std::array kUnfinishedPlaces{
    Place{"everything", ", so everything arrived", everything},
    Place{"all_arrived", "no data is lost", all_arrived},
    Place{"closing_advice",
          "nothing to repair in this ending. If a program complained at that time, read what the last data "
          "said: an exchange that was cut short was cut short by the program that closed first.",
          closing_advice},
    Place{"half_close_advice",
          "nothing to repair: this is how a half-closed connection is meant to work. The transfer ended with "
          "the second FIN, not with the first.",
          closing_advice},
    Place{"late_reset_advice", "nothing to repair. Do not count this RST as a failure in statistics.",
          closing_advice},
    Place{"lost_story",
          "A restart or crash, a failover, a FIN that was lost on its way, and a NAT, firewall or load "
          "balancer that had forgotten the connection and answers in the host's name look the same.",
          lost_story},
};

}  // namespace

std::span<const Place> unfinished_places() { return kUnfinishedPlaces; }

}  // namespace tcpteardown
