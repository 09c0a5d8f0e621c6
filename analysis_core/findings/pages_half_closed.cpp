// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/pages.h"
#include "verdict/catalogue.h"

// Connections that one side closed and the other did not.
namespace tcpteardown {
namespace {

constexpr std::array kPages{
    Page{
        .id = "half-closed-active"_verdict,
        .meaning = "One side closed, and the other direction was still in use when the capture ended.",
        .ladder = "client server\n> FIN\n< data\n> ACK\n< data # the capture ends here",
        .applications = "The side that closed still reads data; no error so far.",
        .confused_with = "`half-closed-idle`, where the open direction is silent.",
    },
    Page{
        .id = "half-closed-idle"_verdict,
        .meaning = "One side closed and had its FIN acknowledged; the other said nothing any more and never "
                   "closed. Many of these are a leak of sockets in CLOSE-WAIT.",
        .ladder = "client server\n> FIN\n< ACK # the server's system knows\n- silence: the server's program "
                  "does not close",
        .applications =
            "The side that must close can read the end of the data at any time; no error forces it to.",
        .confused_with = "`half-closed-active`, and a capture that simply stopped before the second FIN: "
                         "look at the time that is named.",
        .harmless_form = "The capture ends within seconds of the FIN, so the second FIN may simply have come "
                         "later: severity chat.",
    },
    Page{
        .id = "half-closed-fin-unacked"_verdict,
        .meaning = "A FIN was sent, usually several times, and never acknowledged.",
        .ladder = "client server\n> FIN\n> FIN # again and again, each time later\n- no ACK",
        .applications = "The program that closed sees nothing: its close() had returned. The other one goes "
                        "on waiting and finds out when it next writes.",
        .confused_with = "`graceful-unconfirmed`, where both sides sent a FIN.",
    },
};

}  // namespace

std::span<const Page> pages_of_half_closed() { return kPages; }

}  // namespace tcpteardown
