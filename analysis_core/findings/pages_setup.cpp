// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/pages.h"
#include "verdict/catalogue.h"

// Connections that were never established.
namespace tcpteardown {
namespace {

constexpr std::array kPages{
    Page{
        .id = "setup-no-reply"_verdict,
        .meaning = "The client asked for a connection, once or several times, and nothing came back: no "
                   "SYN-ACK, no RST, no ICMP error. The capture goes on long enough to expect an answer.",
        .ladder = "client server\n> SYN # frame N\n> SYN # the same again after about 1 s, 2 s ...\n> SYN # "
                  "nothing comes back",
        .applications = "The client's connect() blocks and ends with ETIMEDOUT when all repetitions are used "
                        "up (about two minutes with Linux's defaults), or with the program's own, shorter "
                        "time-out. The server's application sees nothing.",
        .confused_with = "`setup-refused`, where somebody did answer. A capture of only one direction looks "
                         "the same: check that other connections of this capture show both directions.",
    },
    Page{
        .id = "setup-refused"_verdict,
        .meaning = "The SYN was answered with a RST that acknowledges it: nobody takes connections there.",
        .ladder = "client server\n> SYN # frame N\n< RST,ACK # sequence number 0, acknowledges the SYN",
        .applications =
            "The client's connect() fails at once with ECONNREFUSED. The server's application sees nothing.",
        .confused_with =
            "`abort-before-response`: there the handshake was complete, connect() succeeded, and the reset "
            "came after it. A reset after the handshake is never \"connection refused\".",
    },
    Page{
        .id = "setup-unreachable"_verdict,
        .meaning = "An ICMP or ICMPv6 error that quotes the SYN came back instead of an answer. Linux ends "
                   "connect() on any of them while it waits for the SYN-ACK.",
        .ladder = "client router\n> SYN # frame N\n< ICMP unreachable # quotes the SYN; says who and why",
        .applications = "The client's connect() fails with ECONNREFUSED (port unreachable), EHOSTUNREACH "
                        "(host unreachable, prohibited) or ENETUNREACH (no route).",
        .confused_with = "`setup-no-reply`, if the capture misses the ICMP error, for example because of a "
                         "capture filter \"tcp\".",
    },
    Page{
        .id = "setup-synack-unanswered"_verdict,
        .meaning = "The server answered the SYN, but the third step of the handshake was never seen; or the "
                   "client's system reset the answer while its socket went on sending SYNs.",
        .ladder = "client server\n> SYN # frame N\n< SYN-ACK\n< SYN-ACK # repeated\n- no ACK is seen",
        .applications = "The server's application is not told of the attempt. What the client's application "
                        "sees depends on whether the SYN-ACK reached it.",
        .confused_with =
            "`open`: if the client's ACK merely escaped the capture, later segments of the client show it. A "
            "server with TCP_DEFER_ACCEPT also repeats its SYN-ACK while it waits for data.",
    },
    Page{
        .id = "setup-not-accepted"_verdict,
        .meaning =
            "The client acknowledged the SYN-ACK and holds the connection for established. The server goes "
            "on repeating its SYN-ACK, or resets what comes: it is alive and never took the connection.",
        .ladder = "client server\n> SYN # frame N\n< SYN-ACK\n> ACK # and perhaps data\n< SYN-ACK # again "
                  "after about 1 s, 2 s ...\n> data # repeated in vain, or met by a RST",
        .applications = "The client's connect() has succeeded; then it waits, until ETIMEDOUT or ECONNRESET. "
                        "The server's application sees nothing.",
        .confused_with = "`peer-lost-state`, where the server had taken the connection, and "
                         "`abort-before-response`, where its application had.",
    },
    Page{
        .id = "setup-answered-elsewhere"_verdict,
        .meaning = "The client asked one address and was answered by another one: the SYN-ACK acknowledges "
                   "that very SYN. An address translation on the way there was not undone on the way back.",
        .ladder =
            "client server\n> SYN # to the address that was asked\n< SYN-ACK # from another address, ACK = "
            "the SYN's number + 1\n> RST # to that address: nobody asked it\n> SYN # the same again",
        .applications = "The client's connect() waits as if nothing had come, and ends with ETIMEDOUT or the "
                        "program's own time-out. The server's application sees nothing.",
        .confused_with = "`setup-no-reply`, if the capture filter shows only the address that was asked, and "
                         "`setup-cancelled`, if it shows only the other one.",
    },
    Page{
        .id = "setup-cancelled"_verdict,
        .meaning = "The client itself reset the connection before the handshake was complete.",
        .ladder = "client server\n> SYN # frame N\n< SYN-ACK\n> RST # instead of the ACK",
        .applications = "The server's application sees nothing. The client's had given up before.",
        .confused_with = "`setup-refused`, where the RST comes from the other side, and `setup-bad-synack`, "
                         "where the SYN-ACK gave a reason.",
    },
    Page{
        .id = "setup-bad-synack"_verdict,
        .meaning = "The SYN-ACK acknowledges a sequence number that the client did not send. A client "
                   "answers that with a RST and stays in SYN-SENT.",
        .ladder = "client server\n> SYN seq 1000\n< SYN-ACK ack 7777 # should be 1001\n> RST seq 7777 # and "
                  "the SYN is repeated",
        .applications = "Usually nothing: the client's stack repeats the SYN by itself and connect() merely "
                        "takes longer.",
        .confused_with = "`setup-stale-peer`, where the answer is an ACK without SYN.",
    },
    Page{
        .id = "setup-stale-peer"_verdict,
        .meaning = "The server answered a new SYN with an ACK that belongs to an older connection of the "
                   "same ports, which only the server still knew (a half-open connection).",
        .ladder = "client server\n> SYN # a new connection\n< ACK # numbers of the old one\n> RST # ends the "
                  "old one\n> SYN # the retry usually works",
        .applications = "The client's connect() succeeds a little later. The application that held the old "
                        "connection at the server gets ECONNRESET.",
        .confused_with =
            "`restart-same-ports`, the same story where the capture also shows the old connection alive.",
        .harmless_form = "The capture shows the old connection closed in order by both sides: only its "
                         "TIME-WAIT is left, and no application sees anything.",
    },
};

}  // namespace

std::span<const Page> pages_of_setup() { return kPages; }

}  // namespace tcpteardown
