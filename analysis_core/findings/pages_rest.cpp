// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/pages.h"
#include "verdict/catalogue.h"

// Endings that somebody else made, and connections whose end is not in the capture.
namespace tcpteardown {
namespace {

constexpr std::array kPages{
    Page{
        .id = "fin-injected"_verdict,
        .meaning = "The FIN that ended the connection has hard evidence against its sender's address: the "
                   "host that it names never sent it. Whoever received it took what it had for the whole.",
        .ladder = "client server\n> data\n< FIN # the server's address, somebody else's packet\n> FIN # the "
                  "client believes it and closes\n< data # the real server answers\n> RST # too late",
        .applications = "The side that took the FIN reads the end of the stream, which looks like success. "
                        "The other gets ECONNRESET when it next sends, or nothing.",
        .confused_with = "`graceful` and `keepalive-race`, where the host that closed sends nothing more at "
                         "the number of its FIN. A hop limit of its own alone only makes a FIN doubtful.",
    },
    Page{
        .id = "midpath-reject"_verdict,
        .meaning = "The RST was an answer to a segment that the host it seems to come from never saw: "
                   "something between rejected the segment and told only its sender.",
        .ladder = "client server\nx> data # stopped by a device between\n< RST # from the device, with the "
                  "server's address\n< data # the server goes on as if nothing had been\n> RST # now the "
                  "client has no such connection",
        .applications =
            "The side that was rejected gets ECONNRESET at once, the other later when it next sends.",
        .confused_with = "`peer-lost-state`: there the host that reset is not heard of again.",
    },
    Page{
        .id = "reset-injected"_verdict,
        .meaning = "The RST that ended the connection has hard evidence against its sender's address: the "
                   "host that it names did not know of it and went on.",
        .ladder = "client server\n> data\n< RST # the server's address, somebody else's packet\n< data # the "
                  "real server goes on",
        .applications = "The side that took the RST gets ECONNRESET; the other one soon after, when its "
                        "segments meet no socket.",
        .confused_with = "`midpath-reject`, where the RST answers a segment that was kept from its receiver. "
                         "A RST with an unusual hop limit alone is a hint and not this verdict.",
    },
    Page{
        .id = "open"_verdict,
        .meaning = "The capture shows no end of this connection.",
        .ladder = "client server\n> data\n< ACK\n- the capture ends",
        .applications = "Nothing so far.",
        .confused_with =
            "A time-out: silence is only called one where repeated segments or probes went unanswered.",
    },
    Page{
        .id = "inconclusive"_verdict,
        .meaning = "The evidence is one-sided or contradicts itself, and a guess would be worth less than "
                   "saying so.",
        .ladder = "client server\n< RST # and nothing else was captured",
        .applications = "Not known.",
        .confused_with = "`open`, where the capture is good but ends too early.",
    },
};

}  // namespace

std::span<const Page> pages_of_the_rest() { return kPages; }

}  // namespace tcpteardown
