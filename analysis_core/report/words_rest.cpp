// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/words_families.h"

// Endings that somebody else made, and connections whose end is not in the capture.
namespace tcpteardown {
namespace {

constexpr std::array kWords{
    Words{
        .slug = "midpath-reject",
        .sentence = "a device on the path rejected {trigger_what} of {peer} in frame {trigger_frame} with "
                    "RST in frame {rst_frame} in the name of {closer}, which never got that segment; "
                    "{rejected}",
        .account = "the RST in frame {rst_frame} answers {trigger_what} in frame {trigger_frame} in the "
                   "name of {the_closer}. But {the_closer} {went_on}, and frame {mute_frame} still does "
                   "not acknowledge that segment: it never arrived there. So a device between rejected it "
                   "(a firewall that rejects with a TCP reset, or one that had lost the "
                   "connection).{against}{apps}",
        .advice = "look at firewalls, NAT and load balancers between the two hosts at the time of frame "
                  "{trigger_frame}: a rule with a TCP reset, a policy or signature that fired, or an "
                  "expired or moved session. Captures at both ends at once show on which side of the "
                  "device the segment disappears.",
        .meaning = "The RST was an answer to a segment that the host it seems to come from never saw: "
                   "something between rejected the segment and told only its sender.",
        .ladder = "client server\n"
                  "x> data # stopped by a device between\n"
                  "< RST # from the device, with the server's address\n"
                  "< data # the server goes on as if nothing had been\n"
                  "> RST # now the client has no such connection",
        .applications =
            "The side that was rejected gets ECONNRESET at once, the other later when it next sends.",
        .confused_with = "`peer-lost-state`: there the host that reset is not heard of again.",
    },
    Words{
        .slug = "reset-injected",
        .sentence = "the RST in frame {rst_frame} that ended the connection was not sent by {closer}, "
                    "whose address it carries: that side {went_on}{loss}",
        .account = "the RST in frame {rst_frame} carries the address of {the_closer} and {the_peer} took "
                   "it, but {not_its_own}: a third party sent it.{against} Who it was does not show: "
                   "firewalls, intrusion prevention, load balancers, censors and attackers can do "
                   "it.{apps}",
        .advice = "capture at both ends at once: the forged RST is missing in the capture at {the_named}. "
                  "Follow its hop limit: how many routers away is a sender with that value? Then look at "
                  "the devices there.",
        .meaning = "The RST that ended the connection has hard evidence against its sender's address: the "
                   "host that it names did not know of it and went on.",
        .ladder = "client server\n"
                  "> data\n"
                  "< RST # the server's address, somebody else's packet\n"
                  "< data # the real server goes on",
        .applications = "The side that took the RST gets ECONNRESET; the other one soon after, when its "
                        "segments meet no socket.",
        .confused_with = "`midpath-reject`, where the RST answers a segment that was kept from its "
                         "receiver. A RST with an unusual hop limit alone is a hint and not this verdict.",
    },
    Words{
        .slug = "open",
        .sentence = "the connection between {client} and {server} does not end in this capture, which "
                    "{ends_after} (frame {last_frame}){pending}",
        .account = "no FIN is in the capture and no RST that ended the connection{in_vain}. The capture "
                   "{ends_after}, frame {last_frame}; sent so far: {totals}{pending}.",
        .advice = "capture longer if you need the end. Whether the connection lives can be asked at "
                  "either host (ss -tnp).",
        .meaning = "The capture shows no end of this connection.",
        .ladder = "client server\n"
                  "> data\n"
                  "< ACK\n"
                  "- the capture ends",
        .applications = "Nothing so far.",
        .confused_with =
            "A time-out: silence is only called one where repeated segments or probes went unanswered.",
    },
    Words{
        .slug = "inconclusive",
        .sentence = "how the connection between {client} and {server} ended cannot be told: "
                    "{why_unclear}{unclear_loss}",
        .account = "{why_unclear}. What the other side had sent, received or closed before decides what "
                   "this ending means, so no name is given to it.",
        .advice = "capture both directions from the start of the connection, best at one of the two "
                  "hosts, and without a filter that drops one direction.",
        .meaning = "The evidence is one-sided or contradicts itself, and a guess would be worth less than "
                   "saying so.",
        .ladder = "client server\n"
                  "< RST # and nothing else was captured",
        .applications = "Not known.",
        .confused_with = "`open`, where the capture is good but ends too early.",
    },
};

}  // namespace

std::span<const Words> words_of_the_rest() { return kWords; }

}  // namespace tcpteardown
