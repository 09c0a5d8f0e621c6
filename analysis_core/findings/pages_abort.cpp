// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "findings/pages.h"
#include "verdict/catalogue.h"

// Connections that one side's own system tore down.
namespace tcpteardown {
namespace {

constexpr std::string_view kOnlyAlert =
    "If all that was lost is one TLS alert (the close_notify with which TLS says good-bye), no data is "
    "missing: severity chat.";

constexpr std::array kPages{
    Page{
        .id = "abort-before-response"_verdict,
        .meaning =
            "The handshake was complete, and then the server reset the connection before it sent anything.",
        .ladder = "client server\n> SYN\n< SYN-ACK\n> ACK\n> request # maybe\n< RST,ACK # not one byte of an "
                  "answer",
        .applications = "The client gets ECONNRESET at its first read or write: never \"connection "
                        "refused\", because connect() had already succeeded. The server's application may "
                        "never have heard of the connection.",
        .confused_with =
            "`setup-refused` (RST instead of SYN-ACK), and `abort-no-data` if the client reset first.",
    },
    Page{
        .id = "abort-by-receiver"_verdict,
        .meaning = "The side that was receiving tore the connection down while its peer was still sending: "
                   "an aborted download or upload.",
        .ladder = "client server\n< data\n< data\n> ACK\n< data # still on its way\n> RST,ACK # the receiver "
                  "wants no more\n< data # lost",
        .applications = "The sender gets ECONNRESET (then EPIPE) when it next writes. The receiver's program "
                        "had given up before.",
        .confused_with = "A network fault: the RST of a receiver that aborts needs none. Window 0 in such a "
                         "RST is an operating system's habit and no closed window.",
        .harmless_form = kOnlyAlert,
    },
    Page{
        .id = "abort-by-sender"_verdict,
        .meaning =
            "The side that was sending reset the connection although its own data had not been acknowledged.",
        .ladder = "client server\n< data\n< data # not acknowledged yet\n< RST,ACK # from the same side",
        .applications = "The receiver gets ECONNRESET, perhaps after part of the data. The sender's program "
                        "saw its writes succeed.",
        .confused_with = "`timeout-retransmit-reset`, where the sender first repeated its data in vain.",
        .harmless_form = kOnlyAlert,
    },
    Page{
        .id = "abort-waiting"_verdict,
        .meaning = "One side sent its data, it was acknowledged, no answer came, and the same side reset the "
                   "connection: it gave up waiting.",
        .ladder = "client server\n> request\n< ACK # the server's system has it\n- time passes, no answer\n> "
                  "RST,ACK # the client gives up",
        .applications = "The side that reset knows why (its own time-out). The other one gets ECONNRESET "
                        "when it wants to answer.",
        .confused_with = "`abort-unanswered`, where the side that resets owes the answer, and "
                         "`timeout-retransmit`, where not even an ACK came.",
    },
    Page{
        .id = "abort-idle"_verdict,
        .meaning = "After a long time without data one side reset the connection; nothing was outstanding.",
        .ladder = "client server\n> request\n< answer\n> ACK\n- silence\n< RST,ACK",
        .applications = "The other side gets ECONNRESET when it next uses the connection, which is often "
                        "long after the RST.",
        .confused_with = "`peer-lost-state`, where the RST answers a segment after the silence, and "
                         "`timeout-keepalive`, where probes went unanswered before.",
    },
    Page{
        .id = "abort-unanswered"_verdict,
        .meaning = "The side that resets had received data, acknowledged it, and never answered it.",
        .ladder = "client server\n> request\n< ACK\n< RST,ACK # instead of the answer",
        .applications = "The side that waits for an answer gets ECONNRESET.",
        .confused_with = "`abort-waiting`, the mirror image, and `abort-before-response`, where the server "
                         "had not sent anything at all.",
        .harmless_form = kOnlyAlert,
    },
    Page{
        .id = "abort-as-close"_verdict,
        .meaning = "One side used a RST to close a connection on which nothing was outstanding.",
        .ladder = "client server\n> request\n< answer\n> ACK\n> RST,ACK # instead of FIN",
        .applications = "The other side gets ECONNRESET instead of the end of the data when it next reads. "
                        "Data that it already holds can still be read on Linux and BSD.",
        .confused_with =
            "`abort-by-receiver` and `abort-unanswered`, where something was lost or left without an answer.",
        .harmless_form = kOnlyAlert,
    },
    Page{
        .id = "abort-no-data"_verdict,
        .meaning = "A connection was opened, nothing was sent, and one side reset it.",
        .ladder = "client server\n> SYN\n< SYN-ACK\n> ACK\n> RST,ACK",
        .applications =
            "The other side gets ECONNRESET at accept(), read or write; many servers log that and no more.",
        .confused_with =
            "`abort-before-response`, where the server resets; `setup-cancelled`, where the ACK is missing.",
    },
    Page{
        .id = "abort-after-own-fin"_verdict,
        .meaning = "One side sent its FIN and, soon after, a RST of its own: it did not wait for the other "
                   "side's FIN.",
        .ladder = "client server\n> FIN\n< ACK # or nothing yet\n> RST,ACK # same side",
        .applications = "The other side reads the end of the data first; a later write fails with EPIPE. It "
                        "may never see ECONNRESET.",
        .confused_with =
            "`data-after-close`: there the RST, without ACK, answers data that came after the FIN.",
    },
    Page{
        .id = "abort-after-peer-fin"_verdict,
        .meaning =
            "One side closed with FIN, and the other answered with a RST rather than a FIN of its own.",
        .ladder = "client server\n> FIN\n< ACK\n< RST,ACK # where a FIN would do",
        .applications =
            "The side that closed usually sees nothing; only if it still reads does it get ECONNRESET.",
        .confused_with =
            "`fin-to-dead-peer`, where a RST without ACK answers the FIN because the peer was gone.",
        .harmless_form = kOnlyAlert,
    },
    Page{
        .id = "abort-crossed"_verdict,
        .meaning = "Both sides sent an active RST before either can have had the other's.",
        .ladder = "client server\n> RST,ACK\n< RST,ACK # within a round trip",
        .applications = "Both programs had given up before; neither sees an error of the other.",
        .confused_with =
            "`reset-injected`: a pair of RSTs in both directions at once is also a device's habit.",
    },
};

}  // namespace

std::span<const Page> pages_of_abort() { return kPages; }

}  // namespace tcpteardown
