// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/pages.h"
#include "verdict/catalogue.h"

// Connections that both sides closed.
namespace tcpteardown {
namespace {

constexpr std::array kPages{
    Page{
        .id = "graceful"_verdict,
        .meaning = "Both sides said that they were done, and each had the other's word acknowledged.",
        .ladder = "client server\n> FIN # who closes first\n< ACK # often in one segment with the next\n< "
                  "FIN\n> ACK",
        .applications = "Both read the end of the data (recv() returns 0). No error.",
        .confused_with = "`graceful-half-close` when much lies between the two FINs; `half-closed-idle` when "
                         "the second FIN is still missing.",
    },
    Page{
        .id = "graceful-simultaneous"_verdict,
        .meaning = "Both sides closed before either had heard of the other's closing.",
        .ladder = "client server\n> FIN\n< FIN # does not acknowledge the other\n> ACK\n< ACK",
        .applications = "Both had closed already. No error.",
        .confused_with = "`graceful`: the order of the frames does not tell the two apart, the ACK numbers "
                         "of the FINs do.",
    },
    Page{
        .id = "graceful-half-close"_verdict,
        .meaning = "One side had finished sending and told so with a FIN; the other used the still open "
                   "direction for more data before it closed too.",
        .ladder = "client server\n> FIN # shutdown(SHUT_WR): no more from here\n< ACK\n< data # still "
                  "welcome\n> ACK\n< FIN\n> ACK",
        .applications = "Both read all data and then the end of it. No error.",
        .confused_with = "`data-after-close`: on the wire it starts the same, but there a RST answers the "
                         "data because the first side had closed for good.",
    },
    Page{
        .id = "graceful-unconfirmed"_verdict,
        .meaning = "Both sides closed, but the capture does not show that both FINs arrived.",
        .ladder = "client server\n> FIN\n< FIN,ACK\n- the last ACK is not seen",
        .applications = "Usually no error at either end.",
        .confused_with = "`half-closed-fin-unacked`, where the other side never closed.",
    },
    Page{
        .id = "graceful-then-reset"_verdict,
        .meaning = "The connection had been closed by both sides when a RST came: it ends nothing and loses "
                   "nothing.",
        .ladder = "client server\n> FIN\n< FIN,ACK\n> ACK # closed\n< RST # too late to matter",
        .applications = "Both had read the end of the data before. No error.",
        .confused_with = "Every abort: tools that count RSTs report this one as a failure. The FINs and "
                         "their ACKs decide.",
    },
};

}  // namespace

std::span<const Page> pages_of_graceful() { return kPages; }

}  // namespace tcpteardown
