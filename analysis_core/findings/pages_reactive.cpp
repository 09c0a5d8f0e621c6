// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/pages.h"
#include "verdict/catalogue.h"

// Segments that met a closed or forgotten socket.
namespace tcpteardown {
namespace {

constexpr std::string_view kOnlyAlert =
    "If all that was lost is one TLS alert (the close_notify with which TLS says good-bye), no data is "
    "missing: severity chat.";

constexpr std::array kPages{
    Page{
        .id = "data-after-close"_verdict,
        .meaning = "One side had closed; the other knew of the FIN, sent data all the same, and the closed "
                   "socket answered with a RST.",
        .ladder =
            "client server\n< FIN # the server closes\n> ACK\n> data\n< RST # nobody reads that any more",
        .applications = "The side that wrote read the end of the data before; its next write fails with "
                        "EPIPE, on Linux without ECONNRESET.",
        .confused_with = "`keepalive-race`, where the data had left before the FIN arrived, and "
                         "`graceful-half-close`, where the first side still wanted the data.",
        .harmless_form = kOnlyAlert,
    },
    Page{
        .id = "keepalive-race"_verdict,
        .meaning = "One side closed an idle connection at the very moment when the other used it again: "
                   "request and FIN crossed.",
        .ladder = "client server\n< FIN # idle time-out\n> request # sent before the FIN arrived\n< RST",
        .applications = "The side that sent the request gets ECONNRESET, or the end of the data and then "
                        "EPIPE. HTTP clients report \"socket hang up\" or a proxy's 502.",
        .confused_with =
            "`data-after-close`: the ACK number of the request tells. If it covers the FIN, it was no race. "
            "And `data-crossed-fin`, where the connection was not idle, or nothing was asked.",
        .harmless_form = kOnlyAlert,
    },
    Page{
        .id = "data-crossed-fin"_verdict,
        .meaning =
            "One side closed while data of the other was on its way: the rest of a transfer, an answer, "
            "something sent unasked. It crossed the FIN, and the closed socket answered it with a RST.",
        .ladder = "client server\n> request\n< data\n> FIN # the client closes in the middle\n< data # sent "
                  "before the FIN arrived\n> RST",
        .applications = "The side that was sending gets ECONNRESET, or the end of the data and then EPIPE. "
                        "What was acknowledged before may have been used.",
        .confused_with = "`keepalive-race`, where a new request crossed the FIN of a server that closed when "
                         "idle, and `data-after-close`, where the sender knew of the FIN.",
        .harmless_form = kOnlyAlert,
    },
    Page{
        .id = "peer-lost-state"_verdict,
        .meaning = "A segment of a connection that was open on one side met a host, or a device in its "
                   "place, that knew nothing of it.",
        .ladder = "client server\n- silence; the server restarts, or a NAT forgets\n> data # or a keep-alive "
                  "probe\n< RST",
        .applications = "The side that still had the connection gets ECONNRESET. What it had sent is lost.",
        .confused_with = "`data-after-close` if the FIN was not captured, and `abort-idle`, where nothing "
                         "provoked the RST.",
    },
    Page{
        .id = "fin-to-dead-peer"_verdict,
        .meaning = "A FIN was answered with a RST by a side that never sent a FIN of its own.",
        .ladder = "client server\n- the server's end disappears\n> FIN\n< RST",
        .applications = "Nothing: the close() had already returned.",
        .confused_with = "`abort-after-peer-fin`, where the other side is alive and uses RST,ACK to close.",
    },
    Page{
        .id = "restart-same-ports"_verdict,
        .meaning =
            "One side started a new connection on the same ports while the other still held the old one.",
        .ladder = "client server\n- an open connection; the client restarts\n> SYN # same ports\n< ACK # of "
                  "the old connection\n> RST # ends the old one\n> SYN # the new one",
        .applications = "The program that held the old connection gets ECONNRESET; the new connection opens "
                        "a little later.",
        .confused_with = "`setup-stale-peer`, the same story when the capture starts after the old "
                         "connection fell silent.",
    },
};

}  // namespace

std::span<const Page> pages_of_reactive() { return kPages; }

}  // namespace tcpteardown
