// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/words_families.h"

// Connections that one side closed and the other did not.
namespace tcpteardown {
namespace {

constexpr std::array kWords{
    Words{
        .slug = "half-closed-active",
        .sentence = "{first} finished sending ({fin_first}) and {still_active}",
        .account = "{the_first} sent its FIN and will send no more ({fin_first_story}). The other "
                   "direction stays open until {the_second} closes it: {still_active}. Nothing is wrong "
                   "with that; the capture does not show how it ended.",
        .advice = "capture longer to see the end: the second FIN, or a RST that answers the data.",
        .meaning = "One side closed, and the other direction was still in use when the capture ended.",
        .ladder = "client server\n"
                  "> FIN\n"
                  "< data\n"
                  "> ACK\n"
                  "< data # the capture ends here",
        .applications = "The side that closed still reads data; no error so far.",
        .confused_with = "`half-closed-idle`, where the open direction is silent.",
    },
    Words{
        .slug = "half-closed-idle",
        .sentence = "{first} closed ({fin_first}), {second}{leak_summary}",
        .account = "{the_first} closed ({fin_first_story}), so {the_second} knows of it. {leak_story}{apps}",
        .advice = "{leak_advice}",
        .meaning = "One side closed and had its FIN acknowledged; the other said nothing any more and "
                   "never closed. Many of these are a leak of sockets in CLOSE-WAIT.",
        .ladder = "client server\n"
                  "> FIN\n"
                  "< ACK # the server's system knows\n"
                  "- silence: the server's program does not close",
        .applications =
            "The side that must close can read the end of the data at any time; no error forces it to.",
        .confused_with = "`half-closed-active`, and a capture that simply stopped before the second FIN: "
                         "look at the time that is named.",
    },
    Words{
        .slug = "half-closed-fin-unacked",
        .sentence = "no ACK of {first}'s FIN in frame {fin_first_frame}{fin_repeats} was seen from "
                    "{second}{orphan_reset}{loss}",
        .account =
            "{the_first} closed with FIN in frame {fin_first_frame}{fin_repeats} and no ACK of it is in "
            "this capture{orphan_reset}. {the_second} was gone, could not be reached, or a device on the "
            "way dropped the FIN. Linux gives a closed socket up after some repetitions without a RST, so "
            "its end does not show.{apps}",
        .advice = "capture at {the_second}: did the FIN arrive there? If not, look at firewalls and load "
                  "balancers that forget a connection at the first FIN; if it did, look for the ACK on "
                  "the way back.",
        .meaning = "A FIN was sent, usually several times, and never acknowledged.",
        .ladder = "client server\n"
                  "> FIN\n"
                  "> FIN # again and again, each time later\n"
                  "- no ACK",
        .applications = "The program that closed sees nothing: its close() had returned. The other one "
                        "goes on waiting and finds out when it next writes.",
        .confused_with = "`graceful-unconfirmed`, where both sides sent a FIN.",
    },
};

}  // namespace

std::span<const Words> words_of_half_closed() { return kWords; }

}  // namespace tcpteardown
