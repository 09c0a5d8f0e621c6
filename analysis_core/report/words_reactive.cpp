// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "report/words_families.h"

// Connections that ended when a segment met a socket that was no longer there.
namespace tcpteardown {
namespace {

constexpr std::array kWords{
    Words{
        .slug = "data-after-close",
        .sentence =
            "{closer} had closed ({fin_closer}); {peer} sent more in frame {trigger_frame} and got RST in "
            "frame {rst_frame}; {rejected}",
        .account = "{the_closer} had closed for good ({fin_closer_story}). {the_peer} then sent "
                   "{late_what}{trigger_after_fin}, and the RST in frame "
                   "{rst_frame}{more_resets_of_closer} is the closed socket's answer: {rejected}. "
                   "{late_data_story}{apps}",
        .advice = "{late_data_advice}",
        .meaning = "One side had closed; the other knew of the FIN, sent data all the same, and the "
                   "closed socket answered with a RST.",
        .ladder = "client server\n"
                  "< FIN # the server closes\n"
                  "> ACK\n"
                  "> data\n"
                  "< RST # nobody reads that any more",
        .applications = "The side that wrote read the end of the data before; its next write fails with "
                        "EPIPE, on Linux without ECONNRESET.",
        .confused_with = "`keepalive-race`, where the data had left before the FIN arrived, and "
                         "`graceful-half-close`, where the first side still wanted the data.",
    },
    Words{
        .slug = "keepalive-race",
        .sentence = "{closer} closed ({fin_closer}) while {trigger_what} of {peer} (frame "
                    "{trigger_frame}) crossed that FIN; RST in frame {rst_frame}: {race_result}",
        .account = "{the_closer} closed ({fin_closer_story}). Frame {trigger_frame} of {the_peer} "
                   "({trigger_what}) does not acknowledge that FIN: it had left before {the_peer} knew of "
                   "it, and met a closed socket, which answered with RST in frame "
                   "{rst_frame}{more_resets_of_closer}. {race_story}{apps}",
        .advice = "{race_advice}",
        .meaning = "One side closed an idle connection at the very moment when the other used it again: "
                   "request and FIN crossed.",
        .ladder = "client server\n"
                  "< FIN # idle time-out\n"
                  "> request # sent before the FIN arrived\n"
                  "< RST",
        .applications = "The side that sent the request gets ECONNRESET, or the end of the data and then "
                        "EPIPE. HTTP clients report \"socket hang up\" or a proxy's 502.",
        .confused_with =
            "`data-after-close`: the ACK number of the request tells. If it covers the FIN, it was no race.",
    },
    Words{
        .slug = "peer-lost-state",
        .sentence = "{closer} no longer knew the connection: it answered {trigger_what} of {peer} in "
                    "frame {trigger_frame}{trigger_idle} with RST in frame {rst_frame}{loss}",
        .account = "{the_peer} sent {trigger_what} in frame {trigger_frame}{trigger_idle} and the answer "
                   "was RST in frame {rst_frame}{more_resets_of_closer}. No FIN of {the_closer} is in "
                   "this capture: its end of the connection was gone without a word. "
                   "{lost_story}{apps}",
        .advice = "compare the hop limit (TTL) of frame {rst_frame} with {the_closer}'s earlier packets: "
                  "if it differs, a device between sent the RST. Look for a restart or failover of "
                  "{the_closer} in the time before, and for idle timers of NAT, firewall and load "
                  "balancer; keep-alives shorter than those keep the entry alive.",
        .meaning = "A segment of a connection that was open on one side met a host, or a device in its "
                   "place, that knew nothing of it.",
        .ladder = "client server\n"
                  "- silence; the server restarts, or a NAT forgets\n"
                  "> data # or a keep-alive probe\n"
                  "< RST",
        .applications = "The side that still had the connection gets ECONNRESET. What it had sent is lost.",
        .confused_with = "`data-after-close` if the FIN was not captured, and `abort-idle`, where nothing "
                         "provoked the RST.",
    },
    Words{
        .slug = "fin-to-dead-peer",
        .sentence = "the FIN of {peer} in frame {trigger_frame} met a host that no longer had the "
                    "connection: RST from {closer} in frame {rst_frame}{loss}",
        .account = "{the_peer} closed with FIN in frame {trigger_frame}, and RST in frame {rst_frame} "
                   "answered it. No FIN of {the_closer} was seen: its end was gone before, without a word "
                   "in this capture. For {the_peer} the connection was over anyway.{apps}",
        .advice =
            "usually nothing to repair at the side that sent the FIN. If it happens often, find out what "
            "ends {the_closer}'s half silently: a restart, an idle timer in a NAT or firewall, or a "
            "time-out that closes without FIN.",
        .meaning = "A FIN was answered with a RST by a side that never sent a FIN of its own.",
        .ladder = "client server\n"
                  "- the server's end disappears\n"
                  "> FIN\n"
                  "< RST",
        .applications = "Nothing: the close() had already returned.",
        .confused_with = "`abort-after-peer-fin`, where the other side is alive and uses RST,ACK to close.",
    },
    Words{
        .slug = "restart-same-ports",
        .sentence = "{closer} opened the connection anew in frame {inside_syn} while {peer} still held "
                    "the old one, which ended with RST in frame {rst_frame}; {next_connection}",
        .account = "the SYN in frame {inside_syn} came inside a connection that {the_peer} still held. "
                   "{the_peer} answered with an ACK of the old connection (frame {inside_challenge}), "
                   "{the_closer} did not know that one and reset it in frame {rst_frame}, as RFC 9293 "
                   "§3.5.1 has it; {next_connection}. {the_closer} had lost its state: a restart, or a "
                   "NAT that gave the port out again.{apps}",
        .advice = "look for a restart or crash of {the_closer} shortly before frame {inside_syn}, or for "
                  "a NAT whose entries expire earlier than connections do. What {the_peer} had still to "
                  "send is lost with the old connection.",
        .meaning =
            "One side started a new connection on the same ports while the other still held the old one.",
        .ladder = "client server\n"
                  "- an open connection; the client restarts\n"
                  "> SYN # same ports\n"
                  "< ACK # of the old connection\n"
                  "> RST # ends the old one\n"
                  "> SYN # the new one",
        .applications = "The program that held the old connection gets ECONNRESET; the new connection "
                        "opens a little later.",
        .confused_with = "`setup-stale-peer`, the same story when the capture starts after the old "
                         "connection fell silent.",
    },
};

}  // namespace

std::span<const Words> words_of_reactive() { return kWords; }

}  // namespace tcpteardown
